// The state behind the routes, and the rules that several routes share.
import { Refusal } from './errors.ts'
import { Lockout } from './lockout.ts'
import { Sessions } from './sessions.ts'
import type { KeyKind, Settings } from './settings.ts'
import { type Row, Users } from './users.ts'

export type Keys = Readonly<Record<KeyKind, string>>

/** Who makes a request: the kind of key in its URL, and the user of its token, if it has one. */
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

  /** Which kind of key this is; undefined for one of another application. */
  kindOf(appId: unknown, apiKey: unknown): KeyKind | undefined {
    if (appId !== this.appId) return undefined
    if (apiKey === this.keys.rest) return 'rest'
    if (apiKey === this.keys.js) return 'js'
    return apiKey === this.keys.codeRunner ? 'codeRunner' : undefined
  }

  /** Opens a session and gives the answer of a login. Throws 3002 or 3044. */
  logIn(row: Row): Record<string, unknown> {
    const token = this.sessions.open(row.objectId)
    row.lastLogin = this.now()
    return { ...this.users.present(row), 'user-token': token }
  }

  /** Takes a user away, with the sessions. */
  remove(row: Row): void {
    this.sessions.closeAll(row.objectId)
    this.users.remove(row)
  }

  setPassword(row: Row, password: string): void {
    this.users.setPassword(row, password)
    if (this.settings.passwordChangeKillsTokens) this.sessions.closeAll(row.objectId)
  }

  /** The user of a token that has not ended, who may have been disabled meanwhile. */
  holderOf(token: string): Row | undefined {
    const userId = this.sessions.userOf(token)
    return userId === undefined ? undefined : this.users.byId(userId)
  }

  /** The user of a token that works. */
  ownerOf(token: string): Row | undefined {
    const row = this.holderOf(token)
    return row?.userStatus === 'DISABLED' ? undefined : row
  }

  /** Whether the settings let the caller change or delete the row. With `ownRowOnly`, an earlier writer may still own it. */
  mayWrite(row: Row, { kind, user }: Caller): boolean {
    if (!this.settings.ownRowOnly || kind === 'codeRunner') return true
    return user !== undefined && (user.objectId === row.objectId || user.objectId === row.ownerId)
  }

  /** The rules of an update through either API. A user's token makes that user the row's owner (`ownerId`). Throws before anything is written. */
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
