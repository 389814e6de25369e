import assert from 'node:assert/strict'
import * as oidc from 'openid-client'
import { DATABASE, refusal, Visitor } from '../../src/visitor/index.ts'
import { handler, run } from '../deploy.ts'
import { type Running, start } from './tenant.ts'

const claim = 'https://example.com/claim'
const setClaim = (value: string) => `api.idToken.setCustomClaim('${claim}', ${value})`

describe('local Auth0: signing in', () => {
  let running: Running
  let visitor: Visitor

  before(async () => {
    running = await start()
    await run(running.auth0, handler(setClaim('event.stats.logins_count')))
  })
  beforeEach(async () => {
    visitor = await Visitor.to(running.tenant)
    running.executions.length = 0
  })
  after(() => running.close())

  const flows = () => running.executions.map(({ flow }) => flow)

  it("has Auth0's addresses, and an issuer with a slash at its end", () => {
    const metadata = visitor.config.serverMetadata()
    const { url } = running.tenant
    assert.equal(metadata.issuer, `${url}/`)
    assert.equal(metadata.authorization_endpoint, `${url}/authorize`)
    assert.equal(metadata.token_endpoint, `${url}/oauth/token`)
    assert.equal(metadata.userinfo_endpoint, `${url}/userinfo`)
    assert.equal(metadata.jwks_uri, `${url}/.well-known/jwks.json`)
  })

  it('signs in with a form, and gives signed claims of the scopes and of the actions', async () => {
    oidc.enableNonRepudiationChecks(visitor.config)
    const before = running.tenant.users().find(({ user_id }) => user_id === 'auth0|ada')?.logins_count ?? 0
    const tokens = await visitor.as('ada@example.com')
    const claims = tokens.claims()
    assert.deepEqual(
      [claims?.sub, claims?.email, claims?.email_verified, claims?.name, claims?.nickname],
      ['auth0|ada', 'ada@example.com', true, 'Ada', 'ada'],
    )
    assert.equal(claims?.[claim], before + 1)
    assert.equal(tokens.expires_in, 86_400)
    assert.deepEqual(flows(), ['login'])
  })

  it('accepts an address in any case, and a username', async () => {
    assert.equal((await visitor.as("O'Brien@Example.com")).claims()?.sub, 'auth0|obrien')
    const other = await Visitor.to(running.tenant)
    const claims = (await other.as('nadia')).claims()
    assert.deepEqual(
      [claims?.sub, claims?.email, claims?.email_verified],
      ['auth0|nadia', undefined, undefined],
    )
  })

  it('says that the password is wrong, and signs nobody in', async () => {
    const { url } = await visitor.form()
    const page = await visitor.browser.page(url, {
      action: 'password',
      username: '"><b>',
      password: 'other',
    })
    assert.equal(page.status, 400)
    assert.match(page.html, /<p role="alert">Wrong email or password\.<\/p>/)
    assert.match(page.html, /value="&quot;&gt;&lt;b&gt;"/)
    const known = { action: 'password', username: 'ada@example.com', password: 'other' }
    assert.match((await visitor.browser.page(url, known)).html, /Wrong email or password/)
    assert.deepEqual(await refusal(visitor.silently()), {
      error: 'login_required',
      error_description: 'Login required',
    })
    assert.deepEqual(flows(), [])
  })

  it('signs in with one click, through an enterprise connection as well', async () => {
    const user = 'samlp|example-saml|sam@example.com'
    const claims = (await visitor.withForm({ action: 'choose', connection: 'example-saml', user })).claims()
    assert.equal(claims?.sub, user)
    const wrong = await Visitor.to(running.tenant)
    const { url } = await wrong.form()
    const page = await wrong.browser.page(url, { action: 'choose', connection: DATABASE, user })
    assert.match(page.html, /There is no such user/)
  })

  it('offers the users with their passwords, or only those of the requested connection', async () => {
    const all = (await visitor.form()).html
    assert.match(all, /value="auth0\|ada"/)
    assert.match(all, /O&#39;Brien/)
    assert.match(all, /<code>let-me-in<\/code>/)
    const enterprise = (await visitor.form({ connection: 'example-saml' })).html
    assert.match(enterprise, /sam@example\.com/)
    assert.doesNotMatch(enterprise, /auth0\|ada|name="password"/)
  })

  it('signs up a new user, who is new at the first sign-in and known at the second', async () => {
    const email = 'new@example.com'
    const first = await visitor.withForm(
      { action: 'sign-up', email, password: 'mine', verified: 'on' },
      { screen_hint: 'signup' },
    )
    const created = running.tenant.users().find((user) => user.email === email)?.created_at ?? ''
    assert.ok(Date.now() - Date.parse(created) < 10_000)
    assert.deepEqual([first.claims()?.[claim], first.claims()?.email_verified], [1, true])
    const again = await Visitor.to(running.tenant)
    const second = await again.withForm({ action: 'password', username: email, password: 'mine' })
    assert.deepEqual([second.claims()?.[claim], second.claims()?.sub], [2, first.claims()?.sub])
    const third = await Visitor.to(running.tenant)
    const { url } = await third.form()
    const page = await third.browser.page(url, { action: 'sign-up', email: 'NEW@example.com', password: 'x' })
    assert.match(page.html, /The user already exists\./)
  })

  it('signs up with an address that is not verified', async () => {
    const form = { action: 'sign-up', email: 'unproven@example.com', password: 'mine' }
    assert.equal((await visitor.withForm(form)).claims()?.email_verified, false)
  })

  it('refuses a user who is blocked, runs no action, and lets somebody else sign in', async () => {
    const refused = await refusal(visitor.as('bob@example.com'))
    assert.deepEqual(refused, { error: 'unauthorized', error_description: 'user is blocked' })
    assert.deepEqual(flows(), [])
    assert.equal((await visitor.as('ada@example.com')).claims()?.sub, 'auth0|ada')
  })

  it('signs in without a form while the session lasts, and does not count it', async () => {
    const first = (await visitor.as('ada@example.com')).claims()?.[claim]
    const second = (await visitor.silently({})).claims()?.[claim]
    assert.deepEqual([flows(), second], [['login', 'sso'], first])
  })

  it('signs in silently while the session lasts, and counts nothing', async () => {
    const first = (await visitor.as('ada@example.com')).claims()?.[claim]
    assert.equal((await visitor.silently()).claims()?.[claim], first)
    assert.deepEqual(flows(), ['login', 'silent'])
  })

  it('shows the form again with prompt=login, and switches to another user without asking', async () => {
    await visitor.as('ada@example.com')
    const other = await visitor.as('dora@example.com', { prompt: 'login' })
    assert.equal(other.claims()?.sub, 'auth0|dora')
    assert.equal((await visitor.silently()).claims()?.sub, 'auth0|dora')
    assert.deepEqual(flows(), ['login', 'login', 'silent'])
  })

  it('answers a hidden frame with a message to the page, even for an error', async () => {
    const frame = { prompt: 'none', response_mode: 'web_message' }
    const without = await visitor.form(frame)
    assert.equal(without.status, 200)
    const state = '</script><script>alert(1)'
    await visitor.as('ada@example.com')
    const within = await visitor.form({ ...frame, state })
    for (const { html } of [without, within]) {
      assert.match(html, /postMessage\(\{"type":"authorization_response",.*\}, "http:\/\/localhost:3000"\)/)
    }
    assert.match(without.html, /"error":"login_required"/)
    assert.match(within.html, /"code":"[^"]+"/)
    assert.ok(!within.html.includes(state))
    assert.deepEqual(flows(), ['login', 'silent'])
  })

  it('refuses a callback until it is added to the application', async () => {
    const redirect_uri = 'http://localhost:4567'
    const refused = await visitor.form({ redirect_uri })
    assert.equal(refused.status, 400)
    assert.match(refused.html, /http:\/\/localhost:4567 is none of the callbacks/)
    running.tenant.allow('DemoClientIdOfTheWebShop', { callbacks: [redirect_uri] })
    assert.match((await visitor.form({ redirect_uri })).html, /<h1>Sign in to Web shop/)
  })

  it('requires pkce of an application without a secret', async () => {
    const { url } = await visitor.begin()
    url.searchParams.delete('code_challenge')
    url.searchParams.delete('code_challenge_method')
    assert.equal((await visitor.browser.callback(url)).searchParams.get('error'), 'invalid_request')
  })

  it('refuses a form whose sign-in has ended', async () => {
    const { url } = await visitor.form()
    const elsewhere = await Visitor.to(running.tenant)
    assert.match((await elsewhere.browser.page(url)).html, /began in another browser/)
    await visitor.browser.callback(url, { action: 'choose', connection: DATABASE, user: 'auth0|ada' })
    assert.match((await visitor.browser.page(url)).html, /This sign-in is over/)
  })
})
