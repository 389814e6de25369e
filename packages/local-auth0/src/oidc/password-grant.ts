// The password grants: tokens for a name and a password, for use from a command line.
import type Provider from 'oidc-provider'
import type { TokenEndpointGrantContext } from 'oidc-provider'
import { resolveRequestedResources } from 'oidc-provider/lib/helpers/grants.js'
import { PASSWORD_GRANT, PASSWORD_REALM_GRANT } from './applications.ts'
import { Refused } from './refused.ts'
import type { OidcTenant } from './tenant.ts'
import type { Connection } from './tenant-file.ts'
import { claimsOf, type User } from './users.ts'

interface Parameters {
  readonly username?: string
  readonly password?: string
  /** The connection. Default, and with the plain grant: the tenant's first database. */
  readonly realm?: string
  readonly scope?: string
  readonly audience?: string
}

type Context = TokenEndpointGrantContext<Parameters>

/** Registers the grant `password`, and Auth0's own grant with a realm. */
export function registerPasswordGrants(provider: Provider, tenant: OidcTenant): void {
  const handler = (ctx: Context) => answer(ctx, tenant)
  provider.registerGrantType(PASSWORD_GRANT, handler, ['username', 'password', 'scope', 'audience'])
  provider.registerGrantType(PASSWORD_REALM_GRANT, handler, [
    'username',
    'password',
    'realm',
    'scope',
    'audience',
  ])
}

async function answer(ctx: Context, tenant: OidcTenant): Promise<void> {
  const { user, connection } = authenticate(ctx, tenant)
  if (user.blocked) throw Refused.blocked()
  const authentication = tenant.authentication(connection)
  await tenant.executions.run(ctx, tenant.signIn(ctx, 'password', user, authentication, Date.now()))
  ctx.body = await issueTokens(ctx, user, [...authentication])
}

function authenticate({ oidc }: Context, tenant: OidcTenant): { user: User; connection: Connection } {
  const { username, password, realm } = oidc.params
  if (!username || !password) {
    throw new Refused(400, 'invalid_request', 'Missing required parameter: username or password')
  }
  const connection = tenant.database(realm)
  if (!connection) throw new Refused(403, 'invalid_request', `There is no database ${realm ?? ''}.`)
  const user = tenant.users.authenticate(connection.name, username, password)
  if (!user) throw Refused.wrongCredentials()
  return { user, connection }
}

async function issueTokens(ctx: Context, user: User, amr: string[]): Promise<Record<string, unknown>> {
  const { provider, client, params } = ctx.oidc
  const [resourceServer] = await resolveRequestedResources(provider, ctx)
  const resource = resourceServer?.identifier()
  const asked = [...ctx.oidc.requestParamScopes].join(' ')
  const openid = [...ctx.oidc.requestParamOIDCScopes].join(' ')

  const accountId = user.user_id
  const grant = new provider.Grant({ accountId, clientId: client.clientId })
  grant.addOIDCScope(openid)
  if (resource !== undefined) grant.addResourceScope(resource, asked)
  const shared = { accountId, client, grantId: await grant.save(), gty: String(params.grant_type) }
  const access = new provider.AccessToken({ ...shared, scope: openid })
  if (resourceServer) Object.assign(access, { resourceServer, scope: grantedBy(resourceServer, asked) })
  ctx.oidc.entity('AccessToken', access)
  const refresh = openid.split(' ').includes('offline_access')
    ? new provider.RefreshToken({
        ...shared,
        amr,
        authTime: Math.floor(Date.now() / 1000),
        scope: asked,
        ...(resource === undefined ? {} : { resource }),
      })
    : undefined
  return {
    access_token: await access.save(),
    ...(refresh && { refresh_token: await refresh.save() }),
    ...(openid.split(' ').includes('openid') && { id_token: await idToken(ctx, user, openid) }),
    scope: access.scope,
    expires_in: access.expiration,
    token_type: 'Bearer',
  }
}

function grantedBy({ scopes }: { readonly scopes: Set<string> }, asked: string): string {
  return asked
    .split(' ')
    .filter((scope) => scopes.has(scope))
    .join(' ')
}

async function idToken(ctx: Context, user: User, scope: string): Promise<string> {
  const { provider } = ctx.oidc
  const token = new provider.IdToken({}, { ctx })
  const claims = await new provider.Claims(claimsOf(user), { ctx }).scope(scope).result()
  for (const [name, value] of Object.entries(claims)) token.set(name, value)
  return token.issue({ use: 'idtoken' })
}
