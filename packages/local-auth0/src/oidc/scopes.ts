import type { KoaContextWithOIDC } from 'oidc-provider'
import type { TriggerResult } from '../trigger.ts'

/** Applies `api.accessToken.addScope` and `removeScope` to the tokens of this request, before they are issued. */
export async function applyScopes(
  { oidc }: KoaContextWithOIDC,
  scopes: TriggerResult['scopes'],
): Promise<void> {
  const { params, grant, refreshToken, requestParamScopes, resourceServers = {} } = oidc
  if (!params || scopes.added.length + scopes.removed.length === 0) return
  // A refresh without scopes gets those of its token.
  const before = requestParamScopes.size > 0 ? requestParamScopes : (refreshToken?.scopes ?? [])
  const after = new Set([...before, ...scopes.added].filter((scope) => !scopes.removed.includes(scope)))
  params.scope = [...after].join(' ')
  if (!grant) return
  const resources = refreshToken ? [refreshToken.resource ?? []].flat() : Object.keys(resourceServers)
  grant.addOIDCScope([...scopes.added])
  for (const resource of resources) grant.addResourceScope(resource, [...scopes.added])
  await grant.save()
}
