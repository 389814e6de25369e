/** One request's share: Auth0 advises less than 10 s for a call, and gives a whole trigger 20 s. */
export const REQUEST_MS = 2_500
/** With less than this left, a request over the Internet cannot be expected to finish and is not started. */
const SHORTEST_REQUEST_MS = 100

/** The time that one sign-in may spend, counted from its start. */
export class Budget {
  readonly #started = performance.now()
  readonly #totalMs: number
  /** What the quickest request of this sign-in has taken: the next one takes no less. */
  #quickestMs: number | undefined

  constructor(totalMs: number) {
    this.#totalMs = totalMs
  }

  elapsedMs(): number {
    return Math.round(performance.now() - this.#started)
  }

  /** Milliseconds that the next request may take, or undefined where it cannot be expected to finish. */
  nextRequestMs(): number | undefined {
    const left = this.#totalMs - (performance.now() - this.#started)
    const needed = Math.min(Math.max(SHORTEST_REQUEST_MS, this.#quickestMs ?? 0), REQUEST_MS)
    return left < needed ? undefined : Math.min(REQUEST_MS, left)
  }

  /** Records how long an answered request took. */
  recordRequest(milliseconds: number): void {
    this.#quickestMs = Math.min(milliseconds, this.#quickestMs ?? milliseconds)
  }

  /** Waits, if a request can be expected to finish afterwards; says whether it did. */
  async pause(milliseconds: number): Promise<boolean> {
    const left = this.#totalMs - (performance.now() - this.#started)
    if (left - milliseconds < SHORTEST_REQUEST_MS) return false
    if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds))
    return true
  }
}
