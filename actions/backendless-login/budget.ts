/** Time limit for one request, in milliseconds. Auth0 recommends less than 10 s for a call, and limits a trigger to 20 s. */
export const REQUEST_MS = 2_500
/** If less than this is left, in milliseconds, a request over the Internet cannot be expected to finish. */
const SHORTEST_REQUEST_MS = 100

/** The time limit of one sign-in. The clock starts when the budget is created. */
export class Budget {
  readonly #started = performance.now()
  readonly #totalMs: number
  /** Duration of the quickest request of this sign-in. The next one is expected to take at least as long. */
  #quickestMs: number | undefined

  /** `totalMs`: the setting `budgetMs`. */
  constructor(totalMs: number) {
    this.#totalMs = totalMs
  }

  /** Milliseconds since the start. */
  elapsedMs(): number {
    return Math.round(performance.now() - this.#started)
  }

  /** The time limit of the next request in milliseconds, or `undefined` if it cannot be expected to finish. */
  nextRequestMs(): number | undefined {
    const left = this.#totalMs - (performance.now() - this.#started)
    const needed = Math.min(Math.max(SHORTEST_REQUEST_MS, this.#quickestMs ?? 0), REQUEST_MS)
    return left < needed ? undefined : Math.min(REQUEST_MS, left)
  }

  /** Records how long an answered request took. */
  recordRequest(milliseconds: number): void {
    this.#quickestMs = Math.min(milliseconds, this.#quickestMs ?? milliseconds)
  }

  /** Waits and returns true; returns false at once if a request could not be expected to finish after the wait. */
  async pause(milliseconds: number): Promise<boolean> {
    const left = this.#totalMs - (performance.now() - this.#started)
    if (left - milliseconds < SHORTEST_REQUEST_MS) return false
    if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds))
    return true
  }
}
