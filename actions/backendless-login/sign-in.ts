import type { User } from './auth0.ts'
import type { Budget } from './budget.ts'
import { type Answer, type BackendlessClient, userTokenOf } from './client.ts'
import { isSameIdentity } from './identity.ts'
import type { FailureCode } from './outcomes.ts'
import { type Credentials, type Password, userPassword } from './password.ts'
import { newRow } from './profile.ts'
import type { Refusal } from './refusals.ts'
import type { Secret } from './secret.ts'
import type { Settings } from './settings.ts'

/** Which way a sign-in went: as the log names it. */
export type Path = 'known' | 'new' | 'unknown'

export type SignInResult =
  | { readonly kind: 'token'; readonly userToken: Secret }
  | { readonly kind: 'failure'; readonly code: FailureCode }

/** What a sign-in leaves behind for the log, whichever way it ends. */
export interface Trace {
  path: Path
  requests: number
  /** The last numeric code of Backendless. */
  backendlessCode?: number
}

export interface SignIn {
  readonly settings: Settings
  readonly client: Pick<BackendlessClient, 'login' | 'register'>
  readonly credentials: Credentials
  readonly budget: Budget
  readonly user: User
  readonly identity: Secret
  readonly brandNew: boolean
  readonly trace: Trace
}

const TIMED_OUT: Answer = { kind: 'failure', failure: 'timeout' }

/**
 * Gets a user token: one request for a known user, two for a brand-new one, three for a user who is unknown at a later
 * sign-in or whose row is somebody else's. It never loops.
 */
export function signIn(context: SignIn): Promise<SignInResult> {
  return context.brandNew ? registerThenLogin(context) : loginThenRegister(context)
}

async function registerThenLogin(context: SignIn): Promise<SignInResult> {
  context.trace.path = 'new'
  const registration = await register(context)
  if (isHopeless(registration)) return failed(registration)
  const answer = await login(context)
  if (!isBadCredentials(answer)) return conclude(context, answer)
  // The registration is the cause only where it was refused for another reason than an existing row.
  return registration.kind === 'success' || isRefusal(registration, 'exists')
    ? mismatch()
    : failed(registration)
}

async function loginThenRegister(context: SignIn): Promise<SignInResult> {
  const first = await login(context)
  if (!isBadCredentials(first)) return conclude(context, first)
  context.trace.path = 'unknown'
  const registration = await register(context)
  const mayExist =
    registration.kind !== 'refusal' || registration.refusal === 'exists' || registration.refusal === 'down'
  if (isHopeless(registration) || !mayExist) return failed(registration)
  // After `exists`: a concurrent first sign-in has registered this user, or the row is somebody else's.
  const second = await login(context)
  if (!isBadCredentials(second)) return conclude(context, second)
  return registration.kind === 'success' || isRefusal(registration, 'exists')
    ? mismatch()
    : failed(registration)
}

function conclude({ settings, identity }: SignIn, answer: Answer): SignInResult {
  if (answer.kind !== 'success') return failed(answer)
  const userToken = userTokenOf(answer.row)
  if (!userToken) return { kind: 'failure', code: 'bad_answer' }
  return isSameIdentity(settings.identity, identity, answer.row[settings.identityColumn])
    ? { kind: 'token', userToken }
    : { kind: 'failure', code: 'identity_mismatch' }
}

function login(context: SignIn, password: Password = context.credentials.passwords[0]): Promise<Answer> {
  const { client, credentials, identity } = context
  const secret = userPassword(password, credentials.appId, identity)
  return attempt(context, (ms) => client.login({ identity, password: secret }, ms))
}

function register(context: SignIn): Promise<Answer> {
  const { client, credentials, identity, settings, user } = context
  const secret = userPassword(credentials.passwords[0], credentials.appId, identity)
  return attempt(context, (ms) => client.register(newRow(settings, user, identity), secret, ms))
}

async function attempt(
  { budget, trace }: SignIn,
  send: (timeoutMs: number) => Promise<Answer>,
): Promise<Answer> {
  const timeoutMs = budget.nextRequestMs()
  if (timeoutMs === undefined) return TIMED_OUT
  trace.requests += 1
  const answer = await send(timeoutMs)
  if (answer.kind === 'refusal' && answer.code !== undefined) trace.backendlessCode = answer.code
  return answer
}

/** No connection was made: a login would fare no better. */
function isHopeless(answer: Answer): answer is Exclude<Answer, { kind: 'success' }> {
  return answer.kind === 'failure' && answer.failure === 'none'
}

function isBadCredentials(answer: Answer): boolean {
  return isRefusal(answer, 'bad_credentials')
}

function isRefusal(answer: Answer, refusal: Refusal): boolean {
  return answer.kind === 'refusal' && answer.refusal === refusal
}

function mismatch(): SignInResult {
  return { kind: 'failure', code: 'password_mismatch' }
}

function failed(answer: Exclude<Answer, { kind: 'success' }>): SignInResult {
  return { kind: 'failure', code: failureCode(answer) }
}

function failureCode(answer: Exclude<Answer, { kind: 'success' }>): FailureCode {
  if (answer.kind === 'refusal') return REFUSED[answer.refusal]
  switch (answer.failure) {
    case 'none':
    case 'broken':
      return 'unavailable'
    case 'timeout':
    case 'bad_answer':
      return answer.failure
    default:
      return answer.failure satisfies never
  }
}

const REFUSED: Readonly<Record<Refusal, FailureCode>> = {
  exists: 'password_mismatch',
  bad_credentials: 'password_mismatch',
  locked: 'account_locked',
  disabled: 'account_disabled',
  email_unconfirmed: 'account_unconfirmed',
  session_limit: 'session_limit',
  token_dead: 'refused',
  misconfigured: 'misconfigured',
  busy: 'busy',
  down: 'unavailable',
  refused: 'refused',
}
