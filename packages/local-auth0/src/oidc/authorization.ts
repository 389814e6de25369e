// The route /authorize: which parameters it accepts, when it shows a form, and that the trigger runs before the answer.
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { Flow } from './flow-event.ts'
import type { OidcTenant } from './tenant.ts'

/**
 * Parameters of Auth0 that the library does not know. `audience` names the API; `connection` and `screen_hint` choose what
 * the form offers; `auth0Client` describes the SDK.
 */
export const EXTRA_PARAMETERS = {
  audience: (ctx: KoaContextWithOIDC) => keepOfflineAccess(ctx),
  auth0Client: null,
  connection: null,
  screen_hint: null,
}

/** The library drops the scope without `prompt=consent`, but Auth0's own applications need no consent. */
function keepOfflineAccess(ctx: KoaContextWithOIDC): void {
  const { params, body } = ctx.oidc
  const asked: unknown = ctx.method === 'POST' ? body?.scope : ctx.query.scope
  if (!params || typeof asked !== 'string' || !asked.split(' ').includes('offline_access')) return
  params.scope = [...new Set([...ctx.oidc.requestParamScopes, 'offline_access'])].join(' ')
}

/** Grants what is requested. Each authorization gets its own grant, so that a refresh token used twice revokes only its own family. */
export async function grantEverythingAsked({ oidc }: KoaContextWithOIDC) {
  const { account, client, provider, resourceServers = {} } = oidc
  if (!account || !client) return undefined
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId })
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '))
  for (const indicator of Object.keys(resourceServers)) {
    grant.addResourceScope(indicator, [...oidc.requestParamScopes].join(' '))
  }
  await grant.save()
  return grant
}

/**
 * The library's reasons to show the form, followed by the trigger. By then the session exists, and it stays even if an
 * Action denies the sign-in (docs: redirect-with-actions).
 */
export function policy(tenant: OidcTenant): interactionPolicy.DefaultPolicy {
  const { base, Check, Prompt } = interactionPolicy
  const prompts = base()
  prompts.remove('consent')
  for (const check of prompts.get('login')?.checks ?? []) check.description = 'Login required'
  const trigger = new Check('post_login', 'the Actions decide', async (ctx) => {
    await runTrigger(ctx, tenant)
    return Check.NO_NEED_TO_PROMPT
  })
  prompts.add(new Prompt({ name: 'post_login', requestable: false }, trigger))
  return prompts
}

async function runTrigger(ctx: KoaContextWithOIDC, tenant: OidcTenant): Promise<void> {
  const { session, result, prompts } = ctx.oidc
  const user = tenant.users.byId(session?.accountId ?? '')
  if (!session || !user) throw new errors.LoginRequired('Login required')
  const flow: Flow = prompts.has('none') ? 'silent' : result?.login ? 'login' : 'sso'
  // The user was blocked while signed in. The form shows the same text.
  if (user.blocked) throw new errors.CustomOIDCProviderError('unauthorized', 'user is blocked')
  const authenticatedAt = (session.loginTs ?? 0) * 1000
  const signIn = tenant.signIn(ctx, flow, user, session.amr ?? [], authenticatedAt)
  await tenant.executions.run(ctx, signIn)
}
