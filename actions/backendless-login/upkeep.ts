import type { SignInContext, SignInToken } from './context.ts'
import { ownerOf } from './owner.ts'
import { outdatedProfile } from './profile.ts'
import { isUnclaimedToday } from './remember.ts'
import { type RowAccess, update } from './requests.ts'

/**
 * After a token: claims a row without an owner, and corrects the columns of `profile`, with one request each. Failures are
 * not fatal, and a refusal of one does not stop the other. Returns true if the owner could not be written.
 */
export async function keepUp(context: SignInContext, token: SignInToken): Promise<boolean> {
  const { settings, user } = context
  const { objectId, userToken, row } = token.session
  if (objectId === undefined) return false
  const access = { objectId, userToken }
  const unclaimed = isClaimable(context, token) && (await isClaimRefused(context, access))
  const outdated = settings.syncProfile ? outdatedProfile(settings, user, row.reveal()) : {}
  if (Object.keys(outdated).length > 0) await update(context, 'sync_profile', access, outdated)
  return unclaimed
}

/** A sign-in that moves or renames does not claim: the next one does. */
function isClaimable(
  { counts, memory, today }: SignInContext,
  { code, identity, session }: SignInToken,
): boolean {
  const isOpen = session.owner === 'nobody' && code === 'ok' && counts
  return isOpen && !isUnclaimedToday(memory, identity, today)
}

/** False without an answer, or in an outage: the next sign-in shows whether the row has an owner. */
async function isClaimRefused(context: SignInContext, access: RowAccess): Promise<boolean> {
  const owner = ownerOf(context.settings, context.user)
  const [[column, userId] = []] = Object.entries(owner)
  if (column === undefined) return false
  const answer = await update(context, 'claim', access, owner)
  if (answer.kind === 'success') return answer.row.reveal()[column] !== userId
  return answer.kind === 'refusal' || answer.failure === 'bad_answer'
}
