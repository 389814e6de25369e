import assert from 'node:assert/strict'
import * as oidc from 'openid-client'
import { handler, run } from '../auth0/deploy.ts'
import {
  database,
  office,
  officeSecret,
  password,
  type Running,
  refusal,
  shop,
  start,
  Visitor,
} from './client.ts'

const claim = 'https://example.com/claim'
const realmGrant = 'http://auth0.com/oauth/grant-type/password-realm'

/** The body of an answer of the token endpoint, and its status. */
async function token(running: Running, fields: Readonly<Record<string, string>>, json = false) {
  const response = await fetch(`${running.tenant.url}/oauth/token`, {
    method: 'POST',
    body: json ? JSON.stringify(fields) : new URLSearchParams(fields),
    headers: { 'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded' },
  })
  const body: Record<string, unknown> = JSON.parse(await response.text())
  return { status: response.status, body }
}

describe('local Auth0: tokens', () => {
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

  const flows = () => running.executions.map(({ flow }) => flow)

  describe('refresh', () => {
    it('runs the actions again, and issues what this run has set', async () => {
      const first = await visitor.as('ada@example.com')
      assert.equal(first.claims()?.[claim], 'oidc-basic-profile')
      const second = await visitor.refresh(first.refresh_token)
      assert.equal(second.claims()?.[claim], 'oauth2-refresh-token')
      assert.equal(second.claims()?.email, 'ada@example.com')
      assert.deepEqual(flows(), ['login', 'refresh'])
      await run(running.auth0, handler(''))
      const third = await visitor.refresh(second.refresh_token)
      assert.equal(third.claims()?.sub, 'auth0|ada')
      assert.equal(claim in (third.claims() ?? {}), false)
    })

    it('counts no login', async () => {
      const { refresh_token } = await visitor.as('ada@example.com')
      await visitor.refresh(refresh_token)
      const [login, refresh] = running.executions
      assert.equal(refresh?.loginsCount, login?.loginsCount)
    })

    it('gives none without offline_access', async () => {
      const tokens = await visitor.as('ada@example.com', { scope: 'openid' })
      assert.equal(tokens.refresh_token, undefined)
    })

    it('rotates that of an application without a secret: an old one ends the new one too', async () => {
      const first = (await visitor.as('ada@example.com')).refresh_token
      const second = (await visitor.refresh(first)).refresh_token
      assert.notEqual(second, first)
      const unknown = {
        error: 'invalid_grant',
        error_description: 'Unknown or invalid refresh token.',
      }
      assert.deepEqual(await refusal(visitor.refresh(first)), unknown)
      assert.deepEqual(await refusal(visitor.refresh(second)), unknown)
      assert.deepEqual(flows(), ['login', 'refresh'])
      const { status } = await token(running, {
        grant_type: 'refresh_token',
        client_id: shop,
        refresh_token: second ?? '',
      })
      assert.equal(status, 403)
    })

    it('keeps that of an application with a server', async () => {
      const server = await Visitor.to(running.tenant, office)
      const { refresh_token } = await server.as('ada@example.com')
      assert.equal((await server.refresh(refresh_token)).refresh_token, refresh_token)
      assert.equal((await server.refresh(refresh_token)).claims()?.sub, 'auth0|ada')
    })

    it('ends nobody’s refresh token where an action denies or fails', async () => {
      const { refresh_token = '' } = await visitor.as('ada@example.com')
      const exchange = { grant_type: 'refresh_token', client_id: shop, refresh_token }
      for (const [body, reason] of [
        ["api.access.deny('closed today')", 'closed today'],
        ["throw new Error('broken')", 'broken'],
      ]) {
        await run(running.auth0, handler(body ?? ''))
        assert.deepEqual(await token(running, exchange), {
          status: 500,
          body: { error: 'access_denied', error_description: reason },
        })
      }
      await run(running.auth0, handler(''))
      assert.equal((await visitor.refresh(refresh_token)).claims()?.sub, 'auth0|ada')
      assert.equal((await visitor.silently()).claims()?.sub, 'auth0|ada')
    })

    it('refuses a user who was blocked since, and runs no action', async () => {
      const { refresh_token = '' } = await visitor.as('ada@example.com')
      running.tenant.block('auth0|ada', true)
      try {
        assert.deepEqual(await refusal(visitor.refresh(refresh_token)), {
          error: 'unauthorized',
          error_description: 'user is blocked',
        })
        assert.deepEqual(await refusal(visitor.silently()), {
          error: 'unauthorized',
          error_description: 'user is blocked',
        })
        assert.deepEqual(flows(), ['login'])
      } finally {
        running.tenant.block('auth0|ada', false)
      }
      assert.equal((await visitor.refresh(refresh_token)).claims()?.sub, 'auth0|ada')
    })

    it('is over when the application revokes the token', async () => {
      const { refresh_token = '' } = await visitor.as('ada@example.com')
      await oidc.tokenRevocation(visitor.config, refresh_token)
      assert.equal((await refusal(visitor.refresh(refresh_token))).error, 'invalid_grant')
    })
  })

  describe('denied', () => {
    it('tells the application the reason, and runs no later action', async () => {
      await run(
        running.auth0,
        handler("api.access.deny('Not today, Ada & co.')"),
        handler("throw new Error('later')"),
      )
      assert.deepEqual(await refusal(visitor.as('ada@example.com')), {
        error: 'access_denied',
        error_description: 'Not today, Ada & co.',
      })
      const [execution] = running.executions
      assert.deepEqual([execution?.outcome, execution?.ranActions.length], ['denied', 1])
    })

    it('leaves a session: the next try runs the actions without a form', async () => {
      await run(running.auth0, handler("api.access.deny('no')"))
      await refusal(visitor.as('ada@example.com'))
      assert.equal((await refusal(visitor.silently())).error, 'access_denied')
      await run(running.auth0, handler(''))
      assert.equal((await visitor.silently({})).claims()?.sub, 'auth0|ada')
      assert.deepEqual(flows(), ['login', 'silent', 'sso'])
    })

    it('gives the message of an uncaught error', async () => {
      await run(running.auth0, handler("throw new Error('out it comes')"))
      assert.deepEqual(await refusal(visitor.as('ada@example.com')), {
        error: 'access_denied',
        error_description: 'out it comes',
      })
    })

    it('writes the metadata all the same', async () => {
      await run(
        running.auth0,
        handler(`api.user.setAppMetadata('tries', (event.user.app_metadata.tries ?? 0) + 1)
          api.access.deny(String(event.user.app_metadata.tries ?? 0))`),
      )
      const reasons = [await refusal(visitor.as("o'brien@example.com")), await refusal(visitor.silently())]
      assert.deepEqual(
        reasons.map(({ error_description }) => error_description),
        ['0', '1'],
      )
    })
  })

  describe('password grants', () => {
    const scope = 'openid profile offline_access'
    const ada = { client_id: shop, username: 'ada@example.com', password, scope }

    it('give tokens, which refresh', async () => {
      const tokens = await oidc.genericGrantRequest(visitor.config, 'password', {
        username: 'ada@example.com',
        password,
        scope,
      })
      assert.deepEqual([tokens.claims()?.sub, tokens.claims()?.[claim]], ['auth0|ada', 'oauth2-password'])
      const second = await visitor.refresh(tokens.refresh_token)
      assert.equal(second.claims()?.[claim], 'oauth2-refresh-token')
      assert.deepEqual(flows(), ['password', 'refresh'])
      const user = await oidc.fetchUserInfo(visitor.config, tokens.access_token, 'auth0|ada')
      assert.deepEqual([user.name, user.email], ['Ada', undefined])
    })

    it('take a realm, and json', async () => {
      const { status, body } = await token(running, { ...ada, grant_type: realmGrant, realm: database }, true)
      assert.deepEqual([status, typeof body.id_token], [200, 'string'])
      const elsewhere = { ...ada, grant_type: realmGrant, realm: 'example-saml' }
      assert.equal((await token(running, elsewhere)).status, 403)
    })

    it('refuse a wrong password, and a user who is blocked', async () => {
      assert.deepEqual(await token(running, { ...ada, grant_type: 'password', password: 'wrong' }), {
        status: 403,
        body: { error: 'invalid_grant', error_description: 'Wrong email or password.' },
      })
      assert.deepEqual(
        await token(running, { ...ada, grant_type: 'password', username: 'bob@example.com' }),
        {
          status: 401,
          body: { error: 'unauthorized', error_description: 'user is blocked' },
        },
      )
      assert.deepEqual(flows(), [])
    })

    it('give the reason where an action denies', async () => {
      await run(running.auth0, handler("api.access.deny('closed today')"))
      assert.deepEqual(await token(running, { ...ada, grant_type: 'password' }), {
        status: 500,
        body: { error: 'access_denied', error_description: 'closed today' },
      })
    })

    it('need the secret of an application that has one', async () => {
      const fields = { ...ada, grant_type: 'password', client_id: office }
      assert.equal((await token(running, fields)).status, 401)
      assert.equal((await token(running, { ...fields, client_secret: officeSecret })).status, 200)
    })
  })

  describe('audience', () => {
    const audience = 'https://api.example.com/'

    it('gives a token for the api, with what the actions set in it', async () => {
      const first = await visitor.as('ada@example.com', {
        audience,
        scope: 'openid offline_access read:orders',
      })
      const second = await visitor.refresh(first.refresh_token)
      for (const { access_token } of [first, second]) {
        const payload = payloadOf(access_token)
        assert.deepEqual(
          [payload.aud, payload.scope, payload[claim]],
          [audience, 'read:orders', 'for the API'],
        )
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
})
