// Locking an account after failed logins. Off by default.
import type { Settings } from './settings.ts'

interface Failures {
  count: number
  lockedAt: number | undefined
}

/** Counts failed logins per user. Those of an unknown identity are not counted. */
export class Lockout {
  readonly #settings: Settings
  readonly #now: () => number
  readonly #failures = new Map<string, Failures>()
  readonly #lockedByHand = new Set<string>()

  constructor(settings: Settings, now: () => number) {
    this.#settings = settings
    this.#now = now
  }

  /** Locks a user regardless of the settings, or ends that lock. */
  set(userId: string, locked: boolean): void {
    if (locked) this.#lockedByHand.add(userId)
    else this.#lockedByHand.delete(userId)
  }

  isLocked(userId: string): boolean {
    if (this.#lockedByHand.has(userId)) return true
    const failures = this.#failures.get(userId)
    if (this.#settings.failedLoginsLock === 0 || failures?.lockedAt === undefined) return false
    if (this.#now() - failures.lockedAt < this.#settings.lockMs) return true
    this.#failures.delete(userId)
    return false
  }

  /** The failure that reaches the limit still gets 3003. From the next one on, a login gets 3036. */
  failed(userId: string): void {
    const limit = this.#settings.failedLoginsLock
    if (limit === 0) return
    const failures = this.#failures.get(userId) ?? { count: 0, lockedAt: undefined }
    failures.count += 1
    if (failures.count >= limit) failures.lockedAt = this.#now()
    this.#failures.set(userId, failures)
  }

  succeeded(userId: string): void {
    if (this.#settings.successForgetsFailures) this.#failures.delete(userId)
  }
}
