import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { type LocalAuth0, startAuth0 } from '@backendless-login/local-auth0'
import { ManagementApi } from '../../operations/management.ts'

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

describe('a client that signs in to auth0 with a private key', () => {
  const ours = pair()
  let auth0: LocalAuth0

  before(async () => {
    auth0 = await startAuth0({ clientPublicKey: ours.publicKey })
  })
  after(() => auth0.close())

  function read(key: string, alg = 'RS256'): Promise<unknown> {
    const { AUTH0_DOMAIN, SSL_CERT_FILE } = auth0.environment
    const api = new ManagementApi({
      AUTH0_DOMAIN,
      SSL_CERT_FILE,
      AUTH0_CLIENT_ID: auth0.client.id,
      AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: key,
      AUTH0_CLIENT_ASSERTION_SIGNING_ALG: alg,
    })
    return api.get('/actions/triggers/post-login/bindings')
  }

  for (const alg of ['RS256', 'RS384', 'PS256']) {
    it(`is let in with ${alg}`, async () => {
      assert.ok(await read(ours.privateKey, alg))
    })
  }

  it('is refused with another key', async () => {
    await assert.rejects(
      read(pair().privateKey),
      /^Problem: Auth0 refused AUTH0_CLIENT_ID with its secret or private key/,
    )
  })

  for (const [what, key, alg, message] of [
    [
      'what is no key',
      'MARKER no key',
      'RS256',
      /AUTH0_CLIENT_ASSERTION_PRIVATE_KEY must be an RSA private key/,
    ],
    ['no algorithm', ours.privateKey, '', /AUTH0_CLIENT_ASSERTION_SIGNING_ALG must be one of RS256/],
  ] as const) {
    it(`says what is wrong with ${what}, and does not repeat the key`, async () => {
      await assert.rejects(read(key, alg), (error) => {
        assert.match(String(error), message)
        assert.doesNotMatch(String(error), /MARKER|BEGIN/)
        return true
      })
    })
  }
})
