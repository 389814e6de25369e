import { isLastingRefusal, meaningOf } from './answers.ts'
import type { Session, SignInContext, SignInResult, SignInToken } from './context.ts'
import { isSameIdentity } from './identity.ts'
import { changeIdentity, changePassword, login, logOut } from './requests.ts'
import type { Secret } from './secret.ts'
import { openSession } from './session.ts'

/**
 * Sets the row's new address, and the current password derived for it, in one request with the user's own token, then logs
 * in with both. If anything fails, the sign-in succeeds with its first session. Rows are not merged: Backendless refuses an
 * address that another row has.
 */
export async function rename(
  context: SignInContext,
  from: Secret,
  to: Secret,
  first: Session,
): Promise<SignInResult> {
  const { identityColumn } = context.settings
  const { userToken, objectId } = first
  context.trace.path = 'renamed'
  const notRenamed: SignInToken = { kind: 'token', code: 'not_renamed', identity: from, session: first }
  if (objectId === undefined) return notRenamed
  const access = { objectId, userToken }
  const change = await changeIdentity(context, to, access)
  if (meaningOf(change).processed === 'no') return { ...notRenamed, refused: isLastingRefusal(change) }

  const identity = change.kind === 'success' ? change.row.reveal()[identityColumn] : undefined
  if (isSameIdentity('email', from, identity)) {
    // Backendless accepted the password but not the address, so the password derived for the row's address is set.
    await changePassword(context, from, access)
    return { ...notRenamed, refused: true }
  }
  const answer = await login(context, to, context.credentials.passwords[0])
  const session = await openSession(context, to, answer)
  if (session.kind === 'session') {
    if (session.owner === 'user') return { ...notRenamed, code: 'renamed', identity: to, session }
    await logOut(context, session.userToken)
  }
  // If the answer to the change did not show the row, only a login with the new address shows that the change was made.
  const isShown =
    change.kind === 'success' && isSameIdentity('email', to, change.row.reveal()[identityColumn])
  return isShown ? { ...notRenamed, code: 'renamed', identity: to } : notRenamed
}
