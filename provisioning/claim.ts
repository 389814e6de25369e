import { problemClaim } from '../actions/backendless-login/settings.ts'

/** Domains whose claims Auth0 silently leaves out of the token (its documentation on custom claims). */
const DROPPED_DOMAINS = ['auth0.com', 'webtask.io', 'webtask.run']

/**
 * Returns why a claim of this name, or its `<claim>Problem`, would not reach the application; `undefined` if both would.
 * Auth0 silently drops standard, internal and colliding names; only a URL outside its own domains is certain to pass.
 */
export function claimProblem(name: string): string | undefined {
  const whyNot = nameProblem(problemClaim(name))
  return (
    nameProblem(name) ??
    (whyNot && 'must have a path: the claim with `Problem` at the end of its name would be no usable URL')
  )
}

function nameProblem(name: string): string | undefined {
  const url = URL.canParse(name) && /^https?:\/\/\S+$/.test(name) ? new URL(name) : undefined
  if (!url) {
    return 'must be an http(s) URL: Auth0 silently drops names that are reserved'
  }
  const host = url.hostname.replace(/\.+$/, '')
  const dropped = DROPPED_DOMAINS.find((domain) => host === domain || host.endsWith(`.${domain}`))
  return dropped && `must not be on ${dropped}: Auth0 silently drops such claims`
}
