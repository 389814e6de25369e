// A user of a tenant over several sign-ins. What the Action writes to `app_metadata` is in the next event.
import type { EventOverrides } from '@backendless-login/local-auth0'
import type { LocalBackendless, Row } from '@backendless-login/local-backendless'
import type { Settings } from '../../actions/backendless-login/settings.ts'
import { firstSignIn, metadataKey, type SignInOptions, type SignInRecord, signIn } from './sign-in.ts'

export const OWNER_COLUMN = 'auth0Owner'

export interface PersonOptions extends Omit<SignInOptions, 'event'> {
  readonly email: string
  /** Default: derived from the address. */
  readonly userId?: string
}

export interface PersonVisit {
  readonly event?: EventOverrides
  readonly settings?: Partial<Settings>
  readonly secrets?: SignInOptions['secrets']
  /** False: Auth0 loses what the Action writes. */
  readonly keeps?: boolean
}

export class Person {
  readonly #options: PersonOptions
  readonly userId: string
  email: string
  verified = true
  /** Ids of linked accounts, `<provider>|<id>`. */
  linked: string[] = []
  metadata: Record<string, unknown> = {}
  /** Number of times that the Action wrote to `app_metadata`. */
  writes = 0

  constructor(options: PersonOptions) {
    this.#options = options
    this.email = options.email
    this.userId = options.userId ?? `auth0|${options.email.split('@')[0]}`
  }

  get app(): LocalBackendless {
    return this.#options.app
  }

  /** Returns what the Action remembers about this user. */
  get memory(): unknown {
    return this.metadata[metadataKey(this.app)]
  }

  set memory(value: unknown) {
    this.metadata[metadataKey(this.app)] = value
  }

  /** Signs in for the first time, just after sign-up. */
  signUp(visit: PersonVisit = {}): Promise<SignInRecord> {
    return this.signIn({ ...visit, event: { ...firstSignIn(), ...visit.event } })
  }

  async signIn({ event = {}, settings, secrets, keeps = true }: PersonVisit = {}): Promise<SignInRecord> {
    const { userId: _, email: __, ...options } = this.#options
    const record = await signIn({
      ...options,
      settings: { ownerColumn: OWNER_COLUMN, ...options.settings, ...settings },
      secrets: { ...options.secrets, ...secrets },
      event: { ...event, user: { ...this.#user(), ...event.user } },
    })
    this.writes += record.metadata.length
    if (keeps) Object.assign(this.metadata, structuredClone(Object.fromEntries(record.metadata)))
    return record
  }

  /** Returns the row that the token of a sign-in opens. */
  rowOf({ claim }: SignInRecord): Row | undefined {
    return this.app.ownerOf(String(claim))
  }

  #user(): EventOverrides['user'] {
    const identities = [this.userId, ...this.linked].map((id) => {
      const [provider = '', ...rest] = id.split('|')
      const connection = provider === 'auth0' ? 'Username-Password-Authentication' : provider
      return { provider, connection, user_id: rest.join('|') }
    })
    return {
      user_id: this.userId,
      email: this.email,
      email_verified: this.verified,
      identities,
      app_metadata: structuredClone(this.metadata),
    }
  }
}

/** Returns the UTC date. */
export function today(): string {
  return new Date().toISOString().slice(0, 10)
}
