// The OpenID provider: the library's, with Auth0's addresses, Auth0's rules where they differ, and the trigger.
import { generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import Provider, { type Configuration, errors, type JWK, type KoaContextWithOIDC } from 'oidc-provider'
import { EXTRA_PARAMETERS, grantEverythingAsked, policy } from './authorization.ts'
import { errorPage } from './pages.ts'
import { registerPasswordGrants } from './password-grant.ts'
import { refreshWithTrigger } from './refresh.ts'
import { memoryStorage } from './storage.ts'
import type { OidcTenant } from './tenant.ts'
import { claimsOf } from './users.ts'
import { registerWebMessage } from './web-message.ts'

// Auth0's defaults, in seconds.
const HOUR = 60 * 60
const LIFETIMES = {
  AccessToken: 24 * HOUR,
  AuthorizationCode: 60,
  Grant: 30 * 24 * HOUR,
  IdToken: 10 * HOUR,
  Interaction: HOUR,
  RefreshToken: 30 * 24 * HOUR,
  Session: 7 * 24 * HOUR,
}

/** @param issuer with a slash at the end, like Auth0's. @param port is part of the cookies' names, because all ports share cookies. */
export async function createProvider(tenant: OidcTenant, issuer: string, port: number): Promise<Provider> {
  const provider = new Provider(issuer, {
    ...configuration(tenant, port),
    jwks: { keys: [await signingKey()] },
  })
  registerPasswordGrants(provider, tenant)
  registerWebMessage(provider)
  addCustomClaims(provider, tenant)
  provider.on('authorization.success', (ctx, response) => {
    if (typeof response?.code === 'string') tenant.executions.keepForCode(ctx, response.code)
  })
  provider.on('server_error', (_ctx, error) => console.error('The local Auth0 failed:', error))
  return provider
}

function configuration(tenant: OidcTenant, port: number): Configuration {
  const cookie = { httpOnly: true, sameSite: 'lax', path: '/' } as const
  return {
    adapter: memoryStorage(tenant.applications),
    routes: {
      authorization: '/authorize',
      token: '/oauth/token',
      userinfo: '/userinfo',
      jwks: '/.well-known/jwks.json',
      revocation: '/oauth/revoke',
    },
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: {
        session: `auth0_${port}`,
        interaction: `auth0_interaction_${port}`,
        resume: `auth0_resume_${port}`,
      },
      long: cookie,
      short: { httpOnly: true, sameSite: 'lax' },
    },
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'nickname', 'picture', 'updated_at'],
      email: ['email', 'email_verified'],
    },
    // Auth0 always puts the claims of the scopes into the ID token.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    ttl: LIFETIMES,
    extraParams: EXTRA_PARAMETERS,
    interactions: { policy: policy(tenant), url: (_ctx, { uid }) => `/u/login/${uid}` },
    loadExistingGrant: grantEverythingAsked,
    rotateRefreshToken: (ctx) => refreshWithTrigger(ctx, tenant),
    // Signing out ends the session; the tokens stay valid.
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx, client, { scopes }) =>
      client.grantTypeAllowed('refresh_token') && scopes.has('offline_access'),
    clientBasedCORS: (_ctx, origin, client) => tenant.applications.allowsOrigin(client.clientId, origin),
    findAccount: (_ctx, id) => accountOf(tenant, id),
    extraTokenClaims: (ctx) => {
      const result = ctx && tenant.executions.resultFor(ctx)
      return result && { ...result.accessToken }
    },
    renderError: (ctx, { error, error_description }) => {
      ctx.type = 'html'
      const { redirect_uri } = ctx.oidc.params ?? {}
      const mismatch = `${redirect_uri} is none of the callbacks of the application. tenant.yaml has them.`
      ctx.body = errorPage(error, error === 'invalid_redirect_uri' ? mismatch : error_description)
    },
    features: {
      devInteractions: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: {
        enabled: true,
        // Auth0's name for the parameter is `audience`.
        defaultResource: (ctx, _client, oneOf) => audienceOf(ctx) ?? oneOf,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, identifier) => {
          const api = tenant.apis.find((each) => each.identifier === identifier)
          if (!api) throw new errors.AccessDenied(`Service not found: ${identifier}`)
          return { scope: api.scopes.join(' '), audience: identifier, accessTokenFormat: 'jwt' }
        },
      },
    },
  }
}

function audienceOf(ctx: KoaContextWithOIDC): string | undefined {
  const audience = ctx.oidc.params?.audience
  return typeof audience === 'string' && audience !== '' ? audience : undefined
}

function accountOf(tenant: OidcTenant, id: string) {
  const user = tenant.users.byId(id)
  return user && { accountId: id, claims: () => claimsOf(user) }
}

/** The library issues only declared claims. Those that an Action sets are not declared, so they are added to the payload. */
function addCustomClaims(provider: Provider, tenant: OidcTenant): void {
  const { prototype } = provider.IdToken
  const { payload } = prototype
  prototype.payload = async function () {
    return { ...tenant.executions.resultFor(this.ctx)?.idToken, ...(await payload.call(this)) }
  }
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ format: 'jwk' })
  return { ...key, kty: 'RSA', use: 'sig', alg: 'RS256', kid: randomBytes(12).toString('base64url') }
}
