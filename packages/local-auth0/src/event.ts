// The `event` of the post-login trigger as plain data. It has no secrets, because each Action has its own.

/** A post-login event (v3). Fields beyond the named ones are allowed, as in Auth0. */
export interface PostLoginEvent {
  client: { client_id: string; name: string; metadata: Record<string, string>; [field: string]: unknown }
  connection: { id: string; name: string; strategy: string; [field: string]: unknown }
  request: {
    ip: string
    method: string
    query: Record<string, unknown>
    body: Record<string, unknown>
    geoip: Record<string, unknown>
    [field: string]: unknown
  }
  stats: { logins_count: number; [field: string]: unknown }
  tenant: { id: string; [field: string]: unknown }
  user: {
    user_id: string
    email?: string
    email_verified: boolean
    created_at: string
    updated_at: string
    app_metadata: Record<string, unknown>
    user_metadata: Record<string, unknown>
    identities: Identity[]
    [field: string]: unknown
  }
  transaction?: {
    protocol?: string
    requested_scopes?: string[]
    metadata?: Record<string, string | number | boolean>
    [field: string]: unknown
  }
  [field: string]: unknown
}

/** One of the accounts that are linked into a user; the first is the primary one. */
export interface Identity {
  connection?: string
  provider?: string
  user_id?: string
  isSocial?: boolean
  [field: string]: unknown
}

type OneLevel<Shape> = { [Key in keyof Shape]?: Shape[Key] | undefined }

/** Changes to an event: objects merge one level deep, and `undefined` removes a field. */
export type EventOverrides = {
  [Key in keyof PostLoginEvent]?: OneLevel<PostLoginEvent[Key]> | undefined
}

/** Returns the event of an interactive login by a returning database user with a verified address, with `overrides` merged in. */
export function loginEvent(overrides: EventOverrides = {}): PostLoginEvent {
  const event = completeEvent()
  for (const [key, change] of Object.entries(overrides)) {
    const base = event[key]
    event[key] =
      isPlainObject(base) && isPlainObject(change) ? withoutUndefined({ ...base, ...change }) : change
  }
  for (const key of Object.keys(event)) if (event[key] === undefined) delete event[key]
  return event
}

function completeEvent(): PostLoginEvent {
  return {
    client: { client_id: 'sBnPzPZ3HrgCvHGFGgKxbRkWxs1kIBoT', name: 'Web shop', metadata: {} },
    connection: { id: 'con_fpe5kj482KO1eOzQ', name: 'Username-Password-Authentication', strategy: 'auth0' },
    request: {
      ip: '203.0.113.7',
      method: 'GET',
      query: { response_type: 'code', scope: 'openid profile email', protocol: 'oauth2' },
      body: {},
      geoip: { countryCode: 'DE', countryName: 'Germany', cityName: 'Berlin', timeZone: 'Europe/Berlin' },
      hostname: 'login.example.com',
      language: 'en',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    },
    stats: { logins_count: 12 },
    tenant: { id: 'local' },
    user: {
      user_id: 'auth0|5f7c8ec7c33c6c004bbafe82',
      email: 'ada@example.com',
      email_verified: true,
      name: 'ada@example.com',
      nickname: 'ada',
      picture: 'https://s.gravatar.com/avatar/ada.png',
      created_at: '2025-03-01T09:15:00.000Z',
      updated_at: '2026-10-02T18:40:11.120Z',
      app_metadata: {},
      user_metadata: {},
      identities: [
        {
          connection: 'Username-Password-Authentication',
          provider: 'auth0',
          user_id: '5f7c8ec7c33c6c004bbafe82',
          isSocial: false,
        },
      ],
    },
    authentication: { methods: [{ name: 'pwd', timestamp: '2026-11-24T08:00:00.000Z' }] },
    authorization: { roles: [] },
    transaction: {
      protocol: 'oidc-basic-profile',
      requested_scopes: ['openid', 'profile', 'email'],
      redirect_uri: 'https://shop.example.com/callback',
      response_type: ['code'],
      locale: 'en',
      acr_values: [],
      ui_locales: [],
      metadata: {},
    },
  }
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
