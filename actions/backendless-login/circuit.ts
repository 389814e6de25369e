/** How long the circuit stays open, in milliseconds, before one request is let through. */
export const OPEN_MS = 5_000
/** Silence: this many requests wait, and none was answered for this many milliseconds. */
const SILENT_REQUESTS = 10
const SILENT_MS = 500
/** In milliseconds; no request takes this long. A request without a report by then is forgotten, so that it blocks no others. */
const LONGEST_REQUEST_MS = 5_000

/** What one request shows about Backendless. `unknown`: neither that it is down nor that it is up. */
export type Health = 'up' | 'down' | 'unknown'

type State =
  | { readonly kind: 'closed'; readonly failed: object | undefined }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'half_open'; readonly probe: object; readonly until: number }

const CLOSED: State = { kind: 'closed', failed: undefined }

/**
 * Rejects requests while Backendless is down, so that sign-ins do not wait in the executions that all applications of a
 * tenant share.
 *
 * It opens after two failures in a row of two different sign-ins, so that one sign-in whose data Backendless cannot process
 * does not stop everybody. One user who signs in twice can still open it for `OPEN_MS` (SECURITY.md). Then a single request,
 * the probe, is let through, and its result decides. A probe with the result `unknown` may be repeated at once.
 *
 * While it is closed, it also rejects requests during silence: at least ten wait, the oldest for 500 ms, and none was
 * answered or failed in that time. Otherwise every sign-in that begins before the first two failures would wait 2.5 s.
 *
 * It keeps no data of users. Each instance of the Action has its own circuit breaker, because instances share no memory.
 */
export class CircuitBreaker {
  readonly #now: () => number
  /** When each waiting request was sent, by sign-in, the oldest first. A sign-in sends one request at a time. */
  readonly #waiting = new Map<object, number>()
  #lastReportAt = Number.NEGATIVE_INFINITY
  #state: State = CLOSED

  /** `now`: the current time in milliseconds, from any origin. */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  /** Returns true if this sign-in may send a request now. Then `report` must follow. */
  admits(signIn: object): boolean {
    const now = this.#now()
    if (!this.#isAdmitted(signIn, now)) return false
    this.#waiting.set(signIn, now)
    return true
  }

  /** Reports the result of a request that was admitted. */
  report(signIn: object, health: Health): void {
    this.#waiting.delete(signIn)
    this.#lastReportAt = this.#now()
    if (health === 'up') {
      this.#state = CLOSED
      return
    }
    const state = this.#state
    switch (state.kind) {
      case 'closed':
        if (health !== 'down' || state.failed === signIn) return
        if (state.failed === undefined) this.#state = { kind: 'closed', failed: signIn }
        else this.#openFor(OPEN_MS)
        return
      case 'half_open':
        // Requests from before the circuit opened may still fail now. Only the probe decides.
        if (state.probe === signIn) this.#openFor(health === 'down' ? OPEN_MS : 0)
        return
      case 'open':
        return
      default:
        state satisfies never
    }
  }

  #isAdmitted(signIn: object, now: number): boolean {
    const state = this.#state
    if (state.kind === 'closed') return !this.#isSilent(now)
    if (now < state.until) return false
    this.#state = { kind: 'half_open', probe: signIn, until: now + LONGEST_REQUEST_MS }
    return true
  }

  #isSilent(now: number): boolean {
    for (const [signIn, sentAt] of this.#waiting) {
      if (now - sentAt >= LONGEST_REQUEST_MS) this.#waiting.delete(signIn)
      else
        return (
          this.#waiting.size >= SILENT_REQUESTS && now - Math.max(sentAt, this.#lastReportAt) >= SILENT_MS
        )
    }
    return false
  }

  #openFor(milliseconds: number): void {
    this.#state = { kind: 'open', until: this.#now() + milliseconds }
  }
}
