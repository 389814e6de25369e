// People of a tenant, and what must be true of each of their sign-ins. Written from docs/outcomes.md and SECURITY.md, not from the code.
import assert from 'node:assert/strict'
import type { LocalBackendless, Row } from '@backendless-login/local-backendless'
import type { PasswordSetting } from '../../actions/backendless-login/settings.ts'
import { derived, storedPassword, using } from './older-passwords.ts'
import { OWNER_COLUMN, Person, type PersonVisit } from './person.ts'
import { firstSignIn, type SignInRecord } from './sign-in.ts'

export type PeopleStep =
  | { readonly kind: 'signIn'; readonly who: number; readonly times: number }
  | { readonly kind: 'signInAtOnce'; readonly who: number; readonly other: number }
  | ({ readonly kind: 'signInWithLoss'; readonly who: number; readonly keeps: boolean } & Loss)
  | { readonly kind: 'changeAddress'; readonly who: number; readonly address: number }
  | { readonly kind: 'swap' | 'link'; readonly who: number; readonly other: number }
  | { readonly kind: 'unlink' | 'restoreMemory'; readonly who: number }
  | { readonly kind: 'forgeMemory'; readonly who: number; readonly address: number }
  | { readonly kind: 'rotate'; readonly perUser: boolean }
  | { readonly kind: 'stepBack' | 'retire' | 'nextDay' }
  | { readonly kind: 'deleteRow'; readonly address: number }
  | { readonly kind: 'refuseRenames'; readonly refused: boolean }

/** The request that is lost, and whether Backendless processes it. */
interface Loss {
  readonly route: string
  readonly nth: number
  readonly after: boolean
}

const MOST_IN_USE = 3
const STRANGER = 'stranger@example.com'
/** Two of them are equal in a loose database. One has a row that was registered before the owner column existed. */
const LEGACY = 'legacy@example.com'
export const ADDRESSES: readonly string[] = [
  ...['ada', 'áda', 'bob', 'carl', 'dora', 'eve', 'fay', 'gil', 'hal', 'ida', 'joy', 'kit', 'leo', 'zoë'].map(
    (name) => `${name}@example.com`,
  ),
  ...[LEGACY, STRANGER],
]

/** The required result of a sign-in without a fault and without a concurrent one. */
type Expected =
  | { readonly kind: 'row'; readonly objectId: string }
  | { readonly kind: 'newRow' }
  | { readonly kind: 'kept out'; readonly codes: readonly string[] }

export class People {
  readonly #app: LocalBackendless
  readonly #people: Person[] = []
  /** Linked accounts, with the addresses that they had. */
  readonly #linked = new Map<string, string>()
  readonly #snapshots = new Map<string, unknown>()
  readonly #owners = new Map<string, unknown>()
  #passwords: PasswordSetting[] = [derived('0')]
  #rotations = 0
  tokens = 0
  renamed = 0
  ownerMismatches = 0

  constructor(app: LocalBackendless) {
    this.#app = app
    app.addUser({ email: STRANGER, password: 'somebody else knows this' })
    app.addUser({ email: LEGACY, password: storedPassword(app, derived('0'), LEGACY) })
    for (const [index, email] of ADDRESSES.slice(0, 6).entries()) {
      this.#people.push(new Person({ app, email, userId: `auth0|${index}` }))
    }
  }

  async play(step: PeopleStep): Promise<void> {
    await this.#take(step)
    this.#checkRows()
  }

