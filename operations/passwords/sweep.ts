import { Problem } from '../problem.ts'
import type { StackReading } from '../stack.ts'
import type { Application } from './application.ts'
import type { State } from './state.ts'
import { identityIn, moveUser, type UserOutcome } from './user.ts'
import { type UserRow, Users } from './users.ts'

/** One outage must not count a whole table as failed. */
const MOST_UNAVAILABLE = 8
const MOST_FAILURES_NAMED = 100

/** Why a pass ended before its last user. */
export interface Stop {
  readonly code: string
  readonly reason: string
}

export interface Sweep {
  readonly app: Application
  readonly stack: StackReading
  readonly state: State
  /** False: users are only counted, and nobody is logged in. */
  readonly apply: boolean
  /** What is done to one user; to move them, unless told. */
  readonly treat?: ((row: UserRow) => Promise<UserOutcome>) | undefined
  readonly concurrency: number
  readonly activeWithinMs: number | undefined
  readonly signal: AbortSignal
  readonly startedAt: number
  /** Asked before each page: why not to go on. */
  readonly watch?: (() => Promise<Stop | undefined>) | undefined
  /** How many users are to be looked at; before the first of them. */
  readonly onStart: (users: number) => void
  readonly onUser: (kind: Outcome['kind']) => void
  /** Called with a state that may be gone on from. */
  readonly save: () => void
}

export type Outcome =
  | UserOutcome
  | { readonly kind: 'known_not_ours' }
  | { readonly kind: 'active' }
  | { readonly kind: 'to_do' }

/** Goes through all users in the order of creation, from the state's cursor. Gives why it stopped, if it did. */
export async function sweep(context: Sweep): Promise<Stop | undefined> {
  const { app, stack, state, signal } = context
  const users = new Users(app, stack.identityColumn)
  const interrupted: Stop = {
    code: 'interrupted',
    reason: context.apply ? 'Interrupted. The next run goes on from here.' : 'Interrupted.',
  }
  try {
    context.onStart(await users.count(state.cursor))
    while (!signal.aborted) {
      const reason = await context.watch?.()
      if (reason) return reason
      let page = await users.pageAfter(state.cursor)
      if (page.length === 0) page = await users.pageAfterEmpty(state.cursor)
      if (page.length === 0) {
        state.finished = true
        return undefined
      }
      const stop = await sweepPage(context, page)
      context.save()
      if (stop) return stop
    }
    return interrupted
  } catch (error) {
    if (error instanceof Problem) return { code: 'users_unreadable', reason: error.message }
    throw error
  }
}

/**
 * Several users at once; the cursor follows the first of them who is not done yet. It returns, or throws, when none of
 * them is under way any more: who is done after that one is looked at again by the next run.
 */
async function sweepPage(context: Sweep, page: readonly UserRow[]): Promise<Stop | undefined> {
  const { state, signal } = context
  const outcomes: (Exclude<Outcome, { kind: 'stop' }> | undefined)[] = []
  let stop: Stop | undefined
  let problem: { readonly error: unknown } | undefined
  let next = 0
  let done = 0
  let unavailable = 0
  const countDone = () => {
    for (let ready = outcomes[done]; ready; ready = outcomes[done]) {
      // In an outage, perhaps: then it says nothing of the user, and the next run is to try again.
      if (unavailable > 0 && isUnavailable(ready)) return
      const counted = page[done]
      if (counted) count(state, counted, ready)
      done += 1
      context.onUser(ready.kind)
    }
  }
  const treatNext = async () => {
    const at = next++
    const row = page[at]
    if (!row) return
    const outcome = await outcomeOf(context, row)
    if (outcome.kind === 'stop') {
      stop ??= { code: outcome.code, reason: outcome.reason }
      return
    }
    if (outcome.kind === 'not_ours') state.notOurs.add(row.objectId)
    unavailable = isUnavailable(outcome) ? unavailable + 1 : 0
    outcomes[at] = outcome
    if (unavailable >= MOST_UNAVAILABLE) {
      stop ??= {
        code: 'unavailable',
        reason: 'Backendless does not answer, or asks for fewer requests: try a lower --rate.',
      }
    }
    countDone()
  }
  const worker = async () => {
    try {
      while (!stop && !problem && !signal.aborted && next < page.length) await treatNext()
    } catch (error) {
      problem ??= { error }
    }
  }
  await Promise.all(Array.from({ length: context.concurrency }, worker))
  if (problem) throw problem.error
  if (!stop && next >= page.length) {
    unavailable = 0
    countDone()
  }
  return stop
}

function isUnavailable(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.unavailable
}

async function outcomeOf(context: Sweep, row: UserRow): Promise<Outcome> {
  const { app, stack, state } = context
  if (state.notOurs.has(row.objectId)) return { kind: 'known_not_ours' }
  if (isActive(context, row)) return { kind: 'active' }
  if (context.apply) return context.treat ? context.treat(row) : moveUser(app, stack, row)
  return identityIn(stack, row) ? { kind: 'to_do' } : { kind: 'skipped', code: 'no_identity' }
}

/**
 * By the last login as it was before the first pass: a later one may be this command's own, unless the user was skipped
 * then, and so never logged in here.
 */
function isActive({ activeWithinMs, startedAt, state }: Sweep, { lastLogin, objectId }: UserRow): boolean {
  if (activeWithinMs === undefined || lastLogin === undefined) return false
  if (state.pass > 1 && lastLogin >= state.firstPassAt && !state.active.has(objectId)) return false
  return lastLogin > startedAt - activeWithinMs
}

function count(
  state: State,
  { created, objectId }: UserRow,
  outcome: Exclude<Outcome, { kind: 'stop' }>,
): void {
  state.cursor = { created, objectId }
  if (outcome.kind !== 'active') state.active.delete(objectId)
  switch (outcome.kind) {
    case 'current':
    case 'moved':
      state[outcome.kind] += 1
      return
    case 'to_do':
      return
    case 'not_ours':
    case 'known_not_ours':
      state.notOursSeen += 1
      return
    case 'active':
      state.active.add(objectId)
      add(state.skipped, 'active')
      return
    case 'skipped':
      add(state.skipped, outcome.code)
      return
    case 'failed':
      add(state.failed, outcome.code)
      if (state.failures.length < MOST_FAILURES_NAMED) state.failures.push({ objectId, code: outcome.code })
      return
    default:
      outcome satisfies never
  }
}

function add(counts: Record<string, number>, code: string): void {
  counts[code] = (counts[code] ?? 0) + 1
}
