import { Problem } from '../problem.ts'
import type { StackReading } from '../stack/reading.ts'
import type { Application } from './application.ts'
import type { PassState } from './state.ts'
import { type CountedOutcome, UserTally, type WaitingUser } from './tally.ts'
import { moveUser, type UserOutcome } from './user.ts'
import { type Cursor, identityIn, type UserRow, Users } from './users.ts'
import { type Stop, Stopped } from './watch.ts'

export interface Sweep {
  readonly app: Application
  readonly stack: StackReading
  readonly state: PassState
  /** False: users are only counted, and nobody is logged in. */
  readonly apply: boolean
  /** What is done to one user. Default: they are moved. */
  readonly handleUser?: ((row: UserRow) => Promise<UserOutcome>) | undefined
  readonly concurrency: number
  readonly activeWithinMs: number | undefined
  readonly signal: AbortSignal
  readonly startedAt: number
  /** Called after the last user. Returns why the pass is not finished, if it is not. */
  readonly confirm?: (() => Promise<Stop | undefined>) | undefined
  /** Called before the first user, with the number of users to handle. */
  readonly onStart: (users: number) => void
  readonly onUser: (kind: CountedOutcome['kind']) => void
  /** Called before each page, when the state is one that a later run can continue from. */
  readonly save: () => void
}

/** Goes through all users in the order of creation, from the state's cursor. Returns why it stopped, if it did. */
export async function sweep(context: Sweep): Promise<Stop | undefined> {
  const { app, stack, state, signal } = context
  const users = new Users(app, stack.identityColumn)
  const tally = new UserTally(state, context.onUser)
  const interrupted: Stop = {
    code: 'interrupted',
    reason: context.apply ? 'Interrupted. The next run goes on from here.' : 'Interrupted.',
  }
  try {
    context.onStart(await users.count(state.cursor))
    // The end of the rows that were read. The state's cursor may be before it.
    let place: Cursor | undefined = state.cursor
    while (!signal.aborted) {
      let page = await users.pageAfter(place)
      if (page.length === 0) page = await users.pageAfterEmpty(place)
      if (page.length === 0) {
        const reason = await context.confirm?.()
        if (reason) return reason
        tally.end()
        state.underWay.clear()
        state.finished = true
        return undefined
      }
      place = page.at(-1)
      const entries = tally.begin(page)
      remember(context, tally)
      context.save()
      const stop = await sweepPage(context, tally, entries)
      if (stop) return stop
    }
    return interrupted
  } catch (error) {
    if (error instanceof Problem) return { code: 'users_unreadable', reason: error.message }
    throw error
  }
}

/** Records the users whom this command is about to log in, because they are counted only when they are done. */
function remember(context: Sweep, tally: UserTally): void {
  const rows = tally.waiting.map(({ row }) => row).filter((row) => !isActive(context, row))
  context.state.underWay = new Set(rows.map(({ objectId }) => objectId))
}

/** Handles several users at once. Returns or throws only when none of them is in progress. */
async function sweepPage(
  context: Sweep,
  tally: UserTally,
  entries: readonly WaitingUser[],
): Promise<Stop | undefined> {
  let stop: Stop | undefined
  let problem: { readonly error: unknown } | undefined
  let next = 0
  const handleNext = async () => {
    const entry = entries[next++]
    if (!entry) return
    const outcome = await outcomeOf(context, entry.row)
    if (outcome.kind === 'stop') {
      stop ??= { code: outcome.code, reason: outcome.reason }
      return
    }
    tally.settle(entry, outcome)
    if (tally.isLocking) {
      tally.rememberLocked()
      stop ??= {
        code: 'locked',
        reason:
          'Backendless has locked several users in a row after failed logins (3036). To go on could lock others: switch the lock-out off, or raise its limit as docs/passwords.md says, wait until the lock ends, and run this again.',
      }
    }
    if (tally.isOutage) {
      stop ??= {
        code: 'unavailable',
        reason: 'Backendless does not answer, or asks for fewer requests: try a lower --rate.',
      }
    }
  }
  const worker = async () => {
    try {
      while (!stop && !problem && !context.signal.aborted && next < entries.length) await handleNext()
    } catch (error) {
      if (error instanceof Stopped) stop ??= error.stop
      else problem ??= { error }
    }
  }
  await Promise.all(Array.from({ length: context.concurrency }, worker))
  if (problem) throw problem.error
  return stop
}

async function outcomeOf(context: Sweep, row: UserRow): Promise<CountedOutcome> {
  const { app, stack, state } = context
  if (state.notOurs.has(row.objectId)) return { kind: 'known_not_ours' }
  if (isActive(context, row)) return { kind: 'active' }
  if (context.apply) return context.handleUser ? context.handleUser(row) : moveUser(app, stack, row)
  return identityIn(stack, row) ? { kind: 'to_do' } : { kind: 'skipped', code: 'no_identity' }
}

/**
 * Decided by the last login before the first pass. A later login may be this command's own: of an earlier pass, unless the
 * user was skipped in it, or of a run that was interrupted while the user was in progress.
 */
function isActive({ activeWithinMs, startedAt, state }: Sweep, { lastLogin, objectId }: UserRow): boolean {
  if (activeWithinMs === undefined || lastLogin === undefined) return false
  const mayBeOurs = state.underWay.has(objectId) || (state.pass > 1 && !state.active.has(objectId))
  if (mayBeOurs && lastLogin >= state.firstPassAt) return false
  return lastLogin > startedAt - activeWithinMs
}
