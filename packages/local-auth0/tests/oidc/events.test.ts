import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostLoginEvent } from '../../src/index.ts'
import { openTenant } from '../../src/oidc/index.ts'
import { DATABASE, OFFICE, OFFICE_SECRET, PASSWORD, Visitor } from '../../src/visitor/index.ts'
import { handler, run } from '../deploy.ts'
import { type Running, start } from './tenant.ts'
import { token } from './token-request.ts'

const claim = 'https://example.com/event'

describe('local Auth0: the event of each flow', () => {
  let running: Running
  let visitor: Visitor

  before(async () => {
    running = await start()
    await run(running.auth0, handler(`api.idToken.setCustomClaim('${claim}', JSON.stringify(event))`))
  })
  beforeEach(async () => {
    visitor = await Visitor.to(running.tenant)
  })
  after(() => running.close())

  const eventOf = async (signIn: Promise<{ claims(): object | undefined }>): Promise<PostLoginEvent> =>
    JSON.parse(String(Reflect.get((await signIn).claims() ?? {}, claim)))

  it('has the user, the method and the application', async () => {
    const server = await Visitor.to(running.tenant, OFFICE)
    const event = await eventOf(server.as('ada@example.com'))
    assert.deepEqual(event.client, {
      client_id: OFFICE,
      name: 'Back office',
      metadata: { department: 'sales' },
    })
    assert.deepEqual(event.connection, { id: 'con_database00000001', name: DATABASE, strategy: 'auth0' })
    assert.equal(event.tenant.id, 'local')
    const { user } = event
    assert.deepEqual(
      [user.user_id, user.email, user.email_verified, user.nickname, user.created_at],
      ['auth0|ada', 'ada@example.com', true, 'ada', '2025-03-01T09:15:00.000Z'],
    )
    assert.deepEqual([user.user_metadata, user.app_metadata], [{ theme: 'dark' }, {}])
    assert.deepEqual(user.identities, [
      { connection: DATABASE, provider: 'auth0', user_id: 'ada', isSocial: false },
    ])
    assert.equal(JSON.stringify(event).includes(PASSWORD), false)
  })

  it('has the parameters of /authorize', async () => {
    const { transaction, request, authentication } = await eventOf(
      visitor.as('ada@example.com', { prompt: 'login', login_hint: 'ada', acr_values: 'a b' }),
    )
    assert.deepEqual(
      [transaction?.protocol, transaction?.prompt, transaction?.response_type, transaction?.redirect_uri],
      ['oidc-basic-profile', ['login'], ['code'], 'http://localhost:3000/callback'],
    )
    assert.deepEqual(transaction?.requested_scopes, ['openid', 'profile', 'email', 'offline_access'])
    assert.deepEqual([transaction?.login_hint, transaction?.acr_values], ['ada', ['a', 'b']])
    const { method, query, body, ip, user_agent, hostname, language } = request
    assert.deepEqual(
      [method, query.prompt, query.response_type, body, user_agent, hostname, language],
      ['GET', 'login', 'code', {}, 'a test', 'localhost', 'en-GB'],
    )
    assert.match(ip, /127\.0\.0\.1$|^::1$/)
    const method0: unknown = Reflect.get(Object(authentication), 'methods')
    assert.ok(Array.isArray(method0))
    assert.equal(method0[0].name, 'pwd')
    assert.ok(Math.abs(Date.now() - Date.parse(method0[0].timestamp)) < 10_000)
  })

  it('says that a sign-in without a form is silent, or that it is not', async () => {
    await visitor.as('ada@example.com')
    const silent = await eventOf(visitor.silently())
    assert.deepEqual([silent.transaction?.prompt, silent.request.query.prompt], [['none'], 'none'])
    const sso = await eventOf(visitor.silently({}))
    assert.deepEqual([sso.transaction?.prompt, sso.request.query.prompt], [[], undefined])
    for (const { transaction } of [silent, sso]) assert.equal(transaction?.protocol, 'oidc-basic-profile')
  })

  it('keeps the connection over silent sign-ins and refreshes', async () => {
    const user = 'samlp|example-saml|sam@example.com'
    const form = { action: 'choose', connection: 'example-saml', user }
    const tokens = await visitor.withForm(form)
    for (const signIn of [visitor.refresh(tokens.refresh_token), visitor.silently()]) {
      const { connection, authentication } = await eventOf(signIn)
      assert.deepEqual([connection.name, connection.strategy], ['example-saml', 'samlp'])
      assert.match(JSON.stringify(authentication), /"name":"federated"/)
    }
  })

  it('says that a refresh token was exchanged, and shows no action that token', async () => {
    const tokens = await visitor.as('ada@example.com')
    const event = await eventOf(visitor.refresh(tokens.refresh_token))
    const { transaction, request } = event
    assert.deepEqual(
      [transaction?.protocol, transaction?.prompt, request.method, request.query, request.body.grant_type],
      ['oauth2-refresh-token', [], 'POST', {}, 'refresh_token'],
    )
    assert.equal(JSON.stringify(event).includes(String(tokens.refresh_token)), false)
  })

  it('leaves out what would let an action act for the user or the application', async () => {
    const secrets = {
      auth_session: 'marker 1',
      authn_response: 'marker 2',
      client_secret: 'marker 3',
      client_assertion: 'marker 4',
      refresh_token: 'marker 5',
    }
    const asked = await eventOf(visitor.as('ada@example.com', { ...secrets, login_hint: 'ada' }))
    assert.equal(asked.request.query.login_hint, 'ada')
    assert.doesNotMatch(JSON.stringify(asked), /marker/)

    const grant = { grant_type: 'password', username: 'ada@example.com', password: PASSWORD, scope: 'openid' }
    const { body } = await token(running, { ...grant, client_id: OFFICE, client_secret: OFFICE_SECRET })
    const claims = JSON.parse(Buffer.from(String(body.id_token).split('.')[1] ?? '', 'base64url').toString())
    const event: PostLoginEvent = JSON.parse(claims[claim])
    assert.equal(event.request.body.username, 'ada@example.com')
    for (const secret of [PASSWORD, OFFICE_SECRET]) assert.ok(!claims[claim].includes(secret))
  })

  it('says which identities are social', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenant-'))
    const file = join(folder, 'tenant.json')
    const strategies = ['auth0', 'email', 'samlp', 'waad', 'google-oauth2', 'windowslive', 'oauth2']
    const connections = strategies.map((strategy) => ({ id: `con_${strategy}`, name: strategy, strategy }))
    const users = strategies.map((name) => ({ user_id: `${name}|1`, connection: name }))
    const application = { client_id: 'app', name: 'App', app_type: 'spa', callbacks: ['http://localhost:1'] }
    await writeFile(file, JSON.stringify({ connections, users, applications: [application] }))
    const tenant = await openTenant({ auth0: running.auth0, file })
    const social = tenant.users().filter(({ identities }) => identities[0]?.isSocial)
    await Promise.all([tenant.close(), rm(folder, { recursive: true })])
    assert.deepEqual(
      social.map(({ user_id }) => user_id),
      ['google-oauth2|1', 'windowslive|1', 'oauth2|1'],
    )
  })

  it('has no address for a user without one', async () => {
    const { user } = await eventOf(visitor.as('nadia'))
    assert.deepEqual([user.username, 'email' in user, user.email_verified], ['nadia', false, false])
  })

  it('names the requested api', async () => {
    const audience = 'https://api.example.com/'
    const signIn = visitor.as('ada@example.com', { audience, scope: 'openid offline_access' })
    const { refresh_token } = await signIn
    const expected = { identifier: audience }
    assert.deepEqual((await eventOf(signIn)).resource_server, expected)
    assert.deepEqual((await eventOf(visitor.refresh(refresh_token))).resource_server, expected)
  })

  it('shows listeners each run without the values of claims, until they are removed', async () => {
    const seen: unknown[] = []
    const stop = running.tenant.onExecution((execution) => seen.push(execution))
    await run(
      running.auth0,
      handler(`console.log('one line'); api.idToken.setCustomClaim('${claim}', 'a secret')`),
    )
    await visitor.as('ada@example.com')
    stop()
    await visitor.silently()
    assert.equal(seen.length, 1)
    const [execution] = seen
    assert.match(JSON.stringify(execution), /"flow":"login".*"outcome":"continue".*"text":"one line"/)
    assert.match(JSON.stringify(execution), new RegExp(`"claims":\\["${claim}"\\]`))
    assert.doesNotMatch(JSON.stringify(execution), /a secret/)
  })
})
