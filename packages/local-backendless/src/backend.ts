// The state behind the routes, and the rules that several routes share.
import { Refusal } from './errors.ts'
import { Lockout } from './lockout.ts'
import { Sessions } from './sessions.ts'
import type { KeyKind, Settings } from './settings.ts'
import { type Row, Users } from './users.ts'

export type Keys = Readonly<Record<KeyKind, string>>

/** The caller of a request: the kind of key in its URL, and the user of its token, if it has one. */
export interface Caller {
  readonly kind: KeyKind
  readonly token: string | undefined
  readonly user: Row | undefined
}

export class Backend {
  readonly appId: string
  readonly keys: Keys
  readonly settings: Settings
  readonly now: () => number
  readonly users: Users
  readonly sessions: Sessions
  readonly lockout: Lockout

  constructor(appId: string, keys: Keys, settings: Settings, now: () => number) {
    this.appId = appId
    this.keys = keys
    this.settings = settings
    this.now = now
    this.users = new Users(settings, now)
    this.sessions = new Sessions(settings, now)
    this.lockout = new Lockout(settings, now)
  }

  /** Returns the kind of this key; `undefined` for a key of another application. */
  kindOf(appId: unknown, apiKey: unknown): KeyKind | undefined {
    if (appId !== this.appId) return undefined
    if (apiKey === this.keys.rest) return 'rest'
    if (apiKey === this.keys.js) return 'js'
    return apiKey === this.keys.codeRunner ? 'codeRunner' : undefined
  }

  /** Opens a session and returns the answer of a login. @throws Refusal 3002 or 3044. */
  logIn(row: Row): Record<string, unknown> {
    const token = this.sessions.open(row.objectId)
    row.lastLogin = this.now()
    return { ...this.users.present(row), 'user-token': token }
  }

  /** Removes a user and the user's sessions. */
  remove(row: Row): void {
    this.sessions.closeAll(row.objectId)
    this.users.remove(row)
  }

  setPassword(row: Row, password: string): void {
    this.users.setPassword(row, password)
    if (this.settings.passwordChangeKillsTokens) this.sessions.closeAll(row.objectId)
  }

  /** Returns the user of a live session, even if the user has been disabled since. */
  holderOf(token: string): Row | undefined {
    const userId = this.sessions.userOf(token)
    return userId === undefined ? undefined : this.users.byId(userId)
  }

  /** Returns the user of a live session, unless the user is disabled. */
  ownerOf(token: string): Row | undefined {
    const row = this.holderOf(token)
    return row?.userStatus === 'DISABLED' ? undefined : row
  }

  /** True if the settings let the caller change or delete the row. With `ownRowOnly`, only its user and its owner may. */
  mayWrite(row: Row, { kind, user }: Caller): boolean {
    if (!this.settings.ownRowOnly || kind === 'codeRunner') return true
    return user !== undefined && (user.objectId === row.objectId || user.objectId === row.ownerId)
  }

  /** Updates a row through either API. The user of the token becomes its owner (`ownerId`). @throws Refusal before anything is written. */
  update(row: Row, values: Readonly<Record<string, unknown>>, caller: Caller): Record<string, unknown> {
    const { identityColumn, passwordChange } = this.settings
    const { password } = values
    if (password !== undefined) {
      if (typeof password !== 'string') throw new Refusal(3050)
      if (password === '') throw new Refusal(3045)
      if (!passwordChange && caller.kind !== 'codeRunner') throw new Refusal(3024)
    }
    if (Object.hasOwn(values, identityColumn)) {
      const identity = values[identityColumn]
      if (!isIdentity(identity)) throw new Refusal(3045)
      const holder = this.users.byIdentity(identity)
      if (holder !== undefined && holder !== row) throw new Refusal(3018)
    }
    this.users.checkTypes(values)
    this.users.update(row, values)
    if (caller.user !== undefined) row.ownerId = caller.user.objectId
    if (password !== undefined) this.setPassword(row, password)
    return this.users.present(row)
  }
}

export function isIdentity(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '')
}
