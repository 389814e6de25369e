/**
 * The Action's non-secret settings. `provisioning/bundle` writes them as a JSON constant at the top of the deployed code,
 * so that a changed setting is one changed line in a preview.
 */
export interface Settings {
  /** Base address of the REST API, without a trailing slash: `https://api.backendless.com`. */
  readonly serverUrl: string
  /** Client ids whose users get a token; `*` is every client. */
  readonly clients: readonly string[]
  /** Names of connections whose users get a token; empty is every connection. */
  readonly connections: readonly string[]
  /**
   * Names of enterprise and custom connections that may assert an e-mail address and vouch for it. Default none. Used with
   * `identity: email` only. A database, passwordless or social connection never vouches, named here or not.
   */
  readonly trustedConnections: readonly string[]
  /** Newest first; the first is current. */
  readonly passwords: readonly PasswordSetting[]
  readonly identity: 'email' | 'user_id'
  /** The identity column of the Backendless Users table. */
  readonly identityColumn: string
  readonly unverified: 'deny' | 'skip' | 'accept'
  readonly onFailure: 'deny' | 'skip'
  readonly skipRefresh: boolean
  /** Maps columns of a new row to attributes of the Auth0 user. */
  readonly profile: Readonly<Record<string, string>>
  /** The column of the Users table that holds the Auth0 user id of the row's owner. Default `''`: there is none. */
  readonly ownerColumn: string
  /** True: the columns of `profile` are kept as Auth0 has them. Default false: they are written at registration only. */
  readonly syncProfile: boolean
  /** Whether the Action may write to the user's `app_metadata`. Default true. */
  readonly memory: boolean
  /** Name of the ID token's claim. */
  readonly claim: string
  /**
   * Time limit for one sign-in, in milliseconds. Default 8000, from 1000 to 15000. When it is reached, the sign-in ends as
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
