import type { SignInContext, SignInResult } from './context.ts'
import { move } from './move.ts'
import type { FailureCode } from './outcomes.ts'
import { isRefusedToday } from './remember.ts'
import { rename } from './rename.ts'
import { logOut } from './requests.ts'
import type { Secret } from './secret.ts'
import { findSession } from './session.ts'

/** The remembered address opens another user's row. Any other failure could be about the user's own. */
const OF_ANOTHER: readonly FailureCode[] = ['identity_mismatch', 'owner_mismatch']

/**
 * Signs in a user whose address is another than the one that their row had: with that one, and then gives the row the new
 * one. `undefined`: no other address is remembered, or it opens no row that has this user as its owner.
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
  // A row that is nobody's is reached by an address of now, not by one of before.
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
