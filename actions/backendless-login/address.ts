import type { Identity, PostLoginEvent, User } from './auth0.ts'
import type { AddressCode } from './outcomes.ts'
import type { Settings } from './settings.ts'

/**
 * How far an e-mail address from a connection is trusted. `if_verified`: it counts if Auth0 calls it verified. `always`: it
 * counts in any case. `never`: it does not count.
 */
type Trust = 'never' | 'if_verified' | 'always'

/** Databases, passwordless, and social strategies where the holder of the account proves the address. */
export const PERSONAL: ReadonlySet<string> = strategies(
  'auth0 email sms amazon apple baidu bitbucket dropbox evernote facebook fitbit github google-oauth2',
  'instagram line linkedin paypal soundcloud thirtysevensignals twitter vkontakte weibo wordpress yahoo yandex',
)

/**
 * Social strategies where the address of an account can be chosen by somebody else, by the administrator of an organisation
 * or the creator of a test account, or where no source says that the holder proves it. docs/addresses.md has the reason for
 * each.
 */
export const ADMINISTERED: ReadonlySet<string> = strategies(
  'bitly box daccount dwolla evernote-sandbox exact paypal-sandbox planningcenter',
  'salesforce salesforce-community salesforce-sandbox shop shopify untappd windowslive',
)

/**
 * Returns why the user's address does not count; `undefined` if it does. It can come from two connections, and both must be
 * trusted: the one used, and the one of the user's primary identity, to which `user.email` belongs.
 */
export function addressProblem(
  { trustedConnections }: Pick<Settings, 'trustedConnections'>,
  { connection }: PostLoginEvent,
  user: User,
): Exclude<AddressCode, 'email_missing'> | undefined {
  const primary = primaryIdentity(user)
  const used = trustIn(trustedConnections, connection?.strategy, connection?.name)
  const owned = trustIn(trustedConnections, primary.provider, primary.connection)
  if (used === 'never' || owned === 'never') return 'email_untrusted'
  return user.email_verified === true || owned === 'always' ? undefined : 'email_unverified'
}

/**
 * Connections that are not personal can assert any address, so they are trusted only if they are named in
 * `trustedConnections`. A connection without a strategy is never trusted.
 */
function trustIn(trusted: readonly string[], strategy: string | undefined, name: string | undefined): Trust {
  if (typeof strategy !== 'string') return 'never'
  if (PERSONAL.has(strategy)) return 'if_verified'
  if (name === undefined || !trusted.includes(name)) return 'never'
  return ADMINISTERED.has(strategy) ? 'if_verified' : 'always'
}

/** `user_id` is `<provider>|<id>` of the primary identity. */
function primaryIdentity(user: User): Identity {
  const identities = Array.isArray(user.identities) ? user.identities : []
  const byId = identities.find((one) => `${one?.provider}|${one?.user_id}` === user.user_id)
  return byId ?? identities[0] ?? { provider: String(user.user_id).split('|')[0] ?? '' }
}

function strategies(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((names) => names.split(' ')))
}
