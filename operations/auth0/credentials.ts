import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { ManagementAuthOptions } from 'auth0/management'
import { Problem } from '../problem.ts'

/** The algorithms of the Pulumi provider. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256']
const SMALLEST_KEY_BITS = 2048

/**
 * Tenant and credentials from the environment variables that the Pulumi provider reads too.
 * @throws Problem if they are missing or unusable. The message never holds a key.
 */
export function tenantCredentials(environment: NodeJS.ProcessEnv): ManagementAuthOptions {
  const {
    AUTH0_API_TOKEN: token,
    AUTH0_CLIENT_ID: clientId,
    AUTH0_CLIENT_SECRET: clientSecret,
    AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: privateKey,
    AUTH0_AUDIENCE: audience,
  } = environment
  const domain = tenantDomain(environment.AUTH0_DOMAIN)
  if (token) return { domain, token }
  const client = { domain, clientId: clientId ?? '', ...(audience ? { audience } : {}) }
  if (clientId && clientSecret) return { ...client, clientSecret }
  if (clientId && privateKey) {
    return {
      ...client,
      clientAssertionSigningAlg: signingAlgorithm(environment),
      // node-auth0 accepts only PKCS#8, but the provider also PKCS#1.
      clientAssertionSigningKey: rsaKey(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
  }
  throw new Problem(
    'Auth0 needs AUTH0_API_TOKEN, or AUTH0_CLIENT_ID with AUTH0_CLIENT_SECRET or AUTH0_CLIENT_ASSERTION_PRIVATE_KEY; the scope read:actions suffices.',
  )
}

/** Returns `tenant.eu.auth0.com`, even for `https://tenant.eu.auth0.com/`, which the provider accepts too. */
function tenantDomain(given = ''): string {
  if (given === '') throw new Problem('AUTH0_DOMAIN is not set: it names the tenant that this command reads.')
  const domain = given
    .trim()
    .replace(/^https:\/\//i, '')
    .replace(/\/+$/, '')
  if (!/^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(domain)) {
    throw new Problem('AUTH0_DOMAIN is not a domain. It must look like `tenant.eu.auth0.com`.')
  }
  return domain
}

function signingAlgorithm({ AUTH0_CLIENT_ASSERTION_SIGNING_ALG: alg = '' }: NodeJS.ProcessEnv): string {
  if (ALGORITHMS.includes(alg)) return alg
  throw new Problem(`AUTH0_CLIENT_ASSERTION_SIGNING_ALG must be one of ${ALGORITHMS.join(', ')}.`)
}

function rsaKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    if (key.asymmetricKeyType === 'rsa' && bits >= SMALLEST_KEY_BITS) return key
  } catch {
    // Node's message may repeat parts of the key.
  }
  throw new Problem(
    `AUTH0_CLIENT_ASSERTION_PRIVATE_KEY must be an RSA private key of ${SMALLEST_KEY_BITS} bits or more, as PEM text without a passphrase.`,
  )
}