  async #take(step: PeopleStep): Promise<void> {
    switch (step.kind) {
      case 'signIn':
        for (let n = 0; n < step.times; n += 1) await this.#signIn(this.#person(step.who))
        return
      case 'signInAtOnce':
        return this.#signInAtOnce(this.#person(step.who), this.#person(step.other))
      case 'signInWithLoss': {
        const { route, nth, after, keeps } = step
        const remove = this.#app.faults.add({ route, nth, fault: { kind: 'reset', after } })
        await this.#visit(this.#person(step.who), { keeps })
        return remove()
      }
      case 'changeAddress': {
        this.#person(step.who).email = ADDRESSES[step.address] ?? STRANGER
        return
      }
      case 'swap': {
        const [one, other] = [this.#person(step.who), this.#person(step.other)]
        const { email } = one
        one.email = other.email
        other.email = email
        return
      }
      case 'link':
        return this.#link(this.#person(step.who), this.#person(step.other))
      case 'unlink':
        return this.#unlink(this.#person(step.who))
      case 'restoreMemory': {
        const person = this.#person(step.who)
        const before = this.#snapshots.get(person.userId)
        this.#snapshots.set(person.userId, structuredClone(person.memory))
        if (before !== undefined) person.memory = before
        return
      }
      case 'forgeMemory':
        this.#person(step.who).memory = { identity: ADDRESSES[step.address] }
        return
      case 'rotate':
        if (this.#passwords.length === MOST_IN_USE) return
        this.#rotations += 1
        this.#passwords.unshift({ id: String(this.#rotations), perUser: step.perUser })
        return
      case 'nextDay':
        for (const person of this.#people) {
          const { unclaimed: _, ...memory } = Object(person.memory)
          if (memory.identity) person.memory = memory.at ? { ...memory, at: '2026-01-01' } : memory
        }
        return
      case 'deleteRow': {
        const row = this.#app.user(ADDRESSES[step.address] ?? STRANGER)
        if (row && row.email !== STRANGER) await this.#asOperator('DELETE', `data/Users/${row.objectId}`)
        return
      }
      case 'stepBack': {
        const [first, second, ...rest] = this.#passwords
        if (first && second) this.#passwords = [second, first, ...rest]
        return
      }
      case 'retire':
        return this.#retire()
      case 'refuseRenames':
        this.#app.settings.passwordChange = !step.refused
        return
      default:
        step satisfies never
    }
  }

  #person(index: number): Person {
    const person = this.#people[index % this.#people.length]
    assert.ok(person)
    return person
  }

