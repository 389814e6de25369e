// An application that signs people in with openid-client, and the tenant it signs them in to.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'
import { type LocalAuth0, startAuth0 } from '../../../local/auth0/index.ts'
import { type Execution, type OpenTenant, openTenant } from '../../../local/auth0/oidc/index.ts'
import { handler, run } from '../auth0/deploy.ts'
import { Browser, type Page } from './browser.ts'

export const shop = 'DemoClientIdOfTheWebShop'
export const office = 'DemoClientIdOfTheOffice'
export const officeSecret = 'not-a-secret-on-this-machine'
export const database = 'Username-Password-Authentication'
export const password = 'let-me-in'

const callbacks: Readonly<Record<string, string>> = {
  [shop]: 'http://localhost:3000/callback',
  [office]: 'http://localhost:3001/callback',
}

export interface Running {
  readonly auth0: LocalAuth0
  readonly tenant: OpenTenant
  /** Every run of the trigger so far. */
  readonly executions: Execution[]
  close(): Promise<void>
}

export async function start(): Promise<Running> {
  const auth0 = await startAuth0({ buildMs: 4 })
  const tenant = await openTenant({ auth0 })
  const executions: Execution[] = []
  tenant.onExecution((execution) => executions.push(execution))
  return {
    auth0,
    tenant,
    executions,
    close: async () => {
      await Promise.all([tenant.close(), auth0.close()])
    },
  }
}

/** A claim that tells in which flow it was set, and which no application sets itself. */
export const claim = 'https://example.com/claim'

/**
 * A tenant for the suite around it; before each test an Action that sets `claim` in both tokens, a visitor of the shop,
 * and no executions.
 */
export function useTenant(): { readonly running: Running; readonly visitor: Visitor; flows(): string[] } {
  let running: Running | undefined
  let visitor: Visitor | undefined
  const begun = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The suite has not begun')
    return part
  }
  before(async () => {
    running = await start()
  })
  beforeEach(async () => {
    const { auth0, tenant, executions } = begun(running)
    await run(
      auth0,
      handler(`api.idToken.setCustomClaim('${claim}', event.transaction.protocol)
        api.accessToken.setCustomClaim('${claim}', 'for the API')`),
    )
    visitor = await Visitor.to(tenant)
    executions.length = 0
  })
  after(() => running?.close())
  return {
    get running() {
      return begun(running)
    },
    get visitor() {
      return begun(visitor)
    },
    flows: () => begun(running).executions.map(({ flow }) => flow),
  }
}

/** A person's browser and the application that is open in it. */
export class Visitor {
  readonly browser: Browser
  readonly config: oidc.Configuration
  readonly #clientId: string

  private constructor(tenant: OpenTenant, clientId: string, config: oidc.Configuration) {
    this.browser = new Browser(tenant.url)
    this.#clientId = clientId
    this.config = config
  }

  static async to(tenant: OpenTenant, clientId = shop): Promise<Visitor> {
    const authentication = clientId === shop ? oidc.None() : oidc.ClientSecretPost(officeSecret)
    const config = await oidc.discovery(new URL(tenant.issuer), clientId, {}, authentication, {
      execute: [oidc.allowInsecureRequests],
    })
    return new Visitor(tenant, clientId, config)
  }

  /** The address that begins a sign-in, and what has to be true of its answer. */
  async begin(parameters: Readonly<Record<string, string>> = {}) {
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
    const expectedState = oidc.randomState()
    const expectedNonce = oidc.randomNonce()
    const url = oidc.buildAuthorizationUrl(this.config, {
      redirect_uri: callbacks[this.#clientId] ?? '',
      scope: 'openid profile email offline_access',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
      ...parameters,
    })
    return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce } }
  }

  /** Signs in without seeing a page. @throws what openid-client says of a callback with an error. */
  async silently(parameters: Readonly<Record<string, string>> = { prompt: 'none' }) {
    const { url, checks } = await this.begin(parameters)
    return oidc.authorizationCodeGrant(this.config, await this.browser.callback(url), checks)
  }

  /** Fills in the form that the sign-in page must show. */
  async withForm(form: Readonly<Record<string, string>>, parameters: Readonly<Record<string, string>> = {}) {
    const { url, checks } = await this.begin(parameters)
    const page = await this.browser.page(url)
    assert.match(page.html, /<h1>Sign in to /)
    const callback = await this.browser.callback(page.url, form)
    return oidc.authorizationCodeGrant(this.config, callback, checks)
  }

  as(username: string, parameters: Readonly<Record<string, string>> = {}) {
    return this.withForm({ action: 'password', username, password }, parameters)
  }

  /** The sign-in page itself. */
  async form(parameters: Readonly<Record<string, string>> = {}): Promise<Page> {
    return this.browser.page((await this.begin(parameters)).url)
  }

  refresh(refreshToken: string | undefined) {
    return oidc.refreshTokenGrant(this.config, refreshToken ?? '')
  }
}

/** The error of a callback, as openid-client gives it. */
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
