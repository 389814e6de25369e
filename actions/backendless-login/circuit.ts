/** How long sign-ins end at once after Backendless was seen to be down, before one of them tries again. */
export const OPEN_MS = 5_000
/** A probe takes one request; one of which nothing is heard any more must not keep all others out. */
const LONGEST_PROBE_MS = 5_000

/** What one request says about Backendless. `unknown`: neither that it is down nor that it is up. */
export type Health = 'up' | 'down' | 'unknown'

type State =
  | { readonly kind: 'closed'; readonly failed: object | undefined }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'half_open'; readonly probe: object; readonly until: number }

const CLOSED: State = { kind: 'closed', failed: undefined }

/**
 * Ends requests at once while Backendless is down, so that sign-ins do not wait in the executions that all applications
 * of a tenant share. It opens after two failures in a row, of different sign-ins: one sign-in whose data Backendless cannot
 * digest must not close the door for everyone; a user who tries twice can, for `OPEN_MS` (SECURITY.md). Then one request is
 * let through, and decides.
 *
 * Holds no user's data. One for each instance of the Action: instances do not know of each other.
 */
export class CircuitBreaker {
  readonly #now: () => number
  #state: State = CLOSED

  constructor(now = () => performance.now()) {
    this.#now = now
  }

  /** Whether this sign-in may send a request now; if so, its `report` must follow. */
  admits(signIn: object): boolean {
    const state = this.#state
    if (state.kind === 'closed') return true
    if (this.#now() < state.until) return false
    this.#state = { kind: 'half_open', probe: signIn, until: this.#now() + LONGEST_PROBE_MS }
    return true
  }

  report(signIn: object, health: Health): void {
    if (health === 'up') {
      this.#state = CLOSED
      return
    }
    const state = this.#state
    switch (state.kind) {
      case 'closed':
        if (health !== 'down' || state.failed === signIn) return
        if (state.failed === undefined) this.#state = { kind: 'closed', failed: signIn }
        else this.#open()
        return
      case 'half_open':
        // Requests from before may fail as late as now: only the probe decides.
        if (state.probe === signIn) this.#open()
        return
      case 'open':
        return
      default:
        state satisfies never
    }
  }

  #open(): void {
    this.#state = { kind: 'open', until: this.#now() + OPEN_MS }
  }
}
