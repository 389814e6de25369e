import { identityOf } from '../../actions/backendless-login/identity.ts'
import { commandLine, componentNamed, parseArguments, stackNamed } from '../arguments.ts'
import { UsageError } from '../problem.ts'
import { defaultStateFile } from './state.ts'

export interface PasswordsOptions {
  readonly stack: string
  /** Name of the Backendless login in the stack; needed only if the stack has several. */
  readonly component: string | undefined
  readonly apply: boolean
  readonly concurrency: number
  /** Requests per second. */
  readonly rate: number
  readonly stateFile: string
  readonly activeWithinMs: number | undefined
  readonly json: boolean
  /** True: the report names the identity of each user who is on none of the passwords. */
  readonly showIdentities: boolean
  /** `undefined`: users are moved. `one`: the identity as it was typed. */
  readonly repair: RepairOne | { readonly kind: 'all' } | undefined
}

export interface RepairOne {
  readonly kind: 'one'
  readonly identity: string
  /** The Auth0 user id that the owner column gets. `undefined`: the column is cleared. */
  readonly owner: string | undefined
}

const COMMAND = commandLine('passwords')

export const PASSWORDS_HELP = `Moves the users who do not sign in by themselves to the current password.

  ${COMMAND} --stack <stack>            say what would be done; nobody is logged in
  ${COMMAND} --stack <stack> --apply    moves them; continues where an interrupted run stopped

  ${COMMAND} --stack <stack> --repair <identity>   give this account back to its Auth0 user
  ${COMMAND} --stack <stack> --repair --all        give every account the current password

  --owner '<user id>'  with --repair <identity>: the Auth0 user who owns the row from now on. Without it the owner is
                       cleared, and the next sign-in with the address claims the row. Only with ownerColumn

  --component <name>   which Backendless login of the stack, if it has several
  --active-within 1h   skip users who logged in within that time: a login may end their session (s, m, h, d)
  --concurrency 4      users at once, 1 to 64
  --rate 20            requests per second, all together, 0.1 to 1000
  --state <file>       default ${defaultStateFile('<stack>')}
  --show-identities    name the users who are not ours by their identity too, and not by objectId alone
  --json               the result as JSON, with all of them
  --help

Environment: what Pulumi needs; AUTH0_DOMAIN and AUTH0_API_TOKEN, or AUTH0_CLIENT_ID with its secret or private key; and, if the
stack's API key may not find users, BACKENDLESS_API_KEY; for --repair, BACKENDLESS_CODERUNNER_KEY. docs/passwords.md says what a run costs.`

const MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `undefined` if only help is wanted. @throws UsageError */
export function readPasswordsOptions(args: readonly string[]): PasswordsOptions | undefined {
  const values = parse(args)
  if (values.help) return undefined
  const stack = stackNamed(values.stack, 'the stack whose users are to be moved')
  const component = componentNamed(values.component)
  if (values.state === '') throw new UsageError('--state needs the name of a file.')
  return {
    stack,
    component,
    apply: values.apply === true,
    concurrency: numberIn('--concurrency', values.concurrency ?? '4', { from: 1, to: 64, whole: true }),
    rate: numberIn('--rate', values.rate ?? '20', { from: 0.1, to: 1000, whole: false }),
    stateFile:
      values.state ??
      defaultStateFile(
        component === undefined ? stack : `${stack}-${component}`,
        values.all ? 'repair' : 'passwords',
      ),
    repair: repairOf(values),
    activeWithinMs: values['active-within'] === undefined ? undefined : duration(values['active-within']),
    json: values.json === true,
    showIdentities: values['show-identities'] === true,
  }
}

function repairOf(values: ReturnType<typeof parse>): PasswordsOptions['repair'] {
  const { repair, all, apply, owner } = values
  if (owner !== undefined && (all || !repair)) {
    throw new UsageError(
      "--owner goes with --repair <identity>, and with one identity only: it names that row's owner.",
    )
  }
  if (owner !== undefined && !isUserId(owner)) {
    throw new UsageError(
      "--owner takes an Auth0 user id such as 'auth0|5f7c8ec7c33c6c004bbafe82', in quotes.",
    )
  }
  if (repair === undefined) {
    if (all) throw new UsageError('--all goes with --repair.')
    return undefined
  }
  if (apply) throw new UsageError('--apply does not go with --repair, which asks before it changes anything.')
  if ((repair === '') !== (all === true)) {
    throw new UsageError('--repair takes one identity, or --all.')
  }
  return all ? { kind: 'all' } : { kind: 'one', identity: repair, owner }
}

/** `<provider>|<id>`, in the form in which a sign-in compares it with the owner column. */
function isUserId(text: string): boolean {
  return /^[^\s|]+\|\S/.test(text) && identityOf('user_id', { user_id: text })?.reveal() === text
}

function parse(args: readonly string[]) {
  // parseArgs has no options with an optional value, which `--repair --all` needs.
  const given = args.map((arg, at) =>
    arg === '--repair' && args[at + 1]?.startsWith('-') !== false ? '--repair=' : arg,
  )
  return parseArguments(given, {
    stack: { type: 'string' },
    component: { type: 'string' },
    apply: { type: 'boolean' },
    repair: { type: 'string' },
    all: { type: 'boolean' },
    owner: { type: 'string' },
    concurrency: { type: 'string' },
    rate: { type: 'string' },
    state: { type: 'string' },
    'active-within': { type: 'string' },
    json: { type: 'boolean' },
    'show-identities': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
}

function numberIn(
  name: string,
  text: string,
  { from, to, whole }: { readonly from: number; readonly to: number; readonly whole: boolean },
): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (value >= from && value <= to && (!whole || Number.isInteger(value))) return value
  throw new UsageError(`${name} must be a ${whole ? 'whole ' : ''}number from ${from} to ${to}.`)
}

function duration(text: string): number {
  const [, digits = '', unit = ''] = text.match(/^(\d{1,6})([smhd])$/) ?? []
  const ms = MS[unit]
  if (ms === undefined) throw new UsageError('--active-within must be a time such as 90s, 30m, 1h or 2d.')
  return Number(digits) * ms
}
