import { Secret } from '../../actions/backendless-login/secret.ts'
import { TenantProblem } from '../auth0/problem.ts'
import { Tenant } from '../auth0/tenant.ts'
import { Problem } from '../problem.ts'
import { readStack, type StackReading } from '../stack/reading.ts'
import { Application } from './application.ts'
import { checkOwnerColumn, requireDeployed } from './deployed.ts'
import { readHistory } from './history.ts'
import type { PasswordsOptions } from './options.ts'
import { Pace } from './pace.ts'
import { type Output, Progress } from './progress.ts'
import { type Ask, confirmAll, repairOne, repairUser } from './repair.ts'
import { type PasswordsReport, reportOf } from './report.ts'
import { settledVersion } from './settled.ts'
import { openState, saveState } from './state.ts'
import { sweep } from './sweep.ts'
import { moveUser } from './user.ts'
import { type UserRow, Users } from './users.ts'
import { DeploymentWatch } from './watch.ts'

/** Milliseconds between two writes of the state. After a crash, the users of that time are handled again. */
const SAVE_MS = 2_000

interface PasswordsSurroundings {
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** For progress. The caller prints the report. */
  readonly output: Output
  /** Default: reads the stack through Pulumi. */
  readonly read?: (stack: string) => Promise<StackReading>
  readonly pausesMs?: readonly number[]
  /** How old the deployed version must be before users are moved; see `settledVersion`. */
  readonly versionAgeMs?: number
  /** Waits until then. */
  readonly wait?: (ms: number) => Promise<void>
  /** How often the deployed version is checked again; see `DeploymentWatch`. */
  readonly watchMs?: number
  /** How long Auth0 may be silent meanwhile. */
  readonly silenceMs?: number
  readonly ask: Ask
}

/**
 * Moves users, or says what would be done; or repairs accounts. Returns the report, or for one account a sentence.
 * @throws Problem if it cannot begin; what happens later is in the report.
 */
export async function passwords(
  options: PasswordsOptions,
  surroundings: PasswordsSurroundings,
): Promise<PasswordsReport | string> {
  const { environment, signal, output, pausesMs, watchMs, silenceMs } = surroundings
  const { repair } = options
  const apply = options.apply || repair !== undefined
  const read =
    surroundings.read ??
    ((name) => readStack(name, { folder: process.cwd(), environment }, options.component))
  const stack = await read(options.stack)
  const keys = keysOf(options, environment)
  let tenant = new Tenant(environment)
  const check = async () => {
    try {
      return await requireDeployed(tenant, stack)
    } catch (error) {
      // A token for client credentials is valid for a day, and a pass may take longer.
      if (!(error instanceof TenantProblem && error.obstacle === 'credentials')) throw error
      tenant = new Tenant(environment)
      return requireDeployed(tenant, stack)
    }
  }
  const version = apply
    ? await settledVersion({
        check,
        signal,
        ageMs: surroundings.versionAgeMs,
        wait: surroundings.wait,
        say: (sentence) => output.write(`${sentence}\n`),
      })
    : await check()
  const history = await readHistory(tenant, stack.actionId)
  const watch = apply
    ? new DeploymentWatch({ deployed: version.id, check, intervalMs: watchMs, silenceMs })
    : undefined

  const app = new Application(stack, {
    pace: new Pace(options.rate, options.concurrency),
    ...keys,
    beforeRequest: watch && (() => watch.beforeRequest()),
    ...(pausesMs ? { pausesMs } : {}),
  })
  const lookAgain = async () => {
    const stop = await watch?.confirm()
    if (stop) throw new Problem(`Nothing was changed. ${stop.reason}`)
  }
  const { ask } = surroundings
  if (repair?.kind === 'one') {
    checkOwnerColumn(version, stack)
    return repairOne(app, stack, repair, { ask, lookAgain })
  }
  if (repair) {
    await confirmAll(app, stack, ask)
    await lookAgain()
  }

  const startedAt = Date.now()
  const state = openState(options.stateFile, stack, {
    work: repair ? 'repair' : 'move',
    deployed: version.id,
    onRestart: (reason) => output.write(`${reason}\n`),
    now: startedAt,
  })
  let savedAt = 0
  const save = () => {
    if (!apply) return
    savedAt = Date.now()
    try {
      saveState(options.stateFile, state)
    } catch {
      throw new Problem(`The state file ${options.stateFile} cannot be written. Name another with --state.`)
    }
  }
  // Before the first login, so that a run that cannot write its state does not begin.
  save()
  const progress = new Progress(output)
  const currentSince = history.onTopSince(stack.passwords[0].id)
  let toDo = 0
  const stop = await sweep({
    app,
    stack,
    state,
    apply,
    handleUser: repair
      ? (row) => repairUser(app, stack, row)
      : (row) => moveUser(app, stack, row, { olderFirst: isFromBefore(currentSince, row) }),
    concurrency: options.concurrency,
    activeWithinMs: options.activeWithinMs,
    signal,
    startedAt,
    confirm: watch && (() => watch.confirm()),
    onStart: (users) => progress.start(users),
    onUser: (kind) => {
      if (kind === 'to_do') toDo += 1
      progress.step()
      if (Date.now() - savedAt > SAVE_MS) save()
    },
    save,
  })
  save()
  progress.end()
  const identities = options.showIdentities
    ? await new Users(app, stack.identityColumn).identitiesOf([...state.notOurs])
    : undefined
  return reportOf({ stack, state, apply, stop, toDo, requests: app.requests, history, identities })
}

/** True if the user cannot be on the current password: the row was created and last used before it was put on top. */
function isFromBefore(currentSince: number | undefined, { created, lastLogin = created }: UserRow): boolean {
  return currentSince !== undefined && Math.max(created, lastLogin) < currentSince
}

/** @throws Problem if the CodeRunner key, which a repair needs, is missing. */
function keysOf({ repair }: PasswordsOptions, environment: NodeJS.ProcessEnv) {
  const { BACKENDLESS_API_KEY: findKey, BACKENDLESS_CODERUNNER_KEY: coderunnerKey } = environment
  if (repair && !coderunnerKey) {
    throw new Problem(
      'Set BACKENDLESS_CODERUNNER_KEY in the environment: --repair sets passwords with the CodeRunner key.',
    )
  }
  return {
    findKey: findKey ? new Secret(findKey) : undefined,
    coderunnerKey: repair && coderunnerKey ? new Secret(coderunnerKey) : undefined,
  }
}
