import type { PostLoginEvent } from './auth0.ts'

/** Protocols that answer with an assertion, not with an ID token. */
const WITHOUT_ID_TOKEN = new Set(['samlp', 'wsfed', 'wstrust-usernamemixed'])

/** True if a person is present: not a refresh-token exchange, not a silent sign-in. */
export function isInteractive(event: PostLoginEvent): boolean {
  return event.transaction?.protocol !== 'oauth2-refresh-token' && !isSilent(event)
}

/** Auth0's own test library of Actions decides by the query. `transaction.prompt` is a precaution. */
function isSilent(event: PostLoginEvent): boolean {
  const prompt = event.transaction?.prompt
  return event.request?.query?.prompt === 'none' || (Array.isArray(prompt) && prompt.includes('none'))
}

/** True if Auth0 answers with an ID token, or if the event does not show it. */
export function hasIdToken(event: PostLoginEvent): boolean {
  const { protocol, response_type: types } = event.transaction ?? {}
  if (protocol !== undefined && WITHOUT_ID_TOKEN.has(protocol)) return false
  const scopes = requestedScopes(event)
  if (scopes.length > 0 && !scopes.includes('openid')) return false
  if (!Array.isArray(types) || types.length === 0) return true
  return types.includes('code') || types.includes('id_token')
}

/** Empty if the event names none. The sample event of Auth0's dashboard names them only in the query. */
function requestedScopes(event: PostLoginEvent): readonly string[] {
  const requested = event.transaction?.requested_scopes
  if (Array.isArray(requested) && requested.length > 0) return requested
  const scope = event.request?.query?.scope
  return typeof scope === 'string' ? scope.split(/\s+/).filter((name) => name !== '') : []
}

/** True if the event has an `actor`, whatever its value: somebody else acts on behalf of the user. */
export function isDelegated({ session, transaction }: PostLoginEvent): boolean {
  return session?.actor !== undefined || transaction?.actor !== undefined
}
