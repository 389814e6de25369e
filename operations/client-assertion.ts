import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { Problem } from './problem.ts'

/** Auth0 takes an assertion that lives for five minutes at most. */
const LIFETIME = '2 minutes'
const ALGORITHMS = ['RS256', 'RS384', 'PS256']

/**
 * What proves to Auth0 that this is the client, without a secret of Auth0's: a JWT signed with a private key (RFC 7523),
 * from AUTH0_CLIENT_ASSERTION_PRIVATE_KEY (PEM) and AUTH0_CLIENT_ASSERTION_SIGNING_ALG, which the provider reads too.
 * @throws Problem where they are not usable; never with the key in it.
 */
export async function clientAssertion(
  { AUTH0_CLIENT_ID: id = '', ...environment }: NodeJS.ProcessEnv,
  domain: string,
): Promise<Readonly<Record<string, string>>> {
  const alg = environment.AUTH0_CLIENT_ASSERTION_SIGNING_ALG ?? ''
  if (!ALGORITHMS.includes(alg)) {
    throw new Problem(`AUTH0_CLIENT_ASSERTION_SIGNING_ALG must be one of ${ALGORITHMS.join(', ')}.`)
  }
  const jwt = new SignJWT()
    .setProtectedHeader({ alg })
    .setIssuer(id)
    .setSubject(id)
    .setAudience(`https://${domain}/`)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(LIFETIME)
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await jwt.sign(privateKey(environment.AUTH0_CLIENT_ASSERTION_PRIVATE_KEY ?? '')),
  }
}

function privateKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'rsa') return key
  } catch {
    // Said below, without what Node says of the key.
  }
  throw new Problem('AUTH0_CLIENT_ASSERTION_PRIVATE_KEY must be an RSA private key as PEM text.')
}
