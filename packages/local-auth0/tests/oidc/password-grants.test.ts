import assert from 'node:assert/strict'
import * as oidc from 'openid-client'
import { DATABASE, OFFICE, OFFICE_SECRET, PASSWORD, SHOP } from '../../src/visitor/index.ts'
import { handler, run } from '../deploy.ts'
import { claim, useTenant } from './tenant.ts'
import { token } from './token-request.ts'

const realmGrant = 'http://auth0.com/oauth/grant-type/password-realm'

describe('local Auth0: a password grant', () => {
  const suite = useTenant()

  const scope = 'openid profile offline_access'
  const ada = { client_id: SHOP, username: 'ada@example.com', password: PASSWORD, scope }

  it('gives tokens, which refresh', async () => {
    const tokens = await oidc.genericGrantRequest(suite.visitor.config, 'password', {
      username: 'ada@example.com',
      password: PASSWORD,
      scope,
    })
    assert.deepEqual([tokens.claims()?.sub, tokens.claims()?.[claim]], ['auth0|ada', 'oauth2-password'])
    const second = await suite.visitor.refresh(tokens.refresh_token)
    assert.equal(second.claims()?.[claim], 'oauth2-refresh-token')
    assert.deepEqual(suite.flows(), ['password', 'refresh'])
    const user = await oidc.fetchUserInfo(suite.visitor.config, tokens.access_token, 'auth0|ada')
    assert.deepEqual([user.name, user.email], ['Ada', undefined])
  })

  it('accepts a realm, and json', async () => {
    const { status, body } = await token(
      suite.running,
      { ...ada, grant_type: realmGrant, realm: DATABASE },
      true,
    )
    assert.deepEqual([status, typeof body.id_token], [200, 'string'])
    const elsewhere = { ...ada, grant_type: realmGrant, realm: 'example-saml' }
    assert.equal((await token(suite.running, elsewhere)).status, 403)
  })

  it('refuses a wrong password, and a user who is blocked', async () => {
    assert.deepEqual(await token(suite.running, { ...ada, grant_type: 'password', password: 'wrong' }), {
      status: 403,
      body: { error: 'invalid_grant', error_description: 'Wrong email or password.' },
    })
    assert.deepEqual(
      await token(suite.running, { ...ada, grant_type: 'password', username: 'bob@example.com' }),
      {
        status: 401,
        body: { error: 'unauthorized', error_description: 'user is blocked' },
      },
    )
    assert.deepEqual(suite.flows(), [])
  })

  it('answers with the reason if an action denies', async () => {
    await run(suite.running.auth0, handler("api.access.deny('closed today')"))
    assert.deepEqual(await token(suite.running, { ...ada, grant_type: 'password' }), {
      status: 500,
      body: { error: 'access_denied', error_description: 'closed today' },
    })
  })

  it('needs the secret of an application that has one', async () => {
    const fields = { ...ada, grant_type: 'password', client_id: OFFICE }
    assert.equal((await token(suite.running, fields)).status, 401)
    assert.equal((await token(suite.running, { ...fields, client_secret: OFFICE_SECRET })).status, 200)
  })
})
