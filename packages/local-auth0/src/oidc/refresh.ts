import type { KoaContextWithOIDC } from 'oidc-provider'
import { Refused } from './refused.ts'
import type { OidcTenant } from './tenant.ts'

/**
 * Runs the trigger for a refresh-token exchange, and returns true if the refresh token is replaced. The provider calls this
 * after it has checked the token and before it invalidates it. So if an Action denies or fails, the token stays usable and
 * nobody is signed out.
 */
export async function refreshWithTrigger(ctx: KoaContextWithOIDC, tenant: OidcTenant): Promise<boolean> {
  const { refreshToken, account, client } = ctx.oidc
  const user = tenant.users.byId(account?.accountId ?? '')
  if (!refreshToken || !user || !client) throw new Error('The provider asks without a user or a token.')
  if (user.blocked) throw Refused.blocked()
  const authenticatedAt = (refreshToken.authTime ?? 0) * 1000
  const signIn = tenant.signIn(ctx, 'refresh', user, refreshToken.amr ?? [], authenticatedAt)
  await tenant.executions.run(ctx, signIn)
  return tenant.applications.rotates(client.clientId)
}
