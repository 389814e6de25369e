/** One request's share: Auth0 advises less than 10 s for a call, and gives a whole trigger 20 s. */
export const REQUEST_MS = 2_500
/** With less than this left, a request over the Internet cannot be expected to finish and is not started. */
const SHORTEST_REQUEST_MS = 100

/** The time that one sign-in may spend, counted from its start. */
export class Budget {
  readonly #started = performance.now()
  readonly #totalMs: number

  constructor(totalMs: number) {
    this.#totalMs = totalMs
  }

  elapsedMs(): number {
    return Math.round(performance.now() - this.#started)
  }

  /** Milliseconds that the next request may take, or undefined where it should not be started. */
  nextRequestMs(): number | undefined {
    const left = this.#totalMs - (performance.now() - this.#started)
    return left < SHORTEST_REQUEST_MS ? undefined : Math.min(REQUEST_MS, left)
  }
}
