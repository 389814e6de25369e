// The Users table: rows, their password hashes, and an index by identity.
import { randomUUID } from 'node:crypto'
import { comparisonKey } from './compare.ts'
import { Refusal } from './errors.ts'
import { hashPassword, type PasswordHash, passwordMatches } from './passwords.ts'
import type { Selection } from './selection.ts'
import type { Settings } from './settings.ts'

/** A user as the API shows it. The password is stored elsewhere, as a hash. */
export interface Row {
  readonly objectId: string
  [column: string]: unknown
}

export type UserStatus = 'ENABLED' | 'DISABLED' | 'EMAIL_CONFIRMATION_PENDING' | 'GUEST'

/** The `socialAccount` of a user who registered with a password. */
export const OWN_ACCOUNT = 'BACKENDLESS'

/** Columns that Backendless writes itself. A client's values for them are ignored. */
const SYSTEM_COLUMNS = [
  'objectId',
  'created',
  'updated',
  'lastLogin',
  'ownerId',
  'userStatus',
  'socialAccount',
  '___class',
  'user-token',
]
const FIRST_COLUMNS: readonly (readonly [string, string | undefined])[] = [
  ...SYSTEM_COLUMNS.filter((column) => column !== 'user-token').map((column) => [column, undefined] as const),
  ['email', 'string'],
  ['name', 'string'],
  ['blUserLocale', 'string'],
]

export class Users {
  readonly #settings: Settings
  readonly #now: () => number
  readonly #rows: Row[] = []
  readonly #byId = new Map<string, Row>()
  readonly #passwords = new Map<string, PasswordHash>()
  /** The type of each column's values, as `typeof` names it; undefined until a value was written. */
  readonly #columns = new Map<string, string | undefined>(FIRST_COLUMNS)
  readonly #byIdentity = new Map<string, Row>()
  #indexedBy = ''

  constructor(settings: Settings, now: () => number) {
    this.#settings = settings
    this.#now = now
  }

  /** All rows in the order in which they were created. */
  get rows(): readonly Row[] {
    return this.#rows
  }

  /** The names of all columns. */
  get columns(): string[] {
    return [...new Set([...this.#columns.keys(), this.#settings.identityColumn])]
  }

  hasColumn(name: string): boolean {
    return this.#columns.has(name) || name === this.#settings.identityColumn
  }

  byId(objectId: string): Row | undefined {
    return this.#byId.get(objectId)
  }

  byIdentity(identity: string | number): Row | undefined {
    return this.#index().get(this.#key(identity))
  }

  /** Creates columns, as a developer does in the console. The first value that is written decides the type of a column. */
  declare(names: readonly string[]): void {
    for (const name of names) {
      if (name !== 'password' && name !== 'user-token' && !this.#columns.has(name))
        this.#columns.set(name, undefined)
    }
  }

  /** @throws Refusal 3049 if a value is not of its column's type, before anything is written. */
  checkTypes(values: Readonly<Record<string, unknown>>): void {
    for (const [column, value] of Object.entries(values)) {
      const type = this.#columns.get(column)
      if (type !== undefined && value !== null && typeof value !== type) throw new Refusal(3049)
    }
  }

  /** Adds a row without the rules of registration. `system` values replace the defaults. */
  insert(
    values: Readonly<Record<string, unknown>>,
    password: string | undefined,
    system: { readonly objectId?: string; readonly [column: string]: unknown } = {},
  ): Row {
    const { objectId = randomUUID().toUpperCase() } = system
    const row: Row = {
      ___class: 'Users',
      created: this.#now(),
      updated: null,
      lastLogin: null,
      userStatus: 'ENABLED' satisfies UserStatus,
      socialAccount: OWN_ACCOUNT,
      objectId,
      ownerId: objectId,
      ...this.#writable(values),
      ...system,
    }
    this.declare([this.#settings.identityColumn])
    this.#rows.push(row)
    this.#byId.set(row.objectId, row)
    if (password !== undefined) this.setPassword(row, password)
    this.#addToIndex(row)
    return row
  }

  /** Writes those columns that a client may write. */
  update(row: Row, values: Readonly<Record<string, unknown>>): void {
    const before = row[this.#settings.identityColumn]
    Object.assign(row, this.#writable(values), { updated: this.#now() })
    // Another row may have had the same key, so the index is rebuilt at the next lookup.
    if (before !== row[this.#settings.identityColumn]) this.#indexedBy = ''
  }

  remove(row: Row): void {
    this.#rows.splice(this.#rows.indexOf(row), 1)
    this.#byId.delete(row.objectId)
    this.#passwords.delete(row.objectId)
    this.#indexedBy = ''
  }

  setStatus(row: Row, status: UserStatus): void {
    row.userStatus = status
  }

  setPassword(row: Row, password: string): void {
    this.#passwords.set(row.objectId, hashPassword(password))
  }

  passwordIs(row: Row, password: string): boolean {
    const stored = this.#passwords.get(row.objectId)
    return stored !== undefined && passwordMatches(stored, password)
  }

  /** Returns the row with the selected columns of the table; null for a column without a value. */
  present(row: Row, selection?: Selection): Record<string, unknown> {
    const selected = selection ?? this.columns.map((column) => ({ column, name: column }))
    return Object.fromEntries(selected.map(({ column, name }) => [name, row[column] ?? null]))
  }

  #writable(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const written: Record<string, unknown> = {}
    for (const [column, value] of Object.entries(values)) {
      if (column === 'password' || SYSTEM_COLUMNS.includes(column)) continue
      if (!this.hasColumn(column) && !this.#settings.dynamicSchema) continue
      if (value !== null) this.#columns.set(column, this.#columns.get(column) ?? typeof value)
      else this.declare([column])
      written[column] = value
    }
    return written
  }

  // The settings may change between two requests, so each lookup compares the index with them.
  #index(): Map<string, Row> {
    const { identityColumn, compare } = this.#settings
    const wanted = `${compare} ${identityColumn}`
    if (this.#indexedBy !== wanted) {
      this.#indexedBy = wanted
      this.#byIdentity.clear()
      for (const row of this.#rows) this.#addToIndex(row)
    }
    return this.#byIdentity
  }

  #addToIndex(row: Row): void {
    const identity = row[this.#settings.identityColumn]
    if (typeof identity !== 'string' && typeof identity !== 'number') return
    const key = this.#key(identity)
    if (!this.#byIdentity.has(key)) this.#byIdentity.set(key, row)
  }

  #key(identity: string | number): string {
    return comparisonKey(String(identity), this.#settings.compare)
  }
}
