// One case of the matrix: a fault at one request of one path, and everything that must be true then.
import assert from 'node:assert/strict'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { TOKEN_CODES } from '../../../actions/backendless-login/outcomes.ts'
import { backendless, type SignInRecord, signIn } from '../sign-in.ts'
import { MARKER, type MatrixFault } from './fault.ts'
import { prepareSignIn, previousAddress } from './prepare-sign-in.ts'
import { type Effect, EXPECTED, PATHS, type PathName, type PathStep } from './sign-in-paths.ts'

/** In milliseconds: how much longer a sign-in may take on a busy machine. */
const TOLERANCE_MS = 750
const BUDGET_MS = 8000
const LONGEST_LINE = 256

/** A request of a sign-in: the path, and the position of the request in it. */
export interface RequestPosition {
  readonly path: PathName
  /** Counted from 0. */
  readonly at: number
}

/** All requests of all paths. */
export const REQUESTS: readonly RequestPosition[] = Object.keys(PATHS)
  .filter(isPath)
  .flatMap((path) => PATHS[path].steps.map((_, at) => ({ path, at })))

function isPath(name: string): name is PathName {
  return name in PATHS
}

/**
 * Runs the check for every request at the same time, and waits for all of them even if one fails: none may still run in the
 * next test.
 */
export async function atEveryRequest(
  apps: ReadonlyMap<RequestPosition, LocalBackendless>,
  check: (position: RequestPosition, app: LocalBackendless) => Promise<void>,
): Promise<void> {
  const results = await Promise.allSettled([...apps].map(([position, app]) => check(position, app)))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

let users = 0
/** Not ASCII, so that a wrong encoding is detected. */
export const newAddress = () => `zoë-${++users}@example.com`

/**
 * Signs a user in on this path, with the fault at this request. Throws if anything is not as documented. A fault on a new
 * connection gets an application of its own.
 */
export async function checkFault(
  shared: LocalBackendless,
  { path, at }: RequestPosition,
  fault: MatrixFault,
): Promise<void> {
  const steps: readonly PathStep[] = PATHS[path].steps
  const step = steps[at]
  if (!step || (fault.only !== undefined && fault.only !== step.request)) return
  const app = fault.connection === 'new' ? await backendless() : shared
  app.faults.clear()
  if (fault.connection === 'reused') await signIn(prepareSignIn('known', app, newAddress()))
  app.faults.add({ route: '*', nth: at + 1, times: fault.times ?? 1, fault: fault.fault })
  if (fault.connection === 'new') {
    app.faults.add({ route: '*', fault: { kind: 'rewrite', headers: { connection: 'close' } } })
  }
  const [effect, code] = fault.means(step)
  await checkFaultAt(app, { path, at }, newAddress(), effect, code, { budgetMs: fault.budgetMs ?? BUDGET_MS })
}

/** Signs in with the injected fault. */
export async function checkFaultAt(
  app: LocalBackendless,
  { path, at }: RequestPosition,
  email: string,
  effect: Effect,
  code: string,
  settings: { budgetMs: number; serverUrl?: string },
): Promise<void> {
  const { settings: own, ...options } = prepareSignIn(path, app, email)
  const began = performance.now()
  const record = await signIn({ ...options, settings: { ...own, ...settings } })
  const spentMs = performance.now() - began
  const where = `${PATHS[path].title}, request ${at + 1}`
  const line = record.lines[0] ?? ''
  assert.equal(
    `${where}: ${record.code} ${/ requests=(\d+) /.exec(line)?.[1]}`,
    `${where}: ${expected(path, at, effect, code)}`,
  )
  // A logout is not counted.
  const counted = record.requests.filter((request) => request !== 'GET /users/logout')
  assert.ok(counted.length <= Number(/ requests=(\d+) /.exec(line)?.[1]), where)
  assert.ok(spentMs <= settings.budgetMs + TOLERANCE_MS, `${where}: ${spentMs} ms`)
  assert.ok(record.lines.length === 1 && line.length <= LONGEST_LINE, where)
  checkWhatShows(app, record, email, where)
}

function checkWhatShows(app: LocalBackendless, record: SignInRecord, email: string, where: string): void {
  const { claim, code, denied, lines } = record
  const hasToken = TOKEN_CODES.some((one) => one === code)
  const row = app.ownerOf(String(claim))?.email
  if (!hasToken) assert.equal(claim, undefined, where)
  // The row may have its new address although the sign-in got no answer that shows it.
  else if (code === 'not_renamed') assert.ok(row === previousAddress(email) || row === email, where)
  else assert.equal(row, email, where)
  assert.equal(denied?.split(':')[0], hasToken ? undefined : code, where)
  for (const hidden of [MARKER, email, app.keys.rest, app.appId]) {
    assert.ok(!`${denied} ${lines.join('\n')} ${claim}`.includes(hidden), where)
  }
}

function expected(path: PathName, at: number, effect: Effect, code: string): string {
  const ends: readonly string[] = EXPECTED[effect][path]
  return (ends[at] ?? '').replace('=', code)
}
