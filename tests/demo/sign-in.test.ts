import assert from 'node:assert/strict'
import { type LocalAuth0, startAuth0 } from '@backendless-login/local-auth0'
import { type Execution, type OpenTenant, openTenant } from '@backendless-login/local-auth0/oidc'
import { refusal, SHOP, Visitor } from '@backendless-login/local-auth0/visitor'
import { type LocalBackendless, startBackendless } from '@backendless-login/local-backendless'
import { deployEmbedded } from '../../demo/deploy/index.ts'

const claim = 'https://api.backendless.com/userToken'

describe('the deployed program: signing in to the local tenant', () => {
  let auth0: LocalAuth0
  let tenant: OpenTenant
  const executions: Execution[] = []
  let backendless: LocalBackendless
  let visitor: Visitor

  before(async () => {
    auth0 = await startAuth0({ buildMs: 4 })
    tenant = await openTenant({ auth0 })
    tenant.onExecution((execution) => executions.push(execution))
    backendless = await startBackendless()
    await deployEmbedded({
      auth0,
      config: { appId: backendless.appId, serverUrl: backendless.url, clients: [SHOP] },
      secretConfig: { apiKey: backendless.keys.rest },
    })
  })
  beforeEach(async () => {
    visitor = await Visitor.to(tenant)
    backendless.requests.length = 0
    executions.length = 0
  })
  after(async () => {
    await Promise.all([tenant.close(), auth0.close(), backendless.close()])
  })

  const ownerOf = (tokens: { claims(): object | undefined }) =>
    backendless.ownerOf(String(Reflect.get(tokens.claims() ?? {}, claim)))?.email
  const log = () => executions.at(-1)?.logs[0]?.text ?? ''

  it("issues the user's own backendless token, and a new one at each refresh", async () => {
    const tokens = await visitor.as("o'brien@example.com")
    assert.equal(ownerOf(tokens), "o'brien@example.com")
    const refreshed = await visitor.refresh(tokens.refresh_token)
    assert.equal(ownerOf(refreshed), "o'brien@example.com")
    assert.notEqual(refreshed.claims()?.[claim], tokens.claims()?.[claim])
    assert.equal(ownerOf(await visitor.silently()), "o'brien@example.com")
  })

  it('takes two requests for a user who signs up, and one afterwards', async () => {
    const form = { email: 'grace@example.com', password: 'mine' }
    const first = await visitor.withForm({ ...form, action: 'sign-up', verified: 'on' })
    assert.equal(ownerOf(first), 'grace@example.com')
    assert.deepEqual(paths(), ['/users/register', '/users/login'])
    assert.match(log(), /outcome=token .*requests=2 /)
    backendless.requests.length = 0
    const again = await Visitor.to(tenant)
    const second = await again.withForm({ ...form, action: 'password', username: form.email })
    assert.equal(ownerOf(second), 'grace@example.com')
    assert.deepEqual(paths(), ['/users/login'])
    assert.match(log(), /outcome=token .*requests=1 /)
  })

  for (const [who, username, code] of [
    ['an address that is not verified', 'dora@example.com', 'email_unverified'],
    ['no address', 'nadia', 'email_missing'],
  ]) {
    it(`denies a user with ${who}, without a request to backendless`, async () => {
      const { error, error_description } = await refusal(visitor.as(username ?? ''))
      assert.equal(error, 'access_denied')
      assert.match(error_description ?? '', new RegExp(`^${code}: `))
      assert.match(log(), new RegExp(`outcome=deny code=${code}`))
      assert.deepEqual(paths(), [])
    })
  }

  it('denies a user of an enterprise connection that is not trusted', async () => {
    const user = 'samlp|example-saml|sam@example.com'
    const form = { action: 'choose', connection: 'example-saml', user }
    assert.match((await refusal(visitor.withForm(form))).error_description ?? '', /^email_untrusted: /)
    assert.deepEqual(paths(), [])
  })

  it('denies a sign-in while backendless is down, but no refresh', async () => {
    const { refresh_token } = await visitor.as('ada@example.com')
    backendless.faults.add({ route: '*', fault: { kind: 'reset' } })
    try {
      const { error } = await refusal((await Visitor.to(tenant)).as('ada@example.com'))
      assert.equal(error, 'access_denied')
      const refreshed = await visitor.refresh(refresh_token)
      const silent = await visitor.silently()
      for (const tokens of [refreshed, silent]) {
        assert.deepEqual([tokens.claims()?.sub, tokens.claims()?.[claim]], ['auth0|ada', undefined])
      }
      assert.deepEqual(
        executions.map(({ flow, outcome }) => `${flow} ${outcome}`),
        ['login continue', 'login denied', 'refresh continue', 'silent continue'],
      )
    } finally {
      backendless.faults.clear()
    }
    assert.equal(ownerOf(await visitor.silently()), 'ada@example.com')
  })

  const paths = () => backendless.requests.map(({ path }) => path)
})
