// The `event` of each flow, made from the provider's request.
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { PostLoginEvent } from '../event.ts'
import type { Application, Connection } from './tenant-file.ts'
import type { User } from './users.ts'

/**
 * The flows that run the post-login trigger, in this order: a form was filled in, a session sufficed, `prompt=none`, a refresh
 * token was exchanged, a password was sent to the token endpoint.
 */
export type Flow = 'login' | 'sso' | 'silent' | 'refresh' | 'password'

/** The user, the application and the method of a sign-in. */
export interface SignIn {
  readonly flow: Flow
  readonly user: User
  readonly connection: Connection
  readonly application: Application
  /** How the user was authenticated: `pwd`, or `federated` for a connection that is not a database. */
  readonly method: string
  /** When the user was authenticated, in milliseconds since 1970. */
  readonly authenticatedAt: number
}

const PROTOCOLS: Readonly<Record<Flow, string>> = {
  login: 'oidc-basic-profile',
  sso: 'oidc-basic-profile',
  silent: 'oidc-basic-profile',
  refresh: 'oauth2-refresh-token',
  password: 'oauth2-password',
}

// Auth0 leaves the first five out of the query (docs: deprecations and migrations).
const SECRET_PARAMETERS = [
  'auth_session',
  'authn_response',
  'client_secret',
  'client_assertion',
  'refresh_token',
  'password',
  'code_verifier',
]

/** @param tenant the tenant's id. */
export function flowEvent(ctx: KoaContextWithOIDC, signIn: SignIn, tenant: string): PostLoginEvent {
  const { flow, user, connection, application, method, authenticatedAt } = signIn
  const parameters = given(ctx.oidc.params)
  const audience = parameters.audience ?? ctx.oidc.entities.RefreshToken?.resource
  return {
    client: {
      client_id: application.client_id,
      name: application.name,
      metadata: application.client_metadata,
    },
    connection: { id: connection.id, name: connection.name, strategy: connection.strategy },
    request: requestOf(ctx, flow, parameters),
    stats: { logins_count: user.logins_count },
    tenant: { id: tenant },
    user: profileOf(user),
    authentication: { methods: [{ name: method, timestamp: new Date(authenticatedAt).toISOString() }] },
    authorization: { roles: [] },
    ...(typeof audience === 'string' ? { resource_server: { identifier: audience } } : {}),
    transaction: transactionOf(ctx, flow, parameters),
  }
}

/**
 * The request of the event. After a form, it is the request that began the sign-in, not the post of the form. A token request
 * has its parameters in the body.
 */
function requestOf(
  ctx: KoaContextWithOIDC,
  flow: Flow,
  parameters: Readonly<Record<string, unknown>>,
): PostLoginEvent['request'] {
  const atTokenEndpoint = flow === 'refresh' || flow === 'password'
  return {
    ip: ctx.ip,
    method: atTokenEndpoint ? 'POST' : 'GET',
    query: atTokenEndpoint ? {} : parameters,
    body: atTokenEndpoint ? parameters : {},
    geoip: {},
    hostname: ctx.hostname,
    language: ctx.get('accept-language').split(',')[0],
    user_agent: ctx.get('user-agent'),
  }
}

function transactionOf(
  ctx: KoaContextWithOIDC,
  flow: Flow,
  {
    redirect_uri,
    state,
    response_mode,
    login_hint,
    ui_locales,
    acr_values,
  }: Readonly<Record<string, unknown>>,
): NonNullable<PostLoginEvent['transaction']> {
  const optional = { redirect_uri, state, response_mode, login_hint }
  const words = (value: unknown) => (typeof value === 'string' ? value.split(' ') : [])
  return {
    protocol: PROTOCOLS[flow],
    requested_scopes: [...ctx.oidc.requestParamScopes],
    response_type: flow === 'refresh' || flow === 'password' ? [] : ['code'],
    prompt: [...ctx.oidc.prompts],
    acr_values: words(acr_values),
    ui_locales: words(ui_locales),
    locale: 'en',
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    metadata: {},
  }
}

/** The user as Actions and the Management API see it. */
export function profileOf(user: User): PostLoginEvent['user'] {
  const { attributes, blocked: _blocked, logins_count: _count, identities, ...profile } = user
  return { ...attributes, ...profile, identities: [...identities] }
}

function given(parameters: object | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters ?? {}).filter(
      ([name, value]) => value !== undefined && !SECRET_PARAMETERS.includes(name),
    ),
  )
}
