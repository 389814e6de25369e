// The certificate protects passwords from an attacker on the network.
import assert from 'node:assert/strict'
import { type EventOverrides, loginEvent, makeCertificate, startAuth0 } from '@backendless-login/local-auth0'
import { deployEmbedded } from '../../../demo/deploy/index.ts'
import { backendless, closeAll, firstSignIn, signIn } from '../sign-in.ts'

describe('https', () => {
  afterEach(closeAll)

  it('sends nothing to a server whose certificate is not trusted', async () => {
    const { certificate, privateKey: key, remove } = await makeCertificate()
    const app = await backendless({ tls: { cert: certificate, key } })
    const login = await signIn({ app, event: firstSignIn() })
    assert.equal(login.code, 'unavailable')
    assert.deepEqual([login.requests, login.claim], [[], undefined])
    await remove()
  })

  it('keeps one connection to a server with a good certificate', async () => {
    const { certificate, privateKey: key, file, remove } = await makeCertificate()
    const app = await backendless({ tls: { cert: certificate, key } })
    const auth0 = await startAuth0({ hostEnvironment: { NODE_EXTRA_CA_CERTS: file } })
    try {
      await deployEmbedded({
        auth0,
        config: { appId: app.appId, serverUrl: app.url, clients: ['*'] },
        secretConfig: { apiKey: app.keys.rest },
      })
      const events: EventOverrides[] = [firstSignIn(), {}]
      for (const event of events) {
        const { outcome } = await auth0.signIn(loginEvent(event))
        assert.equal(outcome, 'continue')
      }
      assert.deepEqual(
        app.requests.map(({ reusedConnection }) => reusedConnection),
        [false, true, true],
      )
    } finally {
      await Promise.all([auth0.close(), remove()])
    }
  })
})
