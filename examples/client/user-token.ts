// What an application does with the Backendless user token of an Auth0 sign-in. Copy this file: it needs nothing but
// `@auth0/auth0-spa-js`, and works with any way of calling Backendless.
import type { Auth0Client } from '@auth0/auth0-spa-js'

/** The claim of the ID token that holds the user token. Pass `claim` if the deployment sets another one. */
export const CLAIM = 'https://api.backendless.com/userToken'

/** Backendless' codes for a token that no longer works: 3048 and 3091 timed out, 3064 unknown. */
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

/** Where the token is kept over a reload. Default: `sessionStorage`, which belongs to one tab and ends with it. */
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface UserTokenOptions {
  readonly claim?: string
  readonly store?: Store
}

/** Why a sign-in brought no user token. */
export interface Problem {
  /** A stable code, such as `unavailable` or `email_unverified`: docs/outcomes.md lists them. */
  readonly code: string
  /** Six characters that stand in the log line too: what a user tells support. */
  readonly reference: string
}

/**
 * There is no user token that Backendless accepts, and the one attempt to get a new one failed. Show it to the user, with
 * a button that calls `loginWithRedirect()`. `code` and `reference` are missing if the sign-in did not say why: then the
 * application is not listed in `clients`, for example.
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

/** The user token of whoever is signed in. The ID token itself stays in the SDK and is sent nowhere. */
export class UserToken {
  readonly #auth0: Auth0Client
  readonly #claim: string
  readonly #store: Store
  /** The silent sign-in that is under way: calls at the same time share it. */
  #renewal: Promise<string | undefined> | undefined
  #redirect: Promise<never> | undefined

  constructor(auth0: Auth0Client, { claim = CLAIM, store = sessionStorage }: UserTokenOptions = {}) {
    this.#auth0 = auth0
    this.#claim = claim
    this.#store = store
  }

  /**
   * The user token, or `undefined` if there is none. Call it after each sign-in, reload and refresh. A refresh may bring
   * no token (Backendless was down, or `skipRefresh` is on): then the previous one is returned, if it is the same user's.
   */
  async take(): Promise<string | undefined> {
    const claims = await this.#auth0.getIdTokenClaims()
    if (!claims) return undefined
    const fresh: unknown = claims[this.#claim]
    if (typeof fresh === 'string')
      this.#store.setItem(this.#claim, JSON.stringify({ sub: claims.sub, token: fresh }))
    return this.#read(claims.sub)
  }

  /** Why the ID token holds no user token, or `undefined` if it holds one or does not say. */
  async problem(): Promise<Problem | undefined> {
    const claims = await this.#auth0.getIdTokenClaims()
    return problemIn(claims?.[`${this.#claim}Problem`], /^(\w+) (\w+)$/)
  }

  /** Gets a new ID token without the user noticing. @throws the SDK's error: `login_required`, `access_denied`, … */
  async refresh(): Promise<string | undefined> {
    await this.#auth0.getTokenSilently({ cacheMode: 'off' })
    return this.take()
  }

  /**
   * Calls Backendless with the token. If there is none, or Backendless does not accept it any more, signs in again: silently,
   * and if that needs the user, interactively, which leaves the page. That is done once: until a call succeeds, every
   * further one without a token fails at once, also after a reload.
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

  /** Ends both sessions. `logOut` ends the one in Backendless; its failure is ignored, as that session may be over already. */
  async signOut(logOut: (token: string) => Promise<unknown>, returnTo: string): Promise<void> {
    const token = await this.take()
    this.#store.removeItem(this.#claim)
    this.#store.removeItem(this.#attemptKey)
    if (token !== undefined) await logOut(token).catch(() => {})
    await this.#auth0.logout({ logoutParams: { returnTo } })
  }

  /** Set from the attempt to get a new token until a call succeeds: what keeps a page from redirecting again and again. */
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

  /** A token other than the dead one, or `undefined` if the user has to sign in. */
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
      // An Action denied it: `<code>: <sentence> Reference: <reference>`.
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
