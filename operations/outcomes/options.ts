import { KEPT_CODES, type KeptCode } from '../../actions/backendless-login/outcomes.ts'
import { commandLine, componentNamed, parseArguments, stackNamed } from '../arguments.ts'
import { UsageError } from '../problem.ts'

export interface OutcomesOptions {
  readonly stack: string
  readonly component: string | undefined
  /** How far back the logs are read, in milliseconds. */
  readonly sinceMs: number
  /** How long the logs are followed, in milliseconds; 0: not at all. */
  readonly watchMs: number
  /** Lists the users who have this problem, with their addresses. */
  readonly users: KeptCode | undefined
  /** Highest share of failed sign-ins, from 0 to 1, for exit code 0. `undefined`: any. */
  readonly failAbove: number | undefined
  readonly resume: boolean
  readonly json: boolean
}

const DAY_MS = 86_400_000
const DEFAULT_SINCE_MS = DAY_MS
const LONGEST_SINCE_MS = 30 * DAY_MS
const LONGEST_WATCH_MS = 3_600_000
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS }

export const OUTCOMES_HELP = `Counts how sign-ins end: from the logs of the tenant, and from what the Action recorded about its users.

  ${commandLine('outcomes')} --stack <stack> [--since 24h]

  --component <name>    which Backendless login of the stack, if it has several
  --since <time>        how far back: 30m, 24h, 7d (default 24h, at most 30d)
  --watch <time>        counts that long before now, then follows the logs that long: 5m (at most 1h)
  --fail-above <share>  exit code 1 if more sign-ins failed because of this Action: 2%
  --users <code>        lists the users who have this problem, with their addresses: ${KEPT_CODES.join(', ')}
  --resume              continues a run that was interrupted
  --json                the result as JSON
  --help

Exit code: 0; 1 if it cannot be counted, or more sign-ins failed than --fail-above allows; 2 for wrong usage.

Environment: what Pulumi needs; AUTH0_DOMAIN and AUTH0_API_TOKEN, or AUTH0_CLIENT_ID with its secret or private key. Scopes: read:logs,
and read:users to count users who have a problem.`

/** `undefined` if only help is wanted. @throws UsageError */
export function readOutcomesOptions(args: readonly string[]): OutcomesOptions | undefined {
  const values = parseArguments(args, {
    stack: { type: 'string' },
    component: { type: 'string' },
    since: { type: 'string' },
    watch: { type: 'string' },
    users: { type: 'string' },
    'fail-above': { type: 'string' },
    resume: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return undefined
  const watchMs = values.watch === undefined ? 0 : duration('--watch', values.watch, LONGEST_WATCH_MS)
  if (watchMs > 0 && values.since !== undefined) {
    throw new UsageError(
      '--since and --watch exclude each other: --watch compares with the same time before.',
    )
  }
  if (watchMs > 0 && values.resume) throw new UsageError('--resume does not go with --watch.')
  return {
    stack: stackNamed(values.stack, 'the stack whose sign-ins are counted'),
    component: componentNamed(values.component),
    sinceMs:
      values.since === undefined ? DEFAULT_SINCE_MS : duration('--since', values.since, LONGEST_SINCE_MS),
    watchMs,
    users: values.users === undefined ? undefined : keptCode(values.users),
    failAbove: values['fail-above'] === undefined ? undefined : share(values['fail-above']),
    resume: values.resume === true,
    json: values.json === true,
  }
}

function duration(option: string, text: string, longest: number): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const milliseconds = Number(number) * (UNITS[unit] ?? 0)
  if (milliseconds > 0 && milliseconds <= longest) return milliseconds
  throw new UsageError(`${option} takes a time such as 30m or 24h, at most ${longest / 3_600_000}h.`)
}

function share(text: string): number {
  const [, number] = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text) ?? []
  if (number !== undefined && Number(number) <= 100) return Number(number) / 100
  throw new UsageError('--fail-above takes a share from 0% to 100%, such as 2%.')
}

function keptCode(text: string): KeptCode {
  const code = KEPT_CODES.find((each) => each === text)
  if (code) return code
  throw new UsageError(
    `--users takes one of ${KEPT_CODES.join(', ')}. No other outcome is recorded for a user.`,
  )
}
