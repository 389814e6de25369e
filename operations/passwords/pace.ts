import { setTimeout as pause } from 'node:timers/promises'

/** A token bucket: limits requests per second, and allows a few at once after a pause. */
export class Pace {
  readonly #intervalMs: number
  readonly #burst: number
  /** When the next request is due. */
  #next = 0

  constructor(perSecond: number, burst: number) {
    this.#intervalMs = 1000 / perSecond
    this.#burst = burst
  }

  /** Resolves when the caller may send one request. */
  async turn(): Promise<void> {
    const now = performance.now()
    const due = Math.max(this.#next, now - (this.#burst - 1) * this.#intervalMs)
    this.#next = due + this.#intervalMs
    if (due > now) await pause(due - now)
  }
}
