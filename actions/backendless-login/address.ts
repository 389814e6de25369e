import type { Identity, PostLoginEvent, User } from './auth0.ts'
import type { AddressCode } from './outcomes.ts'
import type { Settings } from './settings.ts'

/**
 * What a connection's word on an e-mail address is worth. `asserts`: the address counts if Auth0 calls it verified.
 * `vouches`: it counts in any case. `nothing`: it does not count.
 */
type Word = 'nothing' | 'asserts' | 'vouches'

/** Databases, passwordless, and social strategies where the holder of the account proves the address. */
export const PERSONAL: ReadonlySet<string> = strategies(
  'auth0 email sms amazon apple baidu bitbucket dropbox evernote facebook fitbit github google-oauth2',
  'instagram line linkedin paypal soundcloud thirtysevensignals twitter vkontakte weibo wordpress yahoo yandex',
)

/**
 * Social strategies where somebody other than the holder of the account can choose its address: the administrator of an
 * organisation (any can be founded for free), or whoever makes test accounts. docs/addresses.md has the reason for each.
 */
export const ADMINISTERED: ReadonlySet<string> = strategies(
  'box exact paypal-sandbox planningcenter salesforce salesforce-community salesforce-sandbox shopify windowslive',
)

/**
 * Why the user's address does not count, or undefined if it does. Both connections that can have asserted it must be
 * allowed to: the one used, and that of the user's primary identity, to which `user.email` belongs.
 */
export function addressProblem(
  { trustedConnections }: Pick<Settings, 'trustedConnections'>,
  { connection }: PostLoginEvent,
  user: User,
): Exclude<AddressCode, 'email_missing'> | undefined {
  const primary = primaryIdentity(user)
  const used = wordOf(trustedConnections, connection?.strategy, connection?.name)
  const owned = wordOf(trustedConnections, primary.provider, primary.connection)
  if (used === 'nothing' || owned === 'nothing') return 'email_untrusted'
  return user.email_verified === true || owned === 'vouches' ? undefined : 'email_unverified'
}

/**
 * Enterprise and custom connections can assert any address, and so can strategies that are not known here. Without a
 * strategy it could be a database, which never vouches.
 */
function wordOf(trusted: readonly string[], strategy: string | undefined, name: string | undefined): Word {
  if (typeof strategy !== 'string') return 'nothing'
  if (PERSONAL.has(strategy)) return 'asserts'
  if (name === undefined || !trusted.includes(name)) return 'nothing'
  return ADMINISTERED.has(strategy) ? 'asserts' : 'vouches'
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
