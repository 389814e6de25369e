import assert from 'node:assert/strict'
import { handler, run } from '../auth0/deploy.ts'
import { password, type Running, refusal, shop, start, Visitor } from './client.ts'
import { token } from './token-request.ts'

const claim = 'https://example.com/claim'

describe('local Auth0: audience', () => {
  let running: Running
  let visitor: Visitor

  before(async () => {
    running = await start()
  })
  beforeEach(async () => {
    await run(
      running.auth0,
      handler(`api.idToken.setCustomClaim('${claim}', event.transaction.protocol)
        api.accessToken.setCustomClaim('${claim}', 'for the API')`),
    )
    visitor = await Visitor.to(running.tenant)
    running.executions.length = 0
  })
  after(() => running.close())

  const audience = 'https://api.example.com/'

  it('gives a token for the api, with what the actions set in it', async () => {
    const first = await visitor.as('ada@example.com', {
      audience,
      scope: 'openid offline_access read:orders',
    })
    const second = await visitor.refresh(first.refresh_token)
    for (const { access_token } of [first, second]) {
      const payload = payloadOf(access_token)
      assert.deepEqual([payload.aud, payload.scope, payload[claim]], [audience, 'read:orders', 'for the API'])
    }
  })

  it('does so for a password as well', async () => {
    const fields = {
      client_id: shop,
      username: 'ada@example.com',
      password,
      audience,
      scope: 'read:orders',
    }
    const { body } = await token(running, { ...fields, grant_type: 'password' })
    assert.equal(payloadOf(String(body.access_token)).scope, 'read:orders')
  })

  it('has the scopes that the actions add and take away, at a refresh as well', async () => {
    const change = (verb: string) =>
      run(running.auth0, handler(`api.accessToken.${verb}Scope('write:orders')`))
    const asked = { audience, scope: 'openid offline_access read:orders' }
    await change('add')
    const first = await visitor.as('ada@example.com', asked)
    assert.equal(payloadOf(first.access_token).scope, 'read:orders write:orders')
    await change('remove')
    const second = await visitor.refresh(first.refresh_token)
    assert.equal(payloadOf(second.access_token).scope, 'read:orders')
    await change('add')
    const third = await visitor.refresh(second.refresh_token)
    assert.equal(payloadOf(third.access_token).scope, 'read:orders write:orders')
  })

  it('has to be one of the tenant', async () => {
    const refused = await refusal(visitor.silently({ audience: 'https://other.example.com/' }))
    assert.deepEqual(refused, {
      error: 'access_denied',
      error_description: 'Service not found: https://other.example.com/',
    })
  })

  function payloadOf(jwt: string): Record<string, unknown> {
    return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  }
})
