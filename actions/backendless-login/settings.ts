/**
 * The Action's non-secret settings. `provisioning/bundle` writes them as a JSON constant at the top of the deployed code,
 * so that a changed setting is one changed line in a preview.
 */
export interface Settings {
  /** Base address of the REST API, with https except on loopback. Default: `https://api.backendless.com`. */
  readonly serverUrl: string
  /** Ids of the clients whose users get a token, at least one; `*` alone is every client. Users of others are skipped. */
  readonly clients: readonly string[]
  /** Names of the connections whose users get a token. Default: empty, which is every connection. Users of others are skipped. */
  readonly connections: readonly string[]
  /**
   * Names of the enterprise and custom connections whose addresses count, verified or not. Default: none. Used with
   * `identity: email` only. For a database, passwordless or social connection the name has no effect.
   */
  readonly trustedConnections: readonly string[]
  /** The passwords in use, one to three, newest first; the first is current. */
  readonly passwords: readonly PasswordSetting[]
  /** The Auth0 user attribute that identifies the user in Backendless. Default: `email`. */
  readonly identity: 'email' | 'user_id'
  /** The identity column of the Backendless Users table. Default: `email`, with `identity: email` only. */
  readonly identityColumn: string
  /** With `identity: email`, what happens to a user whose address does not count. Default: `deny`. */
  readonly unverified: 'deny' | 'skip' | 'accept'
  /** What happens to an interactive sign-in for which Backendless gives no token. Default: `deny`. */
  readonly onFailure: 'deny' | 'skip'
  /** True: no token is requested on refresh-token exchange and silent sign-in. Default: false. */
  readonly skipRefresh: boolean
  /** Maps columns of a new row to attributes of the Auth0 user. Default: `{}`. */
  readonly profile: Readonly<Record<string, string>>
  /** The column of the Users table that holds the Auth0 user id of the row's owner. Default: `''`, no such column. */
  readonly ownerColumn: string
  /** True: the columns of `profile` follow Auth0 at each sign-in. Default: false, they are written at registration only. */
  readonly syncProfile: boolean
  /** True: the Action may write to the user's `app_metadata`. Default: true. */
  readonly memory: boolean
  /** Name of the ID token's claim, a URL. Default: `https://api.backendless.com/userToken`. */
  readonly claim: string
  /**
   * Time limit for one sign-in, in milliseconds. Default: 8000; from 1000 to 15000. When it is reached, the sign-in ends as
   * `onFailure` says.
   */
  readonly budgetMs: number
}

export interface PasswordSetting {
  readonly id: string
  /** True: each user's password is derived from this one. False: it is every user's password. */
  readonly perUser: boolean
}

/** The name of the ID token's claim that says why there is no token: `<claim>Problem`. */
export function problemClaim(claim: string): string {
  return `${claim}Problem`
}

/** Names of the Action secrets that hold the Backendless application. */
export const APP_ID_SECRET = 'BACKENDLESS_APP_ID'
export const API_KEY_SECRET = 'BACKENDLESS_API_KEY'

/** The name of the Action secret that holds the password `id`: `PASSWORD_2026_11` for `2026-11`. */
export function passwordSecret(id: string): string {
  return `PASSWORD_${id.toUpperCase().replaceAll('-', '_')}`
}
