import { type Answer, isLastingRefusal, isRefusal, meaningOf } from './answers.ts'
import type { Session, SignInContext, SignInResult, SignInToken } from './context.ts'
import { identityFrom } from './identity.ts'
import { changePassword, login } from './requests.ts'
import type { Secret } from './secret.ts'
import { openSession } from './session.ts'

/**
 * Moves a user from an older password to the current one, and logs in with the current one. If anything fails, the sign-in
 * succeeds with its first session: two sign-ins of the same user may move the user at the same time.
 */
export async function move(context: SignInContext, identity: Secret, first: Session): Promise<SignInResult> {
  const { userToken, objectId } = first
  context.trace.path = 'moved'
  const notMoved: SignInToken = { kind: 'token', code: 'not_moved', identity, session: first }
  if (objectId === undefined) return notMoved
  const change = await changePassword(context, identity, { objectId, userToken })
  if (meaningOf(change).processed === 'no') return { ...notMoved, refused: isLastingRefusal(change) }

  const newIdentity = changedIdentity(context, identity, change)
  if (newIdentity) {
    const correction = await changePassword(context, newIdentity, { objectId, userToken })
    const found: SignInToken = { ...notMoved, identity: newIdentity }
    return correction.kind === 'success' ? { ...found, code: 'moved' } : found
  }

  // It is unconfirmed whether a password change ends the user's sessions, so a login with the current password opens another.
  const answer = await login(context, identity, context.credentials.passwords[0])
  const session = await openSession(context, identity, answer)
  if (session.kind === 'session') return { ...notMoved, code: 'moved', session }
  if (session.code === 'identity_mismatch' || session.code === 'owner_mismatch') return session
  // 3002, 3044 or no answer: the first session is used. 3003: the change was not made.
  const changed = change.kind === 'success' && !isRefusal(answer, 'bad_credentials')
  return changed ? { ...notMoved, code: 'moved' } : notMoved
}

/**
 * The identity in the changed row, if it is no longer the one that the new password was derived from: it was changed
 * after the login, and no sign-in would compute that password.
 */
function changedIdentity({ settings }: SignInContext, identity: Secret, change: Answer): Secret | undefined {
  if (change.kind !== 'success') return undefined
  const stored = identityFrom(settings.identity, change.row.reveal()[settings.identityColumn])
  return stored?.reveal() === identity.reveal() ? undefined : stored
}
