import type { PassState } from './state.ts'
import type { UserOutcome } from './user.ts'
import type { UserRow } from './users.ts'

/** This many users in a row without an answer count as an outage, and not as failed. */
const MOST_UNAVAILABLE = 8
/** One user can be locked by anybody who has a public key. Several in a row may be locked by this command's own logins. */
const MOST_LOCKED = 5
const MOST_FAILURES_NAMED = 100

export type CountedOutcome =
  | UserOutcome
  | { readonly kind: 'known_not_ours' }
  | { readonly kind: 'active' }
  | { readonly kind: 'to_do' }

/** The result for one user. */
export type Settled = Exclude<CountedOutcome, { kind: 'stop' }>

/** A user who is waiting to be counted. */
export interface WaitingUser {
  readonly row: UserRow
  outcome?: Settled
}

/**
 * Counts users in the order of creation, in whatever order they finish. The state's cursor stays before the first user who is
 * not done. Users who got no answer, or are locked, are counted only once a later user gets another result, also across
 * pages: several in a row stop the run, and the next run tries them again.
 */
export class UserTally {
  readonly #state: PassState
  readonly #onUser: (kind: CountedOutcome['kind']) => void
  #waiting: WaitingUser[] = []
  #unavailable = 0
  #locked = 0

  constructor(state: PassState, onUser: (kind: CountedOutcome['kind']) => void) {
    this.#state = state
    this.#onUser = onUser
  }

  /** Not counted yet, in the order of creation. */
  get waiting(): readonly WaitingUser[] {
    return this.#waiting
  }

  /** True if enough users in a row got no answer to count as an outage. */
  get isOutage(): boolean {
    return this.#unavailable >= MOST_UNAVAILABLE
  }

  /** True if enough users in a row are locked that continuing may lock others. */
  get isLocking(): boolean {
    return this.#locked >= MOST_LOCKED
  }

  begin(page: readonly UserRow[]): readonly WaitingUser[] {
    const entries = page.map((row): WaitingUser => ({ row }))
    this.#waiting.push(...entries)
    return entries
  }

  settle(entry: WaitingUser, outcome: Settled): void {
    entry.outcome = outcome
    if (outcome.kind === 'not_ours') this.#state.notOurs.add(entry.row.objectId)
    if (wasAsked(outcome)) {
      this.#unavailable = isFor('outage', outcome) ? this.#unavailable + 1 : 0
      if (!isFor('lock', outcome)) this.#locked = 0
      // Users who were locked when the last run stopped are skipped now, so that locking a few accounts cannot stop every run.
      else if (!this.#state.locked.has(entry.row.objectId)) this.#locked += 1
    }
    this.#countDone()
  }

  /** Called after the last user: no later user can show that Backendless answers others. */
  end(): void {
    this.#unavailable = 0
    this.#locked = 0
    this.#countDone()
  }

  /** The users because of whom the run stops. */
  rememberLocked(): void {
    for (const { row, outcome } of this.#waiting) {
      if (outcome && isFor('lock', outcome)) this.#state.locked.add(row.objectId)
    }
  }

  #isHeld(outcome: Settled): boolean {
    return (this.#unavailable > 0 && isFor('outage', outcome)) || (this.#locked > 0 && isFor('lock', outcome))
  }

  #countDone(): void {
    let done = 0
    for (const { row, outcome } of this.#waiting) {
      if (!outcome || this.#isHeld(outcome)) break
      count(this.#state, row, outcome)
      done += 1
      this.#onUser(outcome.kind)
    }
    this.#waiting.splice(0, done)
  }
}

function isFor(cause: 'lock' | 'outage', outcome: Settled): boolean {
  return outcome.kind === 'failed' && outcome.cause === cause
}

/** True if Backendless was asked about the user. */
function wasAsked({ kind }: Settled): boolean {
  return kind !== 'known_not_ours' && kind !== 'active' && kind !== 'to_do'
}

function count(state: PassState, { created, objectId }: UserRow, outcome: Settled): void {
  state.cursor = { created, objectId }
  if (outcome.kind !== 'active') state.active.delete(objectId)
  switch (outcome.kind) {
    case 'current':
      state.current += 1
      return
    case 'moved':
      state.moved += 1
      if (outcome.from !== undefined) state.found.add(outcome.from)
      return
    case 'retired':
      add(state.retired, outcome.id)
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
