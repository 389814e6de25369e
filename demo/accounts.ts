// The users of the demo's tenant and their rows, and the changes that the page makes to them.
import type { OpenTenant } from '@backendless-login/local-auth0/oidc'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { identityFrom } from '../actions/backendless-login/identity.ts'
import { userPassword } from '../actions/backendless-login/password.ts'
import { Secret } from '../actions/backendless-login/secret.ts'
import { setRowPassword } from './backendless-behaviour.ts'
import type { DeployedProgram } from './deployed.ts'
import { DEMO_OWNER_COLUMN } from './services.ts'

/** The Auth0 password of the tenant's users, and of a user who takes an old address. */
const AUTH0_PASSWORD = 'let-me-in'

/** An Auth0 user, with the user's present and previous addresses. */
export interface Account {
  readonly userId: string
  readonly email: string | undefined
  readonly verified: boolean
  readonly appMetadata: Readonly<Record<string, unknown>>
  readonly addresses: readonly {
    readonly address: string
    /** The user who has the address in Auth0 now. */
    readonly userId: string | undefined
    readonly row: { readonly objectId: string; readonly owner: string | undefined } | undefined
  }[]
}

export class Accounts {
  readonly #tenant: OpenTenant
  readonly #backendless: LocalBackendless
  readonly #program: DeployedProgram
  readonly #changes: { readonly userId: string; readonly from: string; readonly to: string }[] = []
  readonly #lost = new Set<string>()

  constructor(tenant: OpenTenant, backendless: LocalBackendless, program: DeployedProgram) {
    this.#tenant = tenant
    this.#backendless = backendless
    this.#program = program
  }

  /** Addresses whose rows have a password that the Action does not know. */
  get lost(): readonly string[] {
    return [...this.#lost]
  }

  /** Adds rows for those listed users who can sign in, as if they had signed in before. */
  addRowsOfListedUsers(): void {
    for (const { user_id, email, email_verified, blocked, name, identities } of this.#tenant.users()) {
      if (email === undefined || !email_verified || blocked || identities[0]?.provider !== 'auth0') continue
      this.#backendless.addUser({
        email,
        name,
        password: this.#expectedPassword(email),
        [DEMO_OWNER_COLUMN]: user_id,
      })
    }
  }

  /** @throws Error if there is no such user. */
  of(userId: string): Account {
    const { email, email_verified, app_metadata } = this.#user(userId)
    const own = [email, ...this.#changes.filter((each) => each.userId === userId).map(({ from }) => from)]
    const related = this.#changes.filter(({ from, to }) => own.includes(from) || own.includes(to))
    const addresses = new Set([...related.flatMap(({ from, to }) => [from, to]), ...own])
    return {
      userId,
      email,
      verified: email_verified,
      appMetadata: app_metadata,
      addresses: [...addresses].flatMap((address) =>
        address === undefined ? [] : [this.#addressOf(address)],
      ),
    }
  }

  /** Changes the user's address in Auth0 to another verified one. Backendless is not changed. @throws Error for an unknown user. */
  changeAddress(userId: string): Account {
    const { email: from } = this.#user(userId)
    if (from === undefined) throw new Error('This user has no address.')
    const to = this.#freeAddress(from)
    this.#tenant.change(userId, { email: to, email_verified: true })
    this.#changes.push({ userId, from, to })
    return this.of(userId)
  }

  /** Signs up a new user with this user's previous address. @throws Error if it is in use. */
  takeOldAddress(userId: string): { readonly email: string; readonly password: string } {
    const last = this.#changes.findLast((change) => change.userId === userId)
    if (!last) throw new Error('Change your address first.')
    if (this.#holderOf(last.from) === undefined) this.#tenant.signUp(last.from, AUTH0_PASSWORD, true)
    return { email: last.from, password: AUTH0_PASSWORD }
  }

  /** Sets a password that the Action does not know. @throws Error if the row does not exist. */
  async loseRow(email: string): Promise<void> {
    await setRowPassword(this.#backendless, email, 'known to somebody else')
    this.#lost.add(email)
  }

  /** Sets the password that the Action expects. @throws Error if the row does not exist. */
  async repairRow(email: string): Promise<void> {
    await setRowPassword(this.#backendless, email, this.#expectedPassword(email))
    this.#lost.delete(email)
  }

  #addressOf(address: string): Account['addresses'][number] {
    const row = this.#backendless.user(address)
    const owner = row?.[DEMO_OWNER_COLUMN]
    return {
      address,
      userId: this.#holderOf(address),
      row: row && { objectId: row.objectId, owner: typeof owner === 'string' ? owner : undefined },
    }
  }

  #expectedPassword(email: string): string {
    const identity = identityFrom('email', email)
    if (!identity) throw new Error('This is not an address with which anybody can sign in.')
    const { id, value } = this.#program.currentPassword
    const password = { id, perUser: true, value: new Secret(value) }
    return userPassword(password, new Secret(this.#backendless.appId), identity).reveal()
  }

  /** `ada@example.com`, `ada.2@example.com`, `ada.3@example.com`, … */
  #freeAddress(from: string): string {
    const [local = '', domain = ''] = from.split('@')
    const name = local.replace(/\.\d+$/, '')
    for (let number = 2; ; number += 1) {
      const address = `${name}.${number}@${domain}`
      const wasUsed = this.#changes.some((change) => change.from === address)
      if (!wasUsed && this.#holderOf(address) === undefined) return address
    }
  }

  #holderOf(address: string): string | undefined {
    return this.#tenant.users().find(({ email }) => email === address)?.user_id
  }

  #user(userId: string) {
    const user = this.#tenant.users().find(({ user_id }) => user_id === userId)
    if (!user) throw new Error('The tenant has no such user.')
    return user
  }
}
