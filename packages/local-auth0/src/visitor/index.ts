// An application that signs people in with openid-client, and their browser, for tests without a real one. It uses the
// applications and users of tenant.yaml.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'
import type { OpenTenant } from '../oidc/index.ts'
import { Browser, type Page } from './browser.ts'

export const SHOP = 'DemoClientIdOfTheWebShop'
export const OFFICE = 'DemoClientIdOfTheOffice'
export const OFFICE_SECRET = 'not-a-secret-on-this-machine'
export const DATABASE = 'Username-Password-Authentication'
export const PASSWORD = 'let-me-in'

const CALLBACKS: Readonly<Record<string, string>> = {
  [SHOP]: 'http://localhost:3000/callback',
  [OFFICE]: 'http://localhost:3001/callback',
}

/** A person's browser, and the application open in it. */
export class Visitor {
  readonly browser: Browser
  readonly config: oidc.Configuration
  readonly #clientId: string

  private constructor(tenant: OpenTenant, clientId: string, config: oidc.Configuration) {
    this.browser = new Browser(tenant.url)
    this.#clientId = clientId
    this.config = config
  }

  static async to(tenant: OpenTenant, clientId = SHOP): Promise<Visitor> {
    const authentication = clientId === SHOP ? oidc.None() : oidc.ClientSecretPost(OFFICE_SECRET)
    const config = await oidc.discovery(new URL(tenant.issuer), clientId, {}, authentication, {
      execute: [oidc.allowInsecureRequests],
    })
    return new Visitor(tenant, clientId, config)
  }

  /** Returns the address that begins a sign-in, and the checks for its answer. */
  async begin(parameters: Readonly<Record<string, string>> = {}) {
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
    const expectedState = oidc.randomState()
    const expectedNonce = oidc.randomNonce()
    const url = oidc.buildAuthorizationUrl(this.config, {
      redirect_uri: CALLBACKS[this.#clientId] ?? '',
      scope: 'openid profile email offline_access',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
      ...parameters,
    })
    return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce } }
  }

  /** Signs in without a page. @throws openid-client's error if the callback has one. */
  async silently(parameters: Readonly<Record<string, string>> = { prompt: 'none' }) {
    const { url, checks } = await this.begin(parameters)
    return oidc.authorizationCodeGrant(this.config, await this.browser.callback(url), checks)
  }

  /** Signs in with the form of the sign-in page. */
  async withForm(form: Readonly<Record<string, string>>, parameters: Readonly<Record<string, string>> = {}) {
    const { url, checks } = await this.begin(parameters)
    const page = await this.browser.page(url)
    assert.match(page.html, /<h1>Sign in to /)
    const callback = await this.browser.callback(page.url, form)
    return oidc.authorizationCodeGrant(this.config, callback, checks)
  }

  as(username: string, parameters: Readonly<Record<string, string>> = {}) {
    return this.withForm({ action: 'password', username, password: PASSWORD }, parameters)
  }

  /** Opens the sign-in page. */
  async form(parameters: Readonly<Record<string, string>> = {}): Promise<Page> {
    return this.browser.page((await this.begin(parameters)).url)
  }

  refresh(refreshToken: string | undefined) {
    return oidc.refreshTokenGrant(this.config, refreshToken ?? '')
  }
}

/** Returns openid-client's error of a refused sign-in. */
export async function refusal(signIn: Promise<unknown>) {
  const error = await signIn.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    return { error: error.error, error_description: error.error_description }
  }
  throw error instanceof Error ? error : new Error('It was not refused.')
}