  async #signIn(person: Person): Promise<void> {
    const expected = this.#expect(person)
    const login = await this.#visit(person)
    const row = person.rowOf(login)
    const line = `${person.userId} as ${person.email}: ${login.lines[0]}`
    if (expected.kind === 'kept out') {
      assert.ok(expected.codes.includes(login.code ?? ''), `${line}, not ${expected.codes}`)
      if (login.code === 'owner_mismatch') this.ownerMismatches += 1
    } else if (expected.kind === 'row') {
      assert.equal(row?.objectId, expected.objectId, line)
    } else {
      assert.deepEqual([row?.email, row?.[OWNER_COLUMN]], [person.email, person.userId], line)
    }
  }

  /** The same person at two places, or two people. Of two people, either may become the owner of a row without one. */
  async #signInAtOnce(one: Person, other: Person): Promise<void> {
    const isContested = one !== other && one.email === other.email
    if (isContested && !this.#app.user(one.email)?.[OWNER_COLUMN]) return
    const logins = await Promise.all([one, other].map((person) => this.#visit(person)))
    if (one === other && this.#expect(one).kind !== 'kept out') {
      for (const { claim, lines } of logins) assert.ok(claim, lines[0])
    }
  }

  /** Signs in, and asserts what is true of every sign-in, whatever is lost and whoever else signs in at the same time. */
  async #visit(person: Person, visit: PersonVisit = {}): Promise<SignInRecord> {
    const ids = idsOf(person)
    const rowBefore = this.#reachable(person)
    const rowsBefore = new Set(this.#rows().map(({ objectId }) => objectId))
    const { settings, secrets } = using(this.#passwords)
    const young = person.memory === undefined ? firstSignIn() : {}
    const login = await person.signIn({ event: young, settings, secrets, ...visit })
    const row = person.rowOf(login)
    if (!row) {
      assert.equal(login.claim, undefined)
      return login
    }
    this.tokens += 1
    if (login.code === 'renamed') this.renamed += 1
    const owner = row[OWNER_COLUMN]
    assert.ok(!owner || ids.includes(String(owner)), `${person.userId} opened the row of ${owner}`)
    if (!rowsBefore.has(row.objectId) && this.#owners.get(row.objectId) === undefined) {
      assert.equal(rowBefore, undefined, `${person.userId} got a second row beside ${rowBefore?.email}`)
    }
    return login
  }

  /** The row by the documents: the remembered one if it is the user's, else the row of the address. */
  #expect(person: Person): Expected {
    const own = this.#reachable(person)
    if (own) return { kind: 'row', objectId: own.objectId }
    const row = this.#app.user(person.email)
    if (!row) return { kind: 'newRow' }
    if (row.email !== person.email)
      return { kind: 'kept out', codes: ['password_mismatch', 'identity_mismatch'] }
    if (!this.#isOpened(row)) return { kind: 'kept out', codes: ['password_mismatch'] }
    if (row[OWNER_COLUMN]) return { kind: 'kept out', codes: ['owner_mismatch'] }
    return { kind: 'row', objectId: row.objectId }
  }

  /** The row that belongs to the user, that one of our passwords opens, and that the memory or the address names. */
  #reachable(person: Person): Row | undefined {
    const remembered = Reflect.get(Object(person.memory), 'identity')
    return [remembered, person.email]
      .map((email) => ({ email, row: this.#app.user(String(email)) }))
      .find(({ email, row }) => {
        return (
          row?.email === email && idsOf(person).includes(String(row?.[OWNER_COLUMN])) && this.#isOpened(row)
        )
      })?.row
  }

  #isOpened(row: Row | undefined): boolean {
    const email = String(row?.email)
    return this.#passwords.some((password) =>
      this.#app.passwordIs(email, storedPassword(this.#app, password, email)),
    )
  }

  #rows(): Row[] {
    const rows = ADDRESSES.flatMap((email) => this.#app.user(email) ?? [])
    return [...new Map(rows.map((row) => [row.objectId, row])).values()]
  }

  /** Asserts that owners do not change, that one of our passwords opens each of our rows, and that the stranger's row is unchanged. */
  #checkRows(): void {
    for (const row of this.#rows()) {
      const before = this.#owners.get(row.objectId)
      const owner = row[OWNER_COLUMN] || undefined
      if (before !== undefined) assert.equal(owner, before, `the owner of ${row.email} changed`)
      if (owner !== undefined) this.#owners.set(row.objectId, owner)
      if (row.email !== STRANGER) assert.ok(this.#isOpened(row), `no password opens ${row.email}`)
    }
    assert.ok(this.#app.passwordIs(STRANGER, 'somebody else knows this'))
    assert.deepEqual(this.#app.sessionsOf(STRANGER), [])
  }

  #link(primary: Person, secondary: Person): void {
    if (primary === secondary || this.#people.length <= 3) return
    primary.linked.push(secondary.userId, ...secondary.linked)
    this.#linked.set(secondary.userId, secondary.email)
    this.#people.splice(this.#people.indexOf(secondary), 1)
  }

  /** Makes the account a user of its own again, without a memory. */
  #unlink(primary: Person): void {
    const userId = primary.linked.pop()
    if (userId === undefined) return
    const email = this.#linked.get(userId) ?? STRANGER
    this.#people.push(new Person({ app: this.#app, email, userId }))
  }

  /** Moves everybody to the current password, as `npm run passwords` does, then retires the oldest. */
  async #retire(): Promise<void> {
    const [current] = this.#passwords
    if (!current || this.#passwords.length === 1) return
    this.#app.settings.passwordChange = true
    for (const row of this.#rows().filter((one) => this.#isOpened(one))) {
      const password = storedPassword(this.#app, current, String(row.email))
      await this.#asOperator('PUT', `users/${row.objectId}`, { password })
    }
    this.#passwords.pop()
  }

  async #asOperator(method: string, path: string, body: object = {}): Promise<void> {
    const { url, appId, keys } = this.#app
    const response = await fetch(`${url}/${appId}/${keys.codeRunner}/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    assert.ok(response.ok, `${method} ${path}`)
  }
}

function idsOf({ userId, linked }: Person): string[] {
  return [userId, ...linked]
}
