import type { SignInContext, SignInToken } from './context.ts'
import { keepsAddress, type Memory } from './memory.ts'
import { type FailureCode, isKeptCode } from './outcomes.ts'
import type { Secret } from './secret.ts'

/** What is remembered after a token. `address`: the user's. `unclaimed`: the row's owner could not be written. */
export function afterToken(
  { counts, memory, settings, today }: SignInContext,
  { code, identity, refused, session }: SignInToken,
  address: Secret,
  unclaimed: boolean,
): Memory {
  const { problem: before, ...rest } = memory
  const problem = refused ? problemSince(before, code, today) : before?.code === code ? before : undefined
  const told = problem ? { problem } : {}
  if (!keepsAddress(settings) || !counts) return { ...rest, ...told }

  const isUnclaimed = unclaimed || (session.owner === 'nobody' && isUnclaimedToday(memory, identity, today))
  const isOlder = identity.reveal() !== address.reveal()
  const isRefused = (refused && code === 'not_renamed') || isRefusedToday(memory, address, today)
  return {
    identity,
    ...(isUnclaimed ? { unclaimed: today } : {}),
    ...(isOlder && isRefused ? { refused: { address, at: today } } : {}),
    ...told,
  }
}

/** What is remembered after a failure. Only the codes of `KEPT_CODES` are. */
export function afterFailure(memory: Memory, code: FailureCode, today: string): Memory {
  const problem = problemSince(memory.problem, code, today)
  return problem ? { ...memory, problem } : memory
}

/** True if Backendless refused today to change the row's address to this one. */
export function isRefusedToday({ refused }: Memory, address: Secret, today: string): boolean {
  return refused?.at === today && refused.address.reveal() === address.reveal()
}

/** True if the claim of the row with this address failed today. */
export function isUnclaimedToday({ identity, unclaimed }: Memory, address: Secret, today: string): boolean {
  return unclaimed === today && identity?.reveal() === address.reveal()
}

function problemSince(before: Memory['problem'], code: string, today: string): Memory['problem'] {
  if (!isKeptCode(code)) return undefined
  return before?.code === code ? before : { code, since: today }
}
