// The users of the tenant: those of the file, and those who signed up.
import { randomBytes } from 'node:crypto'
import type { Identity } from '../event.ts'
import type { UserChange } from '../users/directory.ts'
import { withMetadata } from '../users/metadata.ts'
import type { Connection, UserEntry } from './tenant-file.ts'

/** A user, as Auth0 stores it. */
export interface User {
  readonly user_id: string
  email?: string
  email_verified: boolean
  readonly username?: string
  readonly name: string
  blocked: boolean
  readonly created_at: string
  /** When the profile was changed last. */
  readonly updated_at: string
  logins_count: number
  app_metadata: Record<string, unknown>
  user_metadata: Record<string, unknown>
  /** Linked accounts, the primary one first. */
  identities: readonly Identity[]
  /** Other attributes of the user in the file. */
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Returns all claims about a user. The scopes decide which of them are issued. */
export function claimsOf(user: User): { sub: string; [claim: string]: unknown } {
  const { user_id, email, email_verified, name, updated_at, attributes } = user
  const address = email === undefined ? {} : { email, email_verified }
  return { ...attributes, sub: user_id, name, updated_at, ...address }
}

/** Why a sign-up was refused, in a sentence for the user. */
export class SignUpError extends Error {
  override readonly name = 'SignUpError'
}

/** Strategies of databases, passwordless and enterprise connections. All others count as social. */
const NOT_SOCIAL = new Set(
  'auth0 email sms ad adfs auth0-oidc google-apps ip office365 oidc okta pingfederate samlp sharepoint waad'.split(
    ' ',
  ),
)

export class Users {
  readonly #users = new Map<string, User>()
  readonly #passwords = new Map<string, string>()
  readonly #listed = new Set<string>()

  constructor(entries: readonly UserEntry[], connections: readonly Connection[]) {
    for (const entry of entries) {
      const strategy = connections.find(({ name }) => name === entry.connection)?.strategy ?? ''
      this.#users.set(entry.user_id, userOf(entry, strategy))
      this.#listed.add(entry.user_id)
      if (entry.password !== undefined) this.#passwords.set(entry.user_id, entry.password)
    }
  }

  get all(): readonly User[] {
    return [...this.#users.values()]
  }

  byId(userId: string): User | undefined {
    return this.#users.get(userId)
  }

  /** Returns the user of a database with this address or username, ignoring case, and this password. */
  authenticate(connection: string, name: string, password: string): User | undefined {
    const found = this.#named(connection, name)
    return found && this.#passwords.get(found.user_id) === password ? found : undefined
  }

  /** Adds a user to a database. @throws SignUpError */
  signUp(connection: string, email: string, password: string, verified: boolean): User {
    if (!/^[^\s@]+@[^\s@]+$/.test(email))
      throw new SignUpError('An e-mail address looks like ada@example.com.')
    if (password === '') throw new SignUpError('Please choose a password.')
    if (this.#named(connection, email)) throw new SignUpError('The user already exists.')
    const id = randomBytes(12).toString('hex')
    const now = new Date().toISOString()
    const user: User = {
      user_id: `auth0|${id}`,
      // Auth0 keeps the address of a database user in lower case.
      email: email.toLowerCase(),
      email_verified: verified,
      name: email.toLowerCase(),
      blocked: false,
      created_at: now,
      updated_at: now,
      logins_count: 0,
      app_metadata: {},
      user_metadata: {},
      identities: [{ connection, provider: 'auth0', user_id: id, isSocial: false }],
      attributes: { nickname: email.split('@')[0] },
    }
    this.#users.set(user.user_id, user)
    this.#passwords.set(user.user_id, password)
    return user
  }

  /** @throws Error if there is no such user. */
  change(userId: string, { app_metadata, user_metadata, ...attributes }: UserChange): void {
    const user = this.#existing(userId)
    Object.assign(user, attributes)
    user.app_metadata = withMetadata(user.app_metadata, app_metadata ?? {})
    user.user_metadata = withMetadata(user.user_metadata, user_metadata ?? {})
  }

  /** @throws Error if there is no such user. */
  remove(userId: string): void {
    this.#users.delete(this.#existing(userId).user_id)
    this.#passwords.delete(userId)
  }

  /** Adds one user's identities to another user and removes the first user, like Auth0's account linking. @throws Error if there is no such user. */
  link(primaryId: string, secondaryId: string): void {
    const [primary, secondary] = [this.#existing(primaryId), this.#existing(secondaryId)]
    const profileData = {
      email: secondary.email,
      email_verified: secondary.email_verified,
      name: secondary.name,
    }
    const added = secondary.identities.map((identity) => ({ ...identity, profileData }))
    primary.identities = [...primary.identities, ...added]
    this.#users.delete(secondaryId)
  }

  #existing(userId: string): User {
    const user = this.#users.get(userId)
    if (!user) throw new Error(`The tenant has no user ${userId}.`)
    return user
  }

  /** Returns the distinct passwords of a connection's users in the file, for the sign-in page. */
  listedPasswords(connection: string): string[] {
    const listed = this.of(connection).filter(({ user_id }) => this.#listed.has(user_id))
    return [...new Set(listed.flatMap(({ user_id }) => this.#passwords.get(user_id) ?? []))]
  }

  of(connection: string): User[] {
    return this.all.filter((user) => user.identities.some((identity) => identity.connection === connection))
  }

  #named(connection: string, name: string): User | undefined {
    const wanted = name.trim().toLowerCase()
    return this.of(connection).find(
      ({ email, username }) => email?.toLowerCase() === wanted || username?.toLowerCase() === wanted,
    )
  }
}

function userOf(entry: UserEntry, strategy: string): User {
  const {
    user_id,
    connection,
    email,
    email_verified,
    username,
    name = email ?? username ?? user_id,
    password: _password,
    blocked,
    logins_count,
    created_at,
    app_metadata,
    user_metadata,
    identities,
    ...attributes
  } = entry
  const own = {
    connection,
    provider: strategy,
    user_id: user_id.slice(user_id.indexOf('|') + 1),
    isSocial: !NOT_SOCIAL.has(strategy),
  }
  return {
    user_id,
    ...(email === undefined ? {} : { email }),
    email_verified,
    ...(username === undefined ? {} : { username }),
    name,
    blocked,
    created_at,
    updated_at: created_at,
    logins_count,
    app_metadata,
    user_metadata,
    identities: identities ?? [own],
    attributes,
  }
}
