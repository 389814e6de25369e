import type { Identity, PostLoginEvent, User } from './auth0.ts'
import { identityOf } from './identity.ts'
import type { FailureCode, GateSkipCode } from './outcomes.ts'
import type { Secret } from './secret.ts'
import type { Settings } from './settings.ts'

/** What is known of a sign-in before anything is asked of Backendless. */
export type Gate =
  | { readonly kind: 'pass'; readonly identity: Secret; readonly brandNew: boolean }
  | { readonly kind: 'skip'; readonly code: GateSkipCode | FailureCode }
  | { readonly kind: 'deny'; readonly code: FailureCode }

const NEW_FOR_MS = 60 * 60 * 1000

/** Protocols that answer with an assertion, not with an ID token. */
const WITHOUT_ID_TOKEN = new Set(['samlp', 'wsfed', 'wstrust-usernamemixed'])

/**
 * Strategies whose addresses Auth0 itself or a public provider verifies: databases, passwordless, social. Whatever is
 * not here (enterprise, generic OAuth2 and OIDC, unknown) can assert any address and counts only when it is named.
 */
const VERIFYING_STRATEGIES = new Set(
  [
    'auth0 email sms amazon apple baidu bitbucket box dropbox evernote exact facebook fitbit github',
    'google-oauth2 instagram line linkedin paypal paypal-sandbox planningcenter salesforce',
    'salesforce-community shopify soundcloud thirtysevensignals twitter vkontakte weibo windowslive',
    'wordpress yahoo yandex',
  ].flatMap((names) => names.split(' ')),
)

/** Decides from the event alone whether this sign-in asks for a token, and for whom. `now`: ms since the epoch. */
export function gate(settings: Settings, event: PostLoginEvent, now: number): Gate {
  const user = event.user ?? {}
  const interactive = isInteractive(event)
  const skip = (code: GateSkipCode): Gate => ({ kind: 'skip', code })

  if (!hasIdToken(event)) return skip('no_id_token')
  if (!isListed(settings.clients, event.client?.client_id)) return skip('client_not_listed')
  if (settings.connections.length > 0 && !isNamed(settings, event.connection?.name))
    return skip('connection_not_listed')
  if (settings.skipRefresh && !interactive) return skip('refresh_skipped')

  const identity = identityOf(settings.identity, user)
  if (settings.identity === 'user_id') {
    if (!identity) return { kind: 'deny', code: 'user_id_missing' }
  } else {
    if (!identity) return unverified(settings, 'email_missing')
    const problem = settings.unverified === 'accept' ? undefined : addressProblem(settings, event, user)
    if (problem) return unverified(settings, problem)
  }
  return { kind: 'pass', identity, brandNew: interactive && isBrandNew(event, user, now) }
}

/** Whether somebody sits before it: neither a refresh-token exchange nor a silent sign-in. */
export function isInteractive(event: PostLoginEvent): boolean {
  return !isRefresh(event) && !isSilent(event)
}

function isRefresh(event: PostLoginEvent): boolean {
  return event.transaction?.protocol === 'oauth2-refresh-token'
}

function isSilent(event: PostLoginEvent): boolean {
  const prompt = event.transaction?.prompt
  // No protocol of its own: the query says it, the transaction may (both unconfirmed on a tenant, so either counts).
  return event.request?.query?.prompt === 'none' || (Array.isArray(prompt) && prompt.includes('none'))
}

function hasIdToken(event: PostLoginEvent): boolean {
  const { protocol, requested_scopes: scopes, response_type: types } = event.transaction ?? {}
  if (protocol !== undefined && WITHOUT_ID_TOKEN.has(protocol)) return false
  // A refresh may name no scopes and then gets those of the sign-in; `transaction` as a whole is optional.
  if (Array.isArray(scopes) && !(isRefresh(event) && scopes.length === 0) && !scopes.includes('openid'))
    return false
  if (!Array.isArray(types) || types.length === 0) return true
  return types.includes('code') || types.includes('id_token')
}

function isListed(clients: readonly string[], id: string | undefined): boolean {
  return clients.includes('*') || (id !== undefined && clients.includes(id))
}

function isNamed(settings: Settings, connection: string | undefined): boolean {
  return connection !== undefined && settings.connections.includes(connection)
}

/** An address counts when Auth0 calls it verified, and both connections that can have asserted it may do so. */
function addressProblem(
  settings: Settings,
  event: PostLoginEvent,
  user: User,
): 'email_unverified' | 'email_untrusted' | undefined {
  if (user.email_verified !== true) return 'email_unverified'
  const primary = primaryIdentity(user)
  const trusted =
    mayAssert(settings, event.connection?.strategy, event.connection?.name) &&
    mayAssert(settings, primary?.provider, primary?.connection)
  return trusted ? undefined : 'email_untrusted'
}

function mayAssert(
  settings: Settings,
  strategy: string | undefined,
  connection: string | undefined,
): boolean {
  return isNamed(settings, connection) || (strategy !== undefined && VERIFYING_STRATEGIES.has(strategy))
}

/** Whose address `user.email` is. `user_id` is `<provider>|<id>` of the primary identity. */
function primaryIdentity(user: User): Identity | undefined {
  const identities = Array.isArray(user.identities) ? user.identities : []
  const byId = identities.find((one) => `${one?.provider}|${one?.user_id}` === user.user_id)
  return byId ?? identities[0] ?? { provider: String(user.user_id).split('|')[0] ?? '' }
}

function isBrandNew(event: PostLoginEvent, user: User, now: number): boolean {
  const age = now - Date.parse(user.created_at ?? '')
  return event.stats?.logins_count === 1 && Math.abs(age) < NEW_FOR_MS
}

function unverified(
  settings: Settings,
  code: 'email_missing' | 'email_unverified' | 'email_untrusted',
): Gate {
  return { kind: settings.unverified === 'skip' ? 'skip' : 'deny', code }
}
