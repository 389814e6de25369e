// User tokens: whose they are, and when an idle session ends.
import { randomUUID } from 'node:crypto'
import { Refusal } from './errors.ts'
import type { Settings } from './settings.ts'

interface Session {
  readonly userId: string
  usedAt: number
}

export class Sessions {
  readonly #settings: Settings
  readonly #now: () => number
  readonly #sessions = new Map<string, Session>()
  readonly #tokensOf = new Map<string, Set<string>>()

  constructor(settings: Settings, now: () => number) {
    this.#settings = settings
    this.#now = now
  }

  /** Returns a new token. The settings decide whether older ones end. @throws Refusal 3002 or 3044. */
  open(userId: string): string {
    const live = this.tokensOf(userId)
    const { multipleLogins, maxConcurrentLogins, logoutLastUser } = this.#settings
    if (multipleLogins) {
      if (live.length >= maxConcurrentLogins) throw new Refusal(3044)
    } else if (live.length > 0) {
      if (logoutLastUser) throw new Refusal(3002)
      this.closeAll(userId)
    }
    const token = randomUUID().toUpperCase()
    this.#sessions.set(token, { userId, usedAt: this.#now() })
    const tokens = this.#tokensOf.get(userId) ?? new Set<string>()
    this.#tokensOf.set(userId, tokens.add(token))
    return token
  }

  /** Returns the objectId of the live session's user. Does not prolong the session. */
  userOf(token: string): string | undefined {
    const session = this.#sessions.get(token)
    if (session === undefined) return undefined
    if (this.#now() - session.usedAt >= this.#settings.sessionMs) {
      this.close(token)
      return undefined
    }
    return session.userId
  }

  /** Restarts the inactivity timeout, as each call with the token does. */
  prolong(token: string): void {
    const session = this.#sessions.get(token)
    if (session !== undefined) session.usedAt = this.#now()
  }

  /** Live tokens, oldest first. */
  tokensOf(userId: string): string[] {
    return [...(this.#tokensOf.get(userId) ?? [])].filter((token) => this.userOf(token) !== undefined)
  }

  close(token: string): void {
    const session = this.#sessions.get(token)
    if (session === undefined) return
    this.#sessions.delete(token)
    this.#tokensOf.get(session.userId)?.delete(token)
  }

  closeAll(userId: string): void {
    for (const token of this.#tokensOf.get(userId) ?? []) this.#sessions.delete(token)
    this.#tokensOf.delete(userId)
  }
}
