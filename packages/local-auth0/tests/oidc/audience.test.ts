import assert from 'node:assert/strict'
import { PASSWORD, refusal, SHOP } from '../../src/visitor/index.ts'
import { handler, run } from '../deploy.ts'
import { claim, useTenant } from './tenant.ts'
import { token } from './token-request.ts'

describe('local Auth0: audience', () => {
  const suite = useTenant()

  const audience = 'https://api.example.com/'

  it('issues a token for the api, with the claims that the actions set', async () => {
    const first = await suite.visitor.as('ada@example.com', {
      audience,
      scope: 'openid offline_access read:orders',
    })
    const second = await suite.visitor.refresh(first.refresh_token)
    for (const { access_token } of [first, second]) {
      const payload = payloadOf(access_token)
      assert.deepEqual([payload.aud, payload.scope, payload[claim]], [audience, 'read:orders', 'for the API'])
    }
  })

  it('does so for a password grant too', async () => {
    const fields = {
      client_id: SHOP,
      username: 'ada@example.com',
      password: PASSWORD,
      audience,
      scope: 'read:orders',
    }
    const { body } = await token(suite.running, { ...fields, grant_type: 'password' })
    assert.equal(payloadOf(String(body.access_token)).scope, 'read:orders')
  })

  it('applies the scopes that the actions add and remove, at a refresh too', async () => {
    const change = (verb: string) =>
      run(suite.running.auth0, handler(`api.accessToken.${verb}Scope('write:orders')`))
    const asked = { audience, scope: 'openid offline_access read:orders' }
    await change('add')
    const first = await suite.visitor.as('ada@example.com', asked)
    assert.equal(payloadOf(first.access_token).scope, 'read:orders write:orders')
    await change('remove')
    const second = await suite.visitor.refresh(first.refresh_token)
    assert.equal(payloadOf(second.access_token).scope, 'read:orders')
    await change('add')
    const third = await suite.visitor.refresh(second.refresh_token)
    assert.equal(payloadOf(third.access_token).scope, 'read:orders write:orders')
  })

  it('is refused if the tenant does not have it', async () => {
    const refused = await refusal(suite.visitor.silently({ audience: 'https://other.example.com/' }))
    assert.deepEqual(refused, {
      error: 'access_denied',
      error_description: 'Service not found: https://other.example.com/',
    })
  })

  function payloadOf(jwt: string): Record<string, unknown> {
    return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  }
})
