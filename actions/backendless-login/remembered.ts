import type { SignInContext, SignInResult } from './context.ts'
import { move } from './move.ts'
import type { FailureCode } from './outcomes.ts'
import { isRefusedToday } from './remember.ts'
import { rename } from './rename.ts'
import { logOut } from './requests.ts'
import type { Secret } from './secret.ts'
import { findSession } from './session.ts'

/** The remembered address opens another user's row. Any other failure could concern the user's own row. */
const OF_ANOTHER: readonly FailureCode[] = ['identity_mismatch', 'owner_mismatch']

/**
 * Signs in a user whose address has changed: logs in with the remembered address, then renames the row to the new one.
 * Returns `undefined` if no other address is remembered, or if it opens no row whose owner is this user.
 */
export async function signInAsRemembered(
  context: SignInContext,
  identity: Secret,
): Promise<SignInResult | undefined> {
  const { counts, credentials, memory, settings, today } = context
  const remembered = memory.identity
  if (settings.ownerColumn === '' || !remembered || remembered.reveal() === identity.reveal())
    return undefined
  const found = await findSession(context, remembered, credentials.passwords)
  if (!found) return undefined
  if (found.kind === 'failure') return OF_ANOTHER.includes(found.code) ? undefined : found
  // A row without an owner may be opened with the user's present address only.
  if (found.owner !== 'user') {
    await logOut(context, found.userToken)
    return undefined
  }
  const refusedToday = counts && isRefusedToday(memory, identity, today)
  if (counts && !refusedToday) return rename(context, remembered, identity, found)
  if (found.password !== credentials.passwords[0]) return move(context, remembered, found)
  return {
    kind: 'token',
    code: refusedToday ? 'not_renamed' : 'ok',
    identity: remembered,
    session: found,
    refused: refusedToday,
  }
}
