import assert from 'node:assert/strict'
import * as oidc from 'openid-client'
import { OFFICE, refusal, SHOP, Visitor } from '../../src/visitor/index.ts'
import { handler, run } from '../deploy.ts'
import { claim, useTenant } from './tenant.ts'
import { token } from './token-request.ts'

describe('local Auth0: refreshing', () => {
  const suite = useTenant()

  it('runs the actions again, and issues what this run has set', async () => {
    const first = await suite.visitor.as('ada@example.com')
    assert.equal(first.claims()?.[claim], 'oidc-basic-profile')
    const second = await suite.visitor.refresh(first.refresh_token)
    assert.equal(second.claims()?.[claim], 'oauth2-refresh-token')
    assert.equal(second.claims()?.email, 'ada@example.com')
    assert.deepEqual(suite.flows(), ['login', 'refresh'])
    await run(suite.running.auth0, handler(''))
    const third = await suite.visitor.refresh(second.refresh_token)
    assert.equal(third.claims()?.sub, 'auth0|ada')
    assert.equal(claim in (third.claims() ?? {}), false)
  })

  it('counts no login', async () => {
    const { refresh_token } = await suite.visitor.as('ada@example.com')
    await suite.visitor.refresh(refresh_token)
    const [login, refresh] = suite.running.executions
    assert.equal(refresh?.loginsCount, login?.loginsCount)
  })

  it('is not possible without offline_access', async () => {
    const tokens = await suite.visitor.as('ada@example.com', { scope: 'openid' })
    assert.equal(tokens.refresh_token, undefined)
  })

  it('rotates the refresh token of an application without a secret, and revokes the new one if the old one is used again', async () => {
    const first = (await suite.visitor.as('ada@example.com')).refresh_token
    const second = (await suite.visitor.refresh(first)).refresh_token
    assert.notEqual(second, first)
    const unknown = {
      error: 'invalid_grant',
      error_description: 'Unknown or invalid refresh token.',
    }
    assert.deepEqual(await refusal(suite.visitor.refresh(first)), unknown)
    assert.deepEqual(await refusal(suite.visitor.refresh(second)), unknown)
    assert.deepEqual(suite.flows(), ['login', 'refresh'])
    const { status } = await token(suite.running, {
      grant_type: 'refresh_token',
      client_id: SHOP,
      refresh_token: second ?? '',
    })
    assert.equal(status, 403)
  })

  it('keeps the refresh token of an application with a server', async () => {
    const server = await Visitor.to(suite.running.tenant, OFFICE)
    const { refresh_token } = await server.as('ada@example.com')
    assert.equal((await server.refresh(refresh_token)).refresh_token, refresh_token)
    assert.equal((await server.refresh(refresh_token)).claims()?.sub, 'auth0|ada')
  })

  it('keeps the refresh token valid if an action denies or fails', async () => {
    const { refresh_token = '' } = await suite.visitor.as('ada@example.com')
    const exchange = { grant_type: 'refresh_token', client_id: SHOP, refresh_token }
    for (const [body, reason] of [
      ["api.access.deny('closed today')", 'closed today'],
      ["throw new Error('broken')", 'broken'],
    ]) {
      await run(suite.running.auth0, handler(body ?? ''))
      assert.deepEqual(await token(suite.running, exchange), {
        status: 500,
        body: { error: 'access_denied', error_description: reason },
      })
    }
    await run(suite.running.auth0, handler(''))
    assert.equal((await suite.visitor.refresh(refresh_token)).claims()?.sub, 'auth0|ada')
    assert.equal((await suite.visitor.silently()).claims()?.sub, 'auth0|ada')
  })

  it('refuses a user who was blocked since, and runs no action', async () => {
    const { refresh_token = '' } = await suite.visitor.as('ada@example.com')
    suite.running.tenant.block('auth0|ada', true)
    try {
      assert.deepEqual(await refusal(suite.visitor.refresh(refresh_token)), {
        error: 'unauthorized',
        error_description: 'user is blocked',
      })
      assert.deepEqual(await refusal(suite.visitor.silently()), {
        error: 'unauthorized',
        error_description: 'user is blocked',
      })
      assert.deepEqual(suite.flows(), ['login'])
    } finally {
      suite.running.tenant.block('auth0|ada', false)
    }
    assert.equal((await suite.visitor.refresh(refresh_token)).claims()?.sub, 'auth0|ada')
  })

  it('is refused after the application revoked the token', async () => {
    const { refresh_token = '' } = await suite.visitor.as('ada@example.com')
    await oidc.tokenRevocation(suite.visitor.config, refresh_token)
    assert.equal((await refusal(suite.visitor.refresh(refresh_token))).error, 'invalid_grant')
  })
})
