// Signs a user in with the Action's source, in this process, over a real socket.
import { AsyncLocalStorage } from 'node:async_hooks'
import { type EventOverrides, loginEvent } from '@backendless-login/local-auth0'
import {
  type BackendlessOptions,
  type LocalBackendless,
  startBackendless,
} from '@backendless-login/local-backendless'
import { CircuitBreaker } from '../../actions/backendless-login/circuit.ts'
import { handlePostLogin } from '../../actions/backendless-login/handler.ts'
import { type Password, userPassword } from '../../actions/backendless-login/password.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { problemClaim, type Settings } from '../../actions/backendless-login/settings.ts'
import { SETTINGS } from '../settings.ts'

export const ADA = 'ada@example.com'
export const LOGIN = 'POST /users/login'
export const REGISTER = 'POST /users/register'
export const LOGOUT = 'GET /users/logout'
export const PASSWORD = 'Vq0ZfTestOnlyPasswordOfNoRealApplication0123456789abcdefghijklmn'

export interface SignInRecord {
  /** The value of the ID token's claim. */
  readonly claim: unknown
  /** The value of `<claim>Problem`: why there is no token. */
  readonly problem: unknown
  /** The values written to the user's `app_metadata`, in order. */
  readonly metadata: readonly (readonly [name: string, value: unknown])[]
  /** The reason of the denial. */
  readonly denied: string | undefined
  /** The outcome code in the log. */
  readonly code: string | undefined
  readonly lines: readonly string[]
  /** `POST /users/login` and so on, in order. */
  readonly requests: readonly string[]
}

export interface SignInOptions {
  readonly app: LocalBackendless
  readonly settings?: Partial<Settings>
  readonly event?: EventOverrides
  readonly secrets?: Readonly<Record<string, string | undefined>>
  /** The circuit breaker of the instance. Default: a new instance for each sign-in. */
  readonly circuit?: CircuitBreaker
}

/** Assigns console output to its sign-in, even if several run at once. */
const written = new AsyncLocalStorage<string[]>()
const print = console.log
console.log = (...values: unknown[]) => {
  const lines = written.getStore()
  if (lines) lines.push(values.join(' '))
  else print(...values)
}

const open: LocalBackendless[] = []

/** Starts a Backendless with the settings of docs/settings.md, which is closed after the test. */
export async function backendless(options: BackendlessOptions = {}): Promise<LocalBackendless> {
  const app = await startBackendless({ multipleLogins: true, maxConcurrentLogins: 100, ...options })
  open.push(app)
  return app
}

export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((app) => app.close()))
}

export function settingsFor(app: LocalBackendless, changes: Partial<Settings> = {}): Settings {
  return { ...SETTINGS, serverUrl: app.url, clients: ['*'], ...changes }
}

export async function signIn({
  app,
  settings = {},
  event = {},
  secrets = {},
  circuit = new CircuitBreaker(),
}: SignInOptions): Promise<SignInRecord> {
  const before = app.requests.length
  const claims: Record<string, unknown> = {}
  const metadata: [string, unknown][] = []
  const denials: string[] = []
  const lines: string[] = []
  await written.run(lines, () =>
    handlePostLogin(
      { settings: settingsFor(app, settings), circuit },
      { ...loginEvent(event), secrets: secretsOf(app, secrets) },
      {
        access: { deny: (reason) => denials.push(reason) },
        user: { setAppMetadata: (name, value) => metadata.push([name, value]) },
        idToken: {
          setCustomClaim: (name, value) => {
            claims[name] = value
          },
        },
      },
    ),
  )
  const claim = settings.claim ?? SETTINGS.claim
  return {
    claim: claims[claim],
    problem: claims[problemClaim(claim)],
    metadata,
    denied: denials[0],
    code: lines[0]?.match(/ code=(\S+)/)?.[1],
    lines,
    requests: app.requests.slice(before).map(({ method, path }) => `${method} ${path}`),
  }
}

/** Returns the password in Backendless of a user whom this program registered. */
export function passwordOf(
  app: LocalBackendless,
  identity: string,
  { perUser = true, value = PASSWORD } = {},
): string {
  const password: Password = { id: '1', perUser, value: new Secret(value) }
  return userPassword(password, new Secret(app.appId), new Secret(identity)).reveal()
}

/** The key in `app_metadata` under which the Action keeps its memory of a user. */
export function metadataKey({ appId }: LocalBackendless): string {
  return `backendless_${appId.toLowerCase().replaceAll('-', '_')}`
}

/** The event of a first sign-in, just after sign-up. */
export function firstSignIn(user: EventOverrides['user'] = {}): EventOverrides {
  return { stats: { logins_count: 1 }, user: { created_at: new Date().toISOString(), ...user } }
}

export const REFRESH: EventOverrides = {
  transaction: { protocol: 'oauth2-refresh-token', requested_scopes: [] },
}
export const SILENT: EventOverrides = { request: { query: { prompt: 'none' } } }

/** Returns the Action's secrets, with one password. */
export function secretsOf(
  app: LocalBackendless,
  changes: SignInOptions['secrets'] = {},
): Record<string, string> {
  const all = {
    BACKENDLESS_APP_ID: app.appId,
    BACKENDLESS_API_KEY: app.keys.rest,
    PASSWORD_1: PASSWORD,
    ...changes,
  }
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
