// The test user of `--sign-in`. Read from the environment, because other users of the machine can see a command line.
import { Secret } from '../../actions/backendless-login/secret.ts'
import { UsageError } from '../problem.ts'

export interface TestUser {
  /** URL of the token endpoint. */
  readonly url: string
  readonly fields: Secret<Readonly<Record<string, string>>>
}

const REALM_GRANT = 'http://auth0.com/oauth/grant-type/password-realm'

/** @throws UsageError if a variable is missing or not usable. */
export function readTestUser(environment: NodeJS.ProcessEnv): TestUser {
  const {
    AUTH0_TEST_USERNAME: username,
    AUTH0_TEST_PASSWORD: password,
    AUTH0_TEST_CLIENT_ID: clientId,
    AUTH0_TEST_CLIENT_SECRET: clientSecret,
    AUTH0_TEST_CONNECTION: realm,
  } = environment
  if (!username || !password || !clientId) {
    throw new UsageError(
      '--sign-in needs AUTH0_TEST_USERNAME, AUTH0_TEST_PASSWORD and AUTH0_TEST_CLIENT_ID in the environment.',
    )
  }
  return {
    url: tokenEndpoint(environment),
    fields: new Secret({
      grant_type: realm ? REALM_GRANT : 'password',
      username,
      password,
      client_id: clientId,
      scope: 'openid',
      ...(clientSecret ? { client_secret: clientSecret } : {}),
      ...(realm ? { realm } : {}),
    }),
  }
}

/** AUTH0_TEST_DOMAIN names a custom domain. Plain http is accepted only for this machine. */
function tokenEndpoint({ AUTH0_TEST_DOMAIN: test, AUTH0_DOMAIN: domain }: NodeJS.ProcessEnv): string {
  const given = test || domain
  if (!given) throw new UsageError('--sign-in needs AUTH0_DOMAIN, or AUTH0_TEST_DOMAIN for a custom domain.')
  const address = /^https?:\/\//.test(given) ? given : `https://${given}`
  const url = URL.canParse(address) ? new URL('/oauth/token', address) : undefined
  const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url?.hostname ?? '')
  if (!url || (url.protocol === 'http:' && !loopback)) {
    throw new UsageError('AUTH0_TEST_DOMAIN must be a domain; http:// is allowed only for this machine.')
  }
  return url.href
}
