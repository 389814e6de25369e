// One execution of the handler with any value as the event, because Auth0 calls it without types.
import assert from 'node:assert/strict'
import { mock } from 'node:test'
import type { PostLoginApi } from '../../../actions/backendless-login/auth0.ts'
import { handlePostLogin, type Instance } from '../../../actions/backendless-login/handler.ts'
import { GATE_SKIP_CODES, SENTENCES, TOKEN_CODES } from '../../../actions/backendless-login/outcomes.ts'

export interface Execution {
  readonly claims: readonly (readonly [name: string, value: unknown])[]
  /** The values to be written to `app_metadata`. */
  readonly metadata: readonly (readonly [name: string, value: unknown])[]
  readonly denials: readonly string[]
  readonly lines: readonly string[]
}

/**
 * Runs the handler once, and rejects if it does. Only one may run at a time, because all console output counts as its own.
 * `overrides`: replaced functions of Auth0. `write`: replaces the console's output.
 */
export async function execute(
  instance: Instance,
  event: unknown,
  overrides: Partial<PostLoginApi> = {},
  write: () => void = () => {},
): Promise<Execution> {
  const claims: [string, unknown][] = []
  const metadata: [string, unknown][] = []
  const denials: string[] = []
  const lines: string[] = []
  const api = {
    access: { deny: (reason: string) => denials.push(reason) },
    idToken: { setCustomClaim: (name: string, value: unknown) => claims.push([name, value]) },
    user: { setAppMetadata: (name: string, value: unknown) => metadata.push([name, value]) },
    ...overrides,
  }
  const log = mock.method(console, 'log', (...values: unknown[]) => {
    lines.push(values.join(' '))
    write()
  })
  try {
    await Reflect.apply(handlePostLogin, undefined, [instance, event, api])
  } finally {
    log.mock.restore()
  }
  return { claims, metadata, denials, lines }
}

const CODES = [...TOKEN_CODES, ...GATE_SKIP_CODES, ...Object.keys(SENTENCES)].join('|')
const REFERENCE = '[A-HJKMNP-Z2-9]{6}'

/** Matches a line with all possible fields and nothing else, so that it contains nothing from an event or an answer. */
const LINE = new RegExp(
  `^backendless-login outcome=(token|skip|deny) code=(${CODES}) ref=(${REFERENCE})( path=(known|new|unknown|moved|renamed))?` +
    ' requests=\\d ms=\\d+( retried=(login|register|change_password|rename))?( circuit=open)?( passwords=\\d)?( backendless=\\d+)?$',
)

/** Asserts what is true of every execution, and returns the outcome and its code. */
export function checkExecution({ claims, denials, lines }: Omit<Execution, 'metadata'>): {
  outcome: string
  code: string
} {
  assert.equal(lines.length, 1)
  const [line = ''] = lines
  assert.ok(line.length <= 256)
  const [, outcome = '', code = '', reference] =
    LINE.exec(line) ?? assert.fail(`a line of another form: ${line}`)
  const sentence = Object.entries(SENTENCES).find(([name]) => name === code)?.[1]
  const reason = `${code}: ${sentence} Reference: ${reference}`
  assert.deepEqual(denials, outcome === 'deny' ? [reason] : [])
  const [claim, ...more] = claims
  assert.deepEqual(more, [])
  if (outcome === 'token') assert.ok(claim && !claim[0].endsWith('Problem'))
  else if (outcome === 'deny' || sentence === undefined) assert.equal(claim, undefined)
  else assert.ok(claim?.[0].endsWith('Problem') && claim[1] === `${code} ${reference}`)
  return { outcome, code }
}
