import { type Answer, FAILURES, isRefusal, meaningOf, type Unsuccessful } from './answers.ts'
import type { SignInContext, SignInFailure, SignInResult } from './context.ts'
import { move } from './move.ts'
import type { Password } from './password.ts'
import { signInAsRemembered } from './remembered.ts'
import { register } from './requests.ts'
import type { Secret } from './secret.ts'
import { findSession } from './session.ts'

/**
 * Gets a user token: one request for a known user, two for a brand-new one. With n older passwords, of which the k-th fits:
 * 3 + k for a user who is moved to the current one (4 + k after a registration), and 3 + n for a user who is unknown at a
 * later sign-in or for a row that no password opens (2 for a brand-new user without older passwords). A changed address
 * costs 3 + k if the row is renamed, and 1 + n more than the above if the previous address opens no row.
 */
export async function signIn(context: SignInContext, identity: Secret): Promise<SignInResult> {
  const followed = await signInAsRemembered(context, identity)
  if (followed) return followed
  return context.brandNew ? registerThenLogin(context, identity) : loginThenRegister(context, identity)
}

async function registerThenLogin(context: SignInContext, identity: Secret): Promise<SignInResult> {
  const [current, ...older] = context.credentials.passwords
  context.trace.path = 'new'
  const registration = await register(context, identity)
  if (wasUnreachable(registration)) return failureOf(registration)
  const result =
    (await tokenWith(context, identity, [current, ...older])) ??
    // A concurrent sign-in may have moved this user between the first login and the last.
    (older.length > 0 ? await tokenWith(context, identity, [current]) : undefined)
  return result ?? registerAgain(context, identity, registration)
}

async function loginThenRegister(context: SignInContext, identity: Secret): Promise<SignInResult> {
  const [current, ...older] = context.credentials.passwords
  const known = await tokenWith(context, identity, [current, ...older])
  if (known) return known

  context.trace.path = 'unknown'
  const registration = await register(context, identity)
  if (wasUnreachable(registration)) return failureOf(registration)
  // Only with older passwords can a concurrent sign-in have moved this user.
  if (wasRefused(registration) && older.length === 0) return failureOf(registration)
  // A concurrent sign-in has registered or moved this user, or no password opens the row.
  const result = await tokenWith(context, identity, [current])
  return result ?? registerAgain(context, identity, registration)
}

/** After 3003 from every password: repeats the registration if the table of answers says so. */
async function registerAgain(context: SignInContext, identity: Secret, first: Answer): Promise<SignInResult> {
  const { credentials, trace } = context
  if (meaningOf(first).retry?.register !== 'after_login' || trace.retried) return mismatchOrFailure(first)
  trace.retried = 'register'
  const second = await register(context, identity)
  if (wasUnreachable(second) || wasRefused(second)) return failureOf(second)
  const result = await tokenWith(context, identity, credentials.passwords.slice(0, 1))
  return result ?? mismatchOrFailure(second)
}

/** Logs in with these passwords in turn. A user found on an older one is moved. `undefined`: 3003 from all of them. */
async function tokenWith(
  context: SignInContext,
  identity: Secret,
  passwords: readonly Password[],
): Promise<SignInResult | undefined> {
  const found = await findSession(context, identity, passwords)
  if (found?.kind !== 'session') return found
  if (found.password !== context.credentials.passwords[0]) return move(context, identity, found)
  return { kind: 'token', code: 'ok', identity, session: found }
}

/** The failure if no password opens the row: that of the registration, unless the row existed. */
function mismatchOrFailure(registration: Answer): SignInFailure {
  return registration.kind === 'success' || isRefusal(registration, 'exists')
    ? { kind: 'failure', code: 'password_mismatch' }
    : failureOf(registration)
}

/** True if the request was not processed because Backendless cannot be reached: a login would fail too. */
function wasUnreachable(answer: Answer): answer is Unsuccessful {
  return answer.kind === 'failure' && FAILURES[answer.failure].processed === 'no'
}

/** True if the registration was refused for another reason than an existing row. */
function wasRefused(answer: Answer): answer is Unsuccessful {
  return answer.kind === 'refusal' && answer.refusal !== 'exists'
}

function failureOf(answer: Unsuccessful): SignInFailure {
  return { kind: 'failure', code: meaningOf(answer).outcome }
}
