import { Secret } from '../../actions/backendless-login/secret.ts'
import { ManagementApi } from '../management.ts'
import { Problem } from '../problem.ts'
import { readStack, type StackReading } from '../stack.ts'
import { Application } from './application.ts'
import { checkDeployed } from './deployed.ts'
import type { Options } from './options.ts'
import { Pace } from './pace.ts'
import { type Output, Progress } from './progress.ts'
import { type Ask, confirmAll, repairOne, repairUser } from './repair.ts'
import { type Report, reportOf } from './report.ts'
import { openState, saveState } from './state.ts'
import { sweep } from './sweep.ts'
import { watchDeployment } from './watch.ts'

/** What a crash may cost: the users of so many milliseconds are looked at again. */
const SAVE_MS = 2_000

export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** For progress; the report is the caller's to print. */
  readonly output: Output
  /** How to read the stack; through Pulumi unless told. */
  readonly read?: (stack: string) => Promise<StackReading>
  readonly pausesMs?: readonly number[]
  /** How often the deployed version is looked at again. */
  readonly watchMs?: number
  readonly ask: Ask
}

/**
 * Moves users, or says what would be done; or repairs accounts. Gives the report, or for one account a sentence.
 * @throws Problem where it cannot begin; what happens later is in the report.
 */
export async function passwords(options: Options, surroundings: Surroundings): Promise<Report | string> {
  const { environment, signal, output, pausesMs } = surroundings
  const read = surroundings.read ?? ((name) => readStack(name, { folder: process.cwd(), environment }))
  const stack = await read(options.stack)
  const management = new ManagementApi(environment)
  const check = () => checkDeployed(management, stack)
  const deployed = await check()

  const { repair } = options
  const findKey = environment.BACKENDLESS_API_KEY
  const app = new Application(stack, {
    pace: new Pace(options.rate, options.concurrency),
    findKey: findKey ? new Secret(findKey) : undefined,
    coderunnerKey: repair && coderunnerKey(environment),
    ...(pausesMs ? { pausesMs } : {}),
  })
  if (repair?.kind === 'one') return repairOne(app, stack, repair.identity, surroundings.ask)
  if (repair) await confirmAll(app, stack, surroundings.ask)
  const apply = options.apply || repair !== undefined

  const startedAt = Date.now()
  const state = openState(options.stateFile, stack, {
    work: repair ? 'repair' : 'move',
    deployed,
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
  // Before the first login: a run that could not remember anything must not begin.
  save()
  const progress = new Progress(output)
  let toDo = 0
  const stop = await sweep({
    app,
    stack,
    state,
    apply,
    treat: repair && ((row) => repairUser(app, stack, row)),
    concurrency: options.concurrency,
    activeWithinMs: options.activeWithinMs,
    signal,
    startedAt,
    watch: apply ? watchDeployment({ deployed, check, intervalMs: surroundings.watchMs }) : undefined,
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
  return reportOf({ stack, state, apply, stop, toDo, requests: app.requests })
}

function coderunnerKey({ BACKENDLESS_CODERUNNER_KEY: key }: NodeJS.ProcessEnv): Secret {
  if (key) return new Secret(key)
  throw new Problem(
    'Set BACKENDLESS_CODERUNNER_KEY in the environment: --repair sets passwords with the CodeRunner key.',
  )
}
