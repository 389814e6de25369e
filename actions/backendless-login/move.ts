import { changePassword, login, type Session, type SignIn, sessionOf, wasNotSent } from './attempts.ts'
import type { Answer } from './client.ts'
import type { SignInResult } from './sign-in.ts'

/**
 * Moves a user who was found on an older password to the current one, and logs in with that. Whatever goes wrong, the
 * sign-in succeeds with the session that it has: two sign-ins of the same user may do this at once.
 */
export async function move(context: SignIn, first: Session): Promise<SignInResult> {
  context.trace.path = 'moved'
  const kept: SignInResult = { kind: 'token', code: 'not_moved', userToken: first.userToken }
  if (first.objectId === undefined) return kept
  const change = await changePassword(context, first.userToken, first.objectId)
  if (isDefiniteNo(change)) return kept

  // Whether a change of password ends the user's sessions is unconfirmed; with the current password there is a new one.
  const second = await login(context, context.credentials.passwords[0])
  const session = sessionOf(context, second)
  if (session === 'identity_mismatch') return { kind: 'failure', code: session }
  if (typeof session !== 'string') return { kind: 'token', code: 'moved', userToken: session.userToken }
  // 3002, 3044, or silence: the first session stands. A 3003 says that a change without an answer was none.
  const refused = second.kind === 'refusal' && second.refusal === 'bad_credentials'
  return change.kind === 'success' && !refused ? { ...kept, code: 'moved' } : kept
}

/** A dead token is none: another sign-in has changed the password, or its session took this one's place. */
function isDefiniteNo(change: Answer): boolean {
  if (change.kind === 'failure') return wasNotSent(change)
  return change.kind === 'refusal' && change.refusal !== 'token_dead' && change.refusal !== 'down'
}
