import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { type LocalAuth0, startAuth0 } from '@backendless-login/local-auth0'
import { Tenant } from '../../operations/auth0/tenant.ts'
import { Problem } from '../../operations/problem.ts'
import { deployAction, deployAgain } from '../management.ts'
import { bind } from './fixture.ts'

const pair = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength })
const pem = (key: ReturnType<typeof pair>['privateKey'], type: 'pkcs1' | 'pkcs8') =>
  key.export({ type, format: 'pem' }).toString()

describe('a client that signs in to Auth0 with a private key', () => {
  const ours = pair()
  let auth0: LocalAuth0

  before(async () => {
    auth0 = await startAuth0({
      clientPublicKey: ours.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    })
  })
  after(() => auth0.close())

  async function read(key: string, alg = 'RS256') {
    const { AUTH0_DOMAIN, SSL_CERT_FILE } = auth0.environment
    const tenant = new Tenant({
      AUTH0_DOMAIN,
      SSL_CERT_FILE,
      AUTH0_CLIENT_ID: auth0.client.id,
      AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: key,
      AUTH0_CLIENT_ASSERTION_SIGNING_ALG: alg,
    })
    return tenant.bindings()
  }

  for (const alg of ['RS256', 'RS384', 'RS512', 'PS256']) {
    it(`is accepted with ${alg} and a key in either format of PEM`, async () => {
      assert.deepEqual(await read(pem(ours.privateKey, 'pkcs8'), alg), [])
      assert.deepEqual(await read(pem(ours.privateKey, 'pkcs1'), alg), [])
    })
  }

  it('is refused with another key', async () => {
    await assert.rejects(
      read(pem(pair().privateKey, 'pkcs8')),
      /^Problem: Auth0 refused AUTH0_CLIENT_ID with its secret or private key/,
    )
  })

  for (const [what, key, alg, message] of [
    [
      'what is no key',
      'MARKER no key',
      'RS256',
      /AUTH0_CLIENT_ASSERTION_PRIVATE_KEY must be an RSA private key/,
    ],
    ['a key that is too short', pem(pair(1024).privateKey, 'pkcs8'), 'RS256', /of 2048 bits or more/],
    [
      'no algorithm',
      pem(ours.privateKey, 'pkcs8'),
      '',
      /AUTH0_CLIENT_ASSERTION_SIGNING_ALG must be one of RS256/,
    ],
  ] as const) {
    it(`says what is wrong with ${what}, and does not repeat the key`, async () => {
      await assert.rejects(read(key, alg), (error) => {
        assert.match(String(error), message)
        assert.doesNotMatch(String(error), /MARKER|BEGIN/)
        return true
      })
    })
  }
})

