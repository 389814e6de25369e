// Keeps and renews the Backendless user token of an Auth0 sign-in. Copy this file into your application: it needs only
// `@auth0/auth0-spa-js`, and works with any client of Backendless.
import type { Auth0Client } from '@auth0/auth0-spa-js'

/** The claim of the ID token that holds the user token. Pass `claim` if the deployment sets another one. */
export const CLAIM = 'https://api.backendless.com/userToken'

/** Backendless's codes for a token that no longer works: 3048 and 3091 timed out, 3064 unknown. */
const DEAD_TOKEN = new Set([3048, 3064, 3091])

/** Errors of a silent sign-in that an interactive one can solve. */
const NEEDS_USER = new Set([
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'invalid_grant',
  'login_required',
  'mfa_required',
  'missing_refresh_token',
])

/** Where the token is kept over a reload. Default: `sessionStorage`, which ends with the tab. */
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface UserTokenOptions {
  readonly claim?: string
  readonly store?: Store
}

/** Why a sign-in brought no user token. */
export interface Problem {
  /** A stable code, such as `unavailable` or `email_unverified`: docs/outcomes.md lists them. */
  readonly code: string
  /** Six characters that are in the log line too. The user tells them to support. */
  readonly reference: string
}

/**
 * There is no user token that Backendless accepts, and the one attempt to get a new one failed. Show this to the user, with
 * a button that calls `loginWithRedirect()`. `code` and `reference` are `undefined` if the sign-in gave no reason, for
 * example because the application is not listed in `clients`.
 */
export class NoUserTokenError extends Error {
  override readonly name = 'NoUserTokenError'
  readonly code: string | undefined
  readonly reference: string | undefined

  constructor(problem?: Problem) {
    super(
      problem
        ? `Signed in without a Backendless user token: ${problem.code}, reference ${problem.reference}`
        : 'Signed in without a Backendless user token',
    )
    this.code = problem?.code
    this.reference = problem?.reference
  }
}

/** The user token of the signed-in user. The ID token stays in the SDK and is not sent anywhere. */
export class UserToken {
  readonly #auth0: Auth0Client
  readonly #claim: string
  readonly #store: Store
  /** The silent sign-in that is running, which concurrent calls share. */
  #renewal: Promise<string | undefined> | undefined
  #redirect: Promise<never> | undefined

  constructor(auth0: Auth0Client, { claim = CLAIM, store = sessionStorage }: UserTokenOptions = {}) {
    this.#auth0 = auth0
    this.#claim = claim
    this.#store = store
  }

  /**
   * Returns the user token, or `undefined` if there is none. Call it after each sign-in, reload and refresh. If a refresh
   * brings no token (Backendless was down, or `skipRefresh` is on), the same user's previous one is returned.
   */
  async take(): Promise<string | undefined> {
    const claims = await this.#auth0.getIdTokenClaims()
    if (!claims) return undefined
    const fresh: unknown = claims[this.#claim]
    if (typeof fresh === 'string')
      this.#store.setItem(this.#claim, JSON.stringify({ sub: claims.sub, token: fresh }))
    return this.#read(claims.sub)
  }

  /** Returns why the ID token has no user token; `undefined` if it has one or gives no reason. */
  async problem(): Promise<Problem | undefined> {
    const claims = await this.#auth0.getIdTokenClaims()
    return problemIn(claims?.[`${this.#claim}Problem`], /^(\w+) (\w+)$/)
  }

  /** Gets a new ID token silently. @throws the SDK's error: `login_required`, `access_denied`, … */
  async refresh(): Promise<string | undefined> {
    await this.#auth0.getTokenSilently({ cacheMode: 'off' })
    return this.take()
  }

  /**
   * Calls Backendless with the token. If there is none, or Backendless no longer accepts it, signs in again: silently or, if
   * that needs the user, interactively, which leaves the page. It tries this once: until a call succeeds, further calls
   * without a token fail at once, even after a reload.
   * @throws {NoUserTokenError} if signing in again brought no token that works.
   * @throws what `call` throws for any other reason, and what the SDK throws if Auth0 cannot be reached.
   */
  async use<Result>(call: (token: string) => Promise<Result>): Promise<Result> {
    const token = await this.take()
    const first = await this.#call(call, token)
    if (first) return first.result
    const second = await this.#call(call, await this.#renew(token))
    return second ? second.result : this.#signIn()
  }

  /** Ends both sessions. `logOut` ends the session in Backendless; its failure is ignored, because that session may have ended. */
  async signOut(logOut: (token: string) => Promise<unknown>, returnTo: string): Promise<void> {
    const token = await this.take()
    this.#store.removeItem(this.#claim)
    this.#store.removeItem(this.#attemptKey)
    if (token !== undefined) await logOut(token).catch(() => {})
    await this.#auth0.logout({ logoutParams: { returnTo } })
  }

  /** Key that is set from an attempt to get a new token until a call succeeds, so that a page does not redirect again and again. */
  get #attemptKey(): string {
    return `${this.#claim}#attempted`
  }

  /** `undefined` if there is no token, or Backendless does not accept it. */
  async #call<Result>(
    call: (token: string) => Promise<Result>,
    token: string | undefined,
  ): Promise<{ readonly result: Result } | undefined> {
    if (token === undefined) return undefined
    try {
      const result = await call(token)
      this.#store.removeItem(this.#attemptKey)
      return { result }
    } catch (error) {
      if (isDead(error)) return undefined
      throw error
    }
  }

  #renew(dead: string | undefined): Promise<string | undefined> {
    this.#renewal ??= this.#signInSilently(dead).finally(() => {
      this.#renewal = undefined
    })
    return this.#renewal
  }

  /** Returns a token other than the dead one, or `undefined` if the user has to sign in. */
  async #signInSilently(dead: string | undefined): Promise<string | undefined> {
    const other = await this.take()
    if (other !== dead) return other
    if (this.#store.getItem(this.#attemptKey) !== null) throw new NoUserTokenError(await this.problem())
    this.#store.setItem(this.#attemptKey, 'true')
    try {
      const fresh = await this.refresh()
      if (fresh !== undefined && fresh !== dead) return fresh
    } catch (error) {
      const code = field(error, 'error')
      if (typeof code === 'string' && NEEDS_USER.has(code)) return undefined
      // An Action denied the sign-in: `<code>: <sentence> Reference: <reference>`.
      if (code === 'access_denied')
        throw new NoUserTokenError(
          problemIn(field(error, 'error_description'), /^(\w+): .* Reference: (\w+)$/s),
        )
      this.#store.removeItem(this.#attemptKey)
      throw error
    }
    const problem = await this.problem()
    if (problem) throw new NoUserTokenError(problem)
    return undefined
  }

  #signIn(): Promise<never> {
    this.#store.removeItem(this.#claim)
    this.#redirect ??= this.#auth0.loginWithRedirect().then(() => new Promise<never>(() => {}))
    return this.#redirect
  }

  #read(sub: string): string | undefined {
    const kept: unknown = JSON.parse(this.#store.getItem(this.#claim) ?? 'null')
    const token = field(kept, 'sub') === sub ? field(kept, 'token') : undefined
    return typeof token === 'string' ? token : undefined
  }
}

function problemIn(text: unknown, pattern: RegExp): Problem | undefined {
  const [, code, reference] = (typeof text === 'string' && pattern.exec(text)) || []
  return code !== undefined && reference !== undefined ? { code, reference } : undefined
}

function isDead(error: unknown): boolean {
  const code = field(error, 'code')
  return typeof code === 'number' && DEAD_TOKEN.has(code)
}

function field(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined
}
