/**
 * The part of Auth0's post-login `event` and `api` (v3) that the Action uses. Every field is optional, even where Auth0's
 * documentation says that it is always present: a missing field must lead to an outcome, not to an exception.
 */
export interface PostLoginEvent {
  readonly client?: { readonly client_id?: string }
  readonly connection?: { readonly name?: string; readonly strategy?: string }
  readonly request?: { readonly query?: { readonly prompt?: string; readonly scope?: string } }
  readonly secrets?: Readonly<Record<string, string>>
  /** `actor`: who acts on behalf of the user in a delegated session. */
  readonly session?: { readonly actor?: unknown }
  readonly stats?: { readonly logins_count?: number }
  readonly transaction?: {
    readonly actor?: unknown
    readonly protocol?: string
    readonly prompt?: readonly string[]
    readonly requested_scopes?: readonly string[]
    readonly response_type?: readonly string[]
  }
  readonly user?: User
}

export interface User {
  readonly user_id?: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly app_metadata?: unknown
  /** ISO 8601. */
  readonly created_at?: string
  /** The primary identity first; linked ones after it. */
  readonly identities?: readonly Identity[]
  readonly [attribute: string]: unknown
}

export interface Identity {
  readonly connection?: string
  /** The strategy of the connection: `auth0`, `google-oauth2`, `samlp`. */
  readonly provider?: string
  readonly user_id?: string
}

export interface PostLoginApi {
  readonly access: { deny(reason: string): unknown }
  readonly user: { setAppMetadata(name: string, value: unknown): unknown }
  readonly idToken: { setCustomClaim(name: string, value: unknown): unknown }
}
