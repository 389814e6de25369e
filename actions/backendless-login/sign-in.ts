import { login, register, type SignIn, sessionOf, wasNotSent } from './attempts.ts'
import type { Answer } from './client.ts'
import { move } from './move.ts'
import { type FailureCode, failureCode, type TokenCode } from './outcomes.ts'
import type { Refusal } from './refusals.ts'
import type { Secret } from './secret.ts'

export type SignInResult =
  | { readonly kind: 'token'; readonly code: TokenCode; readonly userToken: Secret }
  | { readonly kind: 'failure'; readonly code: FailureCode }

/**
 * Gets a user token: one request for a known user, two for a brand-new one. With n older passwords of which the k-th
 * fits: 3 + k where the user is moved to the current one (4 + k where a registration came first), 3 + n where the user is
 * unknown at a later sign-in or the row is somebody else's (2 for a brand-new user without older passwords). It never loops.
 */
export function signIn(context: SignIn): Promise<SignInResult> {
  return context.brandNew ? registerThenLogin(context) : loginThenRegister(context)
}

async function registerThenLogin(context: SignIn): Promise<SignInResult> {
  context.trace.path = 'new'
  const registration = await register(context)
  if (isHopeless(registration)) return failed(registration)
  const [current, ...older] = context.credentials.passwords
  const answer = await login(context, current)
  if (!isRefusal(answer, 'bad_credentials')) return conclude(context, answer)
  if (older.length > 0) {
    const found = await tryOlder(context)
    if (found) return found
    // A concurrent sign-in may have moved this user between the first login and the last.
    const again = await login(context, current)
    if (!isRefusal(again, 'bad_credentials')) return conclude(context, again)
  }
  return isUnprocessed(registration) ? registerAgain(context, registration) : unopened(registration)
}

async function loginThenRegister(context: SignIn): Promise<SignInResult> {
  const [current, ...older] = context.credentials.passwords
  const first = await login(context, current)
  if (!isRefusal(first, 'bad_credentials')) return conclude(context, first)
  const found = await tryOlder(context)
  if (found) return found

  context.trace.path = 'unknown'
  const registration = await register(context)
  if (isHopeless(registration)) return failed(registration)
  // Without older passwords nobody can have moved this user meanwhile.
  if (isRefusedForGood(registration) && older.length === 0) return failed(registration)
  // A concurrent sign-in has registered or moved this user, or the row is somebody else's.
  const second = await login(context, current)
  if (!isRefusal(second, 'bad_credentials')) return conclude(context, second)
  return isUnprocessed(registration) ? registerAgain(context, registration) : unopened(registration)
}

/** The retry of a registration, once a login has said that the first one left no row. */
async function registerAgain(context: SignIn, first: Answer): Promise<SignInResult> {
  if (context.trace.retried !== undefined) return unopened(first)
  context.trace.retried = 'register'
  const registration = await register(context)
  if (isHopeless(registration) || isRefusedForGood(registration)) return failed(registration)
  const answer = await login(context, context.credentials.passwords[0])
  return isRefusal(answer, 'bad_credentials') ? unopened(registration) : conclude(context, answer)
}

/** The older passwords in turn; undefined where none fits. */
async function tryOlder(context: SignIn): Promise<SignInResult | undefined> {
  for (const password of context.credentials.passwords.slice(1)) {
    const answer = await login(context, password)
    if (isRefusal(answer, 'bad_credentials')) continue
    const session = sessionOf(context, answer)
    return typeof session === 'string' ? { kind: 'failure', code: session } : move(context, session)
  }
  return undefined
}

function conclude(context: SignIn, answer: Answer): SignInResult {
  const session = sessionOf(context, answer)
  return typeof session === 'string'
    ? { kind: 'failure', code: session }
    : { kind: 'token', code: 'ok', userToken: session.userToken }
}

/** No password opens the row. The registration is the cause only where it failed for another reason than the row. */
function unopened(registration: Answer): SignInResult {
  return registration.kind === 'success' || isRefusal(registration, 'exists')
    ? { kind: 'failure', code: 'password_mismatch' }
    : failed(registration)
}

type Unsuccessful = Exclude<Answer, { kind: 'success' }>

/** Backendless was not reached: a login would fare no better. */
function isHopeless(answer: Answer): answer is Unsuccessful {
  return answer.kind === 'failure' && wasNotSent(answer)
}

/** The connection ended, as when a server closes one that was idle, and the login after it knows of no such row. */
function isUnprocessed(registration: Answer): boolean {
  return registration.kind === 'failure' && registration.failure === 'stale_connection'
}

/** There is no such row, and there will be none. */
function isRefusedForGood(answer: Answer): answer is Unsuccessful {
  return answer.kind === 'refusal' && answer.refusal !== 'exists' && answer.refusal !== 'down'
}

function isRefusal(answer: Answer, refusal: Refusal): boolean {
  return answer.kind === 'refusal' && answer.refusal === refusal
}

function failed(answer: Unsuccessful): SignInResult {
  return { kind: 'failure', code: failureCode(answer) }
}
