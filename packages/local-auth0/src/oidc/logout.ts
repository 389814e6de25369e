import type Provider from 'oidc-provider'
import { PAGE_HEADERS } from './markup.ts'
import type { Middleware } from './middleware.ts'
import { errorPage } from './pages.ts'
import type { OidcTenant } from './tenant.ts'

/**
 * `/v2/logout?client_id=…&returnTo=…`: ends the session without asking; the tokens stay valid. Without `client_id`, the
 * logout URLs of all applications are allowed. With a `returnTo` that is not allowed, the session does not end.
 */
export function logoutRoute(provider: Provider, tenant: OidcTenant): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/v2/logout') return next()
    const { client_id: clientId, returnTo } = ctx.query
    const application = typeof clientId === 'string' ? tenant.applications.byId(clientId) : undefined
    const applications = clientId === undefined ? tenant.applications.all : application ? [application] : []
    const allowed = applications.flatMap(({ allowed_logout_urls }) => allowed_logout_urls)
    ctx.set(PAGE_HEADERS)
    if (returnTo !== undefined && !allowed.some((url) => url === returnTo)) {
      ctx.status = 400
      ctx.type = 'html'
      ctx.body = errorPage(
        'invalid_request',
        `${returnTo} is none of the allowed logout URLs of the application. tenant.yaml has them.`,
      )
      return
    }
    const session = await provider.Session.get(ctx)
    await session.destroy()
    ctx.cookies.set(provider.cookieName('session'), null, { path: '/' })
    const target = typeof returnTo === 'string' ? returnTo : clientId === undefined ? undefined : allowed[0]
    if (target === undefined) ctx.body = 'OK'
    else ctx.redirect(target)
  }
}
