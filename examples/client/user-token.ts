// What an application does with the Backendless user token of an Auth0 sign-in. Copy this file: it needs nothing but
// `@auth0/auth0-spa-js`, and knows nothing of how Backendless is called.
import type { Auth0Client } from '@auth0/auth0-spa-js'

/** The claim of the ID token, unless the deployment's `claim` says otherwise. */
export const CLAIM = 'https://api.backendless.com/userToken'

/** Backendless' codes for a token that opens nothing any more: 3048 and 3091 timed out, 3064 unknown. */
const DEAD_TOKEN = new Set([3048, 3064, 3091])

/** Where the token is kept over a reload: of this tab, and gone with it. */
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface UserTokenOptions {
  readonly claim?: string
  readonly store?: Store
}

/** The user token of who is signed in. The ID token itself stays in the SDK, and is sent nowhere. */
export class UserToken {
  readonly #auth0: Auth0Client
  readonly #claim: string
  readonly #store: Store

  constructor(auth0: Auth0Client, { claim = CLAIM, store = sessionStorage }: UserTokenOptions = {}) {
    this.#auth0 = auth0
    this.#claim = claim
    this.#store = store
  }

  /**
   * Call it after each sign-in, reload and refresh. A refresh may come without the claim (Backendless was down, or
   * `skipRefresh` is on): then the token of before goes on, if it is the same user's.
   */
  async take(): Promise<string | undefined> {
    const claims = await this.#auth0.getIdTokenClaims()
    if (!claims) return undefined
    const fresh: unknown = claims[this.#claim]
    if (typeof fresh === 'string')
      this.#store.setItem(this.#claim, JSON.stringify({ sub: claims.sub, token: fresh }))
    return this.#read(claims.sub)
  }

  /** A new ID token without anybody noticing. @throws the SDK's error: `login_required`, `access_denied`, … */
  async refresh(): Promise<string | undefined> {
    await this.#auth0.getTokenSilently({ cacheMode: 'off' })
    return this.take()
  }

  /**
   * Calls Backendless with the token. Where Backendless does not know it any more, signs in silently, once; where that
   * gives no better one, interactively, which leaves the page.
   * @throws what `call` throws for any other reason.
   */
  async use<Result>(call: (token: string) => Promise<Result>): Promise<Result> {
    const token = await this.take()
    if (token !== undefined) {
      try {
        return await call(token)
      } catch (error) {
        if (!isDead(error)) throw error
      }
    }
    const fresh = await this.refresh().catch(() => undefined)
    if (fresh !== undefined && fresh !== token) {
      try {
        return await call(fresh)
      } catch (error) {
        if (!isDead(error)) throw error
      }
    }
    this.#store.removeItem(this.#claim)
    await this.#auth0.loginWithRedirect()
    return new Promise<never>(() => {})
  }

  /** Ends both sessions. `logOut` ends that of Backendless; that it is dead already hinders nobody. */
  async signOut(logOut: (token: string) => Promise<unknown>, returnTo: string): Promise<void> {
    const token = await this.take()
    this.#store.removeItem(this.#claim)
    if (token !== undefined) await logOut(token).catch(() => {})
    await this.#auth0.logout({ logoutParams: { returnTo } })
  }

  #read(sub: string): string | undefined {
    const kept: unknown = JSON.parse(this.#store.getItem(this.#claim) ?? 'null')
    if (typeof kept !== 'object' || kept === null || Reflect.get(kept, 'sub') !== sub) return undefined
    const token: unknown = Reflect.get(kept, 'token')
    return typeof token === 'string' ? token : undefined
  }
}

function isDead(error: unknown): boolean {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined
  return typeof code === 'number' && DEAD_TOKEN.has(code)
}
