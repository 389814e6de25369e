// A client that signs a JWT instead of sending its secret (RFC 7523, with Auth0's stricter rules).
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { type LocalAuth0, startAuth0 } from '../src/index.ts'
import { send } from './call.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString()

describe('local Auth0: a client assertion', () => {
  let auth0: LocalAuth0
  before(async () => {
    auth0 = await startAuth0({ clientPublicKey: publicKey })
  })
  after(() => auth0.close())
  const issuer = (tenant = auth0) => `https://${tenant.domain}/`

  /** Returns an assertion that Auth0 accepts, with `changes`. `undefined` removes a claim. */
  function assertion(
    changes: Readonly<Record<string, unknown>> = {},
    key = keys.privateKey,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const { id } = auth0.client
    const claims = { iss: id, sub: id, aud: issuer(), iat: now, exp: now + 60, jti: crypto.randomUUID() }
    return new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg: 'RS256' }).sign(key)
  }

  function exchange(client_assertion: string, tenant = auth0) {
    const request = {
      grant_type: 'client_credentials',
      audience: `https://${tenant.domain}/api/v2/`,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
    }
    return send(tenant, 'POST', '/oauth/token', FORM, new URLSearchParams(request).toString())
  }

  it('is exchanged for a token', async () => {
    const { status, body } = await exchange(await assertion())
    assert.deepEqual([status, body.token_type, typeof body.access_token], [200, 'Bearer', 'string'])
  })

  it('serves once', async () => {
    const signed = await assertion()
    assert.equal((await exchange(signed)).status, 200)
    const { status, body } = await exchange(signed)
    assert.deepEqual([status, body.error, body.access_token], [401, 'access_denied', undefined])
  })

  it('is refused with a `jti` that was used before, even with a new signature', async () => {
    const jti = crypto.randomUUID()
    assert.equal((await exchange(await assertion({ jti }))).status, 200)
    const exp = Math.floor(Date.now() / 1000) + 90
    assert.equal((await exchange(await assertion({ jti, exp }))).status, 401)
  })

  it('that was refused does not use up its `jti`', async () => {
    const jti = crypto.randomUUID()
    assert.equal((await exchange(await assertion({ jti }, stranger.privateKey))).status, 401)
    assert.equal((await exchange(await assertion({ jti }))).status, 200)
  })

  it('is refused with a list of audiences, even of the one that is right', async () => {
    for (const aud of [[issuer()], [issuer(), 'https://example.com/']])
      assert.equal((await exchange(await assertion({ aud }))).status, 401, JSON.stringify(aud))
  })

  for (const [title, changes] of [
    ['for another audience', { aud: 'https://example.com/' }],
    ['of another issuer', { iss: 'another-client' }],
    ['for another subject', { sub: 'another-client' }],
    ['without a `jti`', { jti: undefined }],
    ['without an expiry', { exp: undefined }],
    ['that has expired', { exp: Math.floor(Date.now() / 1000) - 60 }],
  ] as const) {
    it(`is refused ${title}`, async () => {
      assert.equal((await exchange(await assertion(changes))).status, 401)
    })
  }

  it('is refused for the address of the token endpoint as its audience', async () => {
    assert.equal((await exchange(await assertion({ aud: `${issuer()}oauth/token` }))).status, 401)
  })

  it('is refused with another key, and by a tenant that knows none', async () => {
    assert.equal((await exchange(await assertion({}, stranger.privateKey))).status, 401)
    const without = await startAuth0()
    const { status } = await exchange(await assertion({ aud: issuer(without) }), without)
    await without.close()
    assert.equal(status, 401)
  })
})