describe('the reader of the tenant', () => {
  let auth0: LocalAuth0
  let tenant: Tenant

  beforeEach(async () => {
    auth0 = await startAuth0()
    tenant = new Tenant(auth0.environment)
  })
  afterEach(() => auth0.close())

  it('accepts the domain with https:// and a slash, as the provider does, and refuses anything else', async () => {
    const { environment, domain } = auth0
    for (const given of [`https://${domain}`, `https://${domain}/`, `${domain}/`]) {
      const read = new Tenant({ ...environment, AUTH0_DOMAIN: given })
      assert.deepEqual([read.domain, await read.bindings()], [domain, []])
    }
    for (const given of ['http://tenant.example', 'tenant.example/path', 'tenant example']) {
      assert.throws(() => new Tenant({ ...environment, AUTH0_DOMAIN: given }), /AUTH0_DOMAIN is not a domain/)
    }
  })

  it('asks for a token once, and says the scopes that the token has', async () => {
    const { id, secret } = auth0.client
    const client = new Tenant({
      ...auth0.environment,
      AUTH0_API_TOKEN: '',
      AUTH0_CLIENT_ID: id,
      AUTH0_CLIENT_SECRET: secret,
    })
    await Promise.all([client.bindings(), client.bindings()])
    assert.equal((await client.scopes())?.includes('read:actions'), true)
    assert.equal(auth0.requests.filter(({ path }) => path === '/oauth/token').length, 1)
    const opaque = new Tenant({ ...auth0.environment, AUTH0_API_TOKEN: 'opaque' })
    assert.equal(await opaque.scopes(), undefined)
  })

  it("knows Auth0's clock from its latest answer", async () => {
    assert.equal(tenant.answeredAt, undefined)
    await tenant.bindings()
    assert.ok(Math.abs(Number(tenant.answeredAt) - Date.now()) < 5_000)
  })

  it('lists the versions of an Action, and says which one runs', async () => {
    const id = await deployAction(auth0, {
      name: 'Login',
      code: 'exports.onExecutePostLogin = async () => {}',
    })
    await deployAgain(auth0, id, { code: 'exports.onExecutePostLogin = async () => { /* 2 */ }' })
    const versions = await tenant.versions(id)
    assert.deepEqual(
      versions.map(({ number }) => number),
      [2, 1],
    )
    assert.equal((await tenant.deployedVersion(id))?.id, versions[0]?.id)
    assert.equal(await tenant.actionNamed('Login'), id)
    assert.equal(await tenant.actionNamed('Log'), undefined)
  })

  it('reads past a bound Action that Auth0 does not show, such as one of the Marketplace', async () => {
    const ours = await deployAction(auth0, { name: 'Login' })
    await bind(auth0, [ours])
    const market = 'A6B5C4D3-0000-4000-8000-00000000ABCD'
    auth0.faults.add({
      route: 'GET /actions/triggers/*/bindings',
      times: 1,
      fault: {
        kind: 'answer',
        status: 200,
        body: {
          bindings: [
            { id: 'b1', action: { id: market } },
            { id: 'b2', action: { id: ours, name: 'Login' } },
          ],
        },
      },
    })
    const [first, second] = await tenant.boundActions()
    assert.deepEqual(first, { id: market, name: market, code: undefined })
    assert.match(second?.code ?? '', /onExecutePostLogin/)
  })

  it('reads the log from the first entry since a time, checkpoint by checkpoint', async () => {
    const entry = (n: number) => ({
      log_id: `log${n}`,
      date: `2026-11-24T00:00:0${n}.000Z`,
      type: 's',
      extra: n,
    })
    const bodies = [[entry(1)], [entry(2), entry(3)], []]
    bodies.forEach((body, at) => {
      auth0.faults.add({ route: 'GET /logs', nth: at + 1, fault: { kind: 'answer', status: 200, body } })
    })
    assert.equal((await tenant.firstLogEntry(new Date('2026-11-24')))?.log_id, 'log1')
    const after = await tenant.logAfter('log1')
    assert.deepEqual([after.at(-1)?.log_id, after.at(-1)?.extra], ['log3', 3])
    assert.deepEqual(await tenant.logAfter('log3'), [])
  })

  it('repeats a request when the rate limit is reset, as Auth0 says', async () => {
    const reset = Math.ceil(Date.now() / 1000) + 1
    const headers = { 'x-ratelimit-reset': String(reset) }
    auth0.faults.add({ route: 'GET /logs', nth: 1, fault: { kind: 'answer', status: 429, headers } })
    auth0.faults.add({ route: 'GET /logs', nth: 2, fault: { kind: 'answer', status: 200, body: [] } })
    assert.deepEqual(await tenant.logAfter('log1'), [])
    assert.ok(Date.now() >= reset * 1000)
  })

  it('searches for users page by page, and counts those beyond the limit of Auth0', async () => {
    const page = (length: number, total: number) => ({
      kind: 'answer' as const,
      status: 200,
      body: { total, users: Array.from({ length }, (_, n) => ({ user_id: `auth0|${n}` })) },
    })
    auth0.faults.add({ route: 'GET /users', nth: 1, fault: page(100, 130) })
    auth0.faults.add({ route: 'GET /users', nth: 2, fault: page(30, 130) })
    assert.equal((await tenant.searchUsers('app_metadata.x.problem:*')).users.length, 130)
    auth0.faults.add({ route: 'GET /users', fault: page(100, 2_500) })
    const { users, total } = await tenant.searchUsers('app_metadata.x.problem:*')
    assert.deepEqual([users.length, total], [1_000, 2_500])
  })

  for (const [status, read, sentence] of [
    [401, (t: Tenant) => t.bindings(), /credentials: Auth0 refused the token/],
    [403, (t: Tenant) => t.bindings(), /scope: .*lacks the scope read:actions/],
    [403, (t: Tenant) => t.logAfter('log1'), /scope: .*lacks the scope read:logs/],
    [403, (t: Tenant) => t.searchUsers('*'), /scope: .*lacks the scope read:users/],
    [404, (t: Tenant) => t.deployedVersion('gone'), /absent: .*not in the tenant of AUTH0_DOMAIN/],
    [418, (t: Tenant) => t.bindings(), /trouble: Auth0 answered 418/],
  ] as const) {
    it(`says in a sentence what ${status} means at ${sentence.source}`, async () => {
      auth0.faults.add({ route: '*', fault: { kind: 'answer', status, body: { message: 'MARKER' } } })
      await assert.rejects(read(tenant), (error) => {
        assert.ok(error instanceof Problem)
        assert.match(`${Reflect.get(error, 'obstacle')}: ${error.message}`, sentence)
        assert.doesNotMatch(error.message, /MARKER/)
        return true
      })
    })
  }

  it('says what another kind of answer is, and that there was none', async () => {
    auth0.faults.add({ route: '*', fault: { kind: 'answer', status: 200, body: '<html>MARKER</html>' } })
    await assert.rejects(
      tenant.bindings(),
      /^Problem: Auth0 answered something that this command cannot read\.$/,
    )
    const silent = new Tenant({ ...auth0.environment, AUTH0_DOMAIN: 'localhost:1' })
    await assert.rejects(silent.bindings(), /Auth0 at localhost:1 cannot be reached/)
    assert.throws(() => new Tenant({ ...auth0.environment, SSL_CERT_FILE: '/nowhere' }), /SSL_CERT_FILE/)
  })
})
