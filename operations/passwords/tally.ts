import type { State } from './state.ts'
import type { UserOutcome } from './user.ts'
import type { UserRow } from './users.ts'

/** One outage must not count a whole table as failed. */
const MOST_UNAVAILABLE = 8
/** One user can be locked by anybody who has a public key. Several in a row may be locked by this command's own logins. */
const MOST_LOCKED = 5
const MOST_FAILURES_NAMED = 100

export type Outcome =
  | UserOutcome
  | { readonly kind: 'known_not_ours' }
  | { readonly kind: 'active' }
  | { readonly kind: 'to_do' }

/** What came of a user who was looked at. */
export type Settled = Exclude<Outcome, { kind: 'stop' }>

/** A user in line to be counted. */
export interface Entry {
  readonly row: UserRow
  outcome?: Settled
}

/**
 * Counts users in the order of creation, whichever of them ends first: the state's cursor follows the first who is not
 * done yet. Who got no answer, or is locked, waits, over the end of a page too, until another user gets another answer:
 * several in a row are a reason to stop, and the next run is to try them again.
 */
export class Tally {
  readonly #state: State
  readonly #onUser: (kind: Outcome['kind']) => void
  #waiting: Entry[] = []
  #unavailable = 0
  #locked = 0

  constructor(state: State, onUser: (kind: Outcome['kind']) => void) {
    this.#state = state
    this.#onUser = onUser
  }

  /** Not counted yet, in the order of creation. */
  get waiting(): readonly Entry[] {
    return this.#waiting
  }

  /** So many users in a row got no answer that it is an outage. */
  get isOutage(): boolean {
    return this.#unavailable >= MOST_UNAVAILABLE
  }

  /** So many users in a row are locked that to go on may lock others. */
  get isLocking(): boolean {
    return this.#locked >= MOST_LOCKED
  }

  begin(page: readonly UserRow[]): readonly Entry[] {
    const entries = page.map((row): Entry => ({ row }))
    this.#waiting.push(...entries)
    return entries
  }

  settle(entry: Entry, outcome: Settled): void {
    entry.outcome = outcome
    if (outcome.kind === 'not_ours') this.#state.notOurs.add(entry.row.objectId)
    if (wasAsked(outcome)) {
      this.#unavailable = isFor('outage', outcome) ? this.#unavailable + 1 : 0
      if (!isFor('lock', outcome)) this.#locked = 0
      // Who was locked when the last run stopped is passed over now: nobody can stop every run by locking a few accounts.
      else if (!this.#state.locked.has(entry.row.objectId)) this.#locked += 1
    }
    this.#countDone()
  }

  /** After the last user nobody is left who could show that Backendless answers others. */
  end(): void {
    this.#unavailable = 0
    this.#locked = 0
    this.#countDone()
  }

  /** The run stops because of them. */
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

/** Backendless was asked about the user. */
function wasAsked({ kind }: Settled): boolean {
  return kind !== 'known_not_ours' && kind !== 'active' && kind !== 'to_do'
}

function count(state: State, { created, objectId }: UserRow, outcome: Settled): void {
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
