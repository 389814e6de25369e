// The users of the Management API: those of the tenant, and those of events that were run directly.
import type { PostLoginEvent } from '../event.ts'
import { withMetadata } from './metadata.ts'

/** A change of a user. Metadata is merged by its top-level keys; null removes a key. */
export interface UserChange {
  readonly email?: string | undefined
  readonly email_verified?: boolean | undefined
  readonly blocked?: boolean | undefined
  readonly app_metadata?: Readonly<Record<string, unknown>> | undefined
  readonly user_metadata?: Readonly<Record<string, unknown>> | undefined
}

export interface UserSource {
  readonly all: () => readonly UserProfile[]
  /** False if there is no such user. */
  readonly change: (userId: string, change: UserChange) => boolean
}

export interface UserProfile {
  readonly user_id: string
  readonly app_metadata: Readonly<Record<string, unknown>>
  readonly [attribute: string]: unknown
}

export class UserDirectory {
  readonly #sources: UserSource[] = []
  readonly #seen = new Map<string, UserProfile>()

  constructor() {
    this.#sources.push({
      all: () => [...this.#seen.values()],
      change: (userId, change) => {
        const user = this.#seen.get(userId)
        if (user) this.#seen.set(userId, changed(user, change))
        return user !== undefined
      },
    })
  }

  /** Adds the users of a tenant. They take precedence over those of events. */
  add(source: UserSource): void {
    this.#sources.unshift(source)
  }

  /** Stores the user of an event, with the metadata that the Actions wrote. */
  signedIn({ user }: PostLoginEvent, written: Readonly<Record<string, unknown>>): void {
    this.#seen.set(user.user_id, { ...user, app_metadata: withMetadata(user.app_metadata, written) })
  }

  all(): UserProfile[] {
    const users = new Map<string, UserProfile>()
    for (const source of this.#sources) {
      for (const user of source.all()) if (!users.has(user.user_id)) users.set(user.user_id, user)
    }
    return [...users.values()]
  }

  /** Returns the changed user; `undefined` if there is none. */
  change(userId: string, change: UserChange): UserProfile | undefined {
    this.#sources.find((source) => source.change(userId, change))
    return this.all().find(({ user_id }) => user_id === userId)
  }
}

function changed(user: UserProfile, { app_metadata, user_metadata, ...attributes }: UserChange): UserProfile {
  return {
    ...user,
    ...attributes,
    ...(app_metadata === undefined ? {} : { app_metadata: withMetadata(user.app_metadata, app_metadata) }),
    ...(user_metadata === undefined
      ? {}
      : { user_metadata: withMetadata(user.user_metadata, user_metadata) }),
  }
}
