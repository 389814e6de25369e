import assert from 'node:assert/strict'
import { UsageError } from '../../../operations/problem.ts'
import { deployAction, deployAgain } from '../../management.ts'
import { bind } from '../fixture.ts'
import { DoctorFixture } from './fixture.ts'

const ACTION = 'exports.onExecutePostLogin = async (event, api) => { BODY }'

describe('npm run doctor, over Auth0', () => {
  let fixture: DoctorFixture
  let id: string

  beforeEach(async () => {
    fixture = await DoctorFixture.open()
    id = fixture.actionId ?? ''
  })
  afterEach(() => fixture.close())

  const other = (name: string, body = '') =>
    deployAction(fixture.auth0, { name, code: ACTION.replace('BODY', body) })

  it('finds nothing where all is well, with either kind of credentials, a try and a sign-in', async () => {
    const { id: client, secret } = fixture.auth0.client
    const machine = { AUTH0_API_TOKEN: '', AUTH0_CLIENT_ID: client, AUTH0_CLIENT_SECRET: secret }
    for (const environment of [{}, machine]) {
      const findings = await fixture.run(['--try-user', '--sign-in'], environment)
      fixture.only('failed', findings, {})
      fixture.only('warning', findings, {})
      fixture.only('not checked', findings, {})
    }
    assert.deepEqual(fixture.app.sessionsOf('ada@example.com'), [])
  })

  it('fails where the tenant does not answer, or refuses the credentials', async () => {
    await fixture.fails({ auth0: /cannot be reached/ }, [], { AUTH0_DOMAIN: 'localhost:1' })
    await fixture.fails({ auth0: /refused the token/ }, [], { AUTH0_API_TOKEN: 'expired' })
    await fixture.fails({ auth0: /AUTH0_DOMAIN is not set/ }, [], { AUTH0_DOMAIN: '' })
  })

  it('fails for a scope that the credentials lack', async () => {
    const reading = fixture.auth0.tokenWith(['read:actions', 'create:actions'])
    await fixture.fails({ scopes: /lack update:actions, delete:actions\./ }, [], { AUTH0_API_TOKEN: reading })
    const none = fixture.auth0.tokenWith([])
    await fixture.fails({ scopes: /lacks the scope read:actions/ }, [], { AUTH0_API_TOKEN: none })
  })

  it('fails where the trigger has no room, and warns of another Action with the same claim', async () => {
    const others = []
    for (let n = 0; n < 20; n += 1) others.push(await other(`Other ${n}`))
    await bind(fixture.auth0, others)
    await fixture.fails({ trigger: /has 20 Actions/, bound: /not bound/ })
    const rival = await deployAction(fixture.auth0, { name: 'Rival', ...fixture.deployment() })
    await bind(fixture.auth0, [rival, id])
    await fixture.warns({
      trigger: /same claim for the same clients: Rival/,
      'second stack': /write the same `app_metadata`: Rival\./,
    })
  })

  it('warns of another Action that writes the same app_metadata, and of no other', async () => {
    const { raw } = fixture
    const rival = async (name: string, changes: Record<string, string>) => {
      fixture.raw = { ...raw, claim: `https://example.com/${name}`, ...changes }
      const rivalId = await deployAction(fixture.auth0, { name, ...fixture.deployment() })
      fixture.raw = raw
      return rivalId
    }
    const others = [
      await rival('Forgetful', { memory: 'false' }),
      await rival('Elsewhere', { appId: '12345678-1234-1234-1234-123456789012' }),
    ]
    await bind(fixture.auth0, [...others, id])
    await fixture.warns({})
    await bind(fixture.auth0, [...others, await rival('Second', {}), id])
    await fixture.warns({ 'second stack': /: Second\.$/ })
  })

  it('fails where another Action has the name', async () => {
    await other('Taken')
    fixture.raw = { ...fixture.raw, actionName: 'Taken' }
    await fixture.fails({ 'action name': /Taken is that of another Action/ })
  })

  it('fails where the Action is gone', async () => {
    fixture.actionId = 'gone'
    await fixture.fails({ 'action name': /another/, deployed: /not in the tenant/, bound: /not bound/ })
  })

  it('fails for code that this checkout does not build', async () => {
    await deployAgain(fixture.auth0, id, { code: `${fixture.deployment().code}\n// A quick fix.\n` })
    await fixture.fails({ code: /has the SHA-256 [0-9a-f]{64}; this checkout builds [0-9a-f]{64}/ })
    await deployAgain(fixture.auth0, id, fixture.deployment())
    fixture.raw = { ...fixture.raw, onFailure: 'skip' }
    await fixture.fails({ code: /SHA-256/ })
  })

  it('fails for other dependencies', async () => {
    await deployAgain(fixture.auth0, id, { dependencies: [] })
    await fixture.fails({ runtime: /dependencies: deployed none, declared axios \d/ })
  })

  it('fails for another runtime', async () => {
    await deployAgain(fixture.auth0, id, { ...fixture.deployment(), runtime: 'node18-actions' })
    await fixture.fails({ runtime: /^runtime: deployed node18-actions, declared node22\.$/ })
  })

  it('fails for a missing secret, and warns of one too many', async () => {
    const { secrets } = fixture.deployment()
    await deployAgain(fixture.auth0, id, { secrets: secrets.slice(0, 2) })
    await fixture.fails({ secrets: /lacks PASSWORD_1\./ })
    await deployAgain(fixture.auth0, id, { secrets: [...secrets, { name: 'PASSWORD_0', value: 'x' }] })
    await fixture.warns({ secrets: /also has PASSWORD_0/ })
  })

  it('fails where the Action is not bound', async () => {
    await bind(fixture.auth0, [])
    await fixture.fails({ bound: /no sign-in runs it/ })
  })

  it('fails for an Action after it that denies or challenges, and warns of any other', async () => {
    const harmless = await other('Greeting', "console.log('hello')")
    const denying = await other('Terms', "api.access.deny('no')")
    const asking = await other('Second factor', "api.authentication.challengeWithAny([{ type: 'otp' }])")
    await bind(fixture.auth0, [denying, id])
    await fixture.warns({})
    await bind(fixture.auth0, [id, harmless])
    await fixture.warns({ last: /Greeting come after it/ })
    await bind(fixture.auth0, [id, harmless, denying, asking])
    await fixture.fails({ last: /Terms \(access.deny\), Second factor \(authentication.challengeWith\)\.$/ })
  })

  it('reads past an Action of the Marketplace before it, and warns of one after it', async () => {
    const bought = fixture.auth0.installFromMarketplace('Bought')
    await bind(fixture.auth0, [bought, id])
    const findings = await fixture.warns({})
    assert.equal(findings.find(({ name }) => name === 'trigger')?.finding, 'Bound too: Bought.')
    await bind(fixture.auth0, [id, bought])
    await fixture.warns({ last: /whose code Auth0 does not show.*: Bought\.$/ })
  })

  it('reads past an Action that was deleted after the bindings were read', async () => {
    const others = [await other('Before'), await other('After')]
    const [before = '', after = ''] = others
    await bind(fixture.auth0, [before, id, after])
    for (const gone of others) {
      const route = `GET /actions/actions/${gone}`
      fixture.auth0.faults.add({ route, fault: { kind: 'answer', status: 404 } })
    }
    await fixture.warns({ last: /whose code Auth0 does not show.*: After\.$/ })
  })

  it('fails where its Action is deleted after the bindings were read', async () => {
    const route = `GET /actions/actions/${id}`
    fixture.auth0.faults.add({ route, nth: 2, fault: { kind: 'answer', status: 404 } })
    await fixture.fails({ deployed: /not in the tenant/ })
  })

  it('fails where no version is deployed, or is only being deployed', async () => {
    const route = `GET /actions/actions/${id}`
    const answers = (deployed_version?: object) =>
      fixture.auth0.faults.add({ route, fault: { kind: 'answer', status: 200, body: { deployed_version } } })
    const remove = answers()
    await fixture.fails({ deployed: /has no deployed version/ })
    remove()
    answers({ id: 'v', deployed: false })
    const findings = await fixture.fails({ deployed: /being deployed at this moment/ })
    const unchecked = findings.filter(({ result }) => result === 'not checked').map(({ name }) => name)
    for (const name of ['code', 'runtime', 'secrets'] as const) assert.ok(unchecked.includes(name), name)
  })

  it('fails where the test user gets no token, and says whose refusal it was', async () => {
    const signIn = (sentence: RegExp, environment: NodeJS.ProcessEnv = {}) =>
      fixture.fails({ 'sign-in': sentence }, ['--sign-in'], environment)
    await signIn(/refused the name or the password/, { AUTH0_TEST_PASSWORD: 'wrong' })
    await signIn(/refused the test user: email_unverified, reference [A-Z0-9]{6}/, {
      AUTH0_TEST_USERNAME: 'dora@example.com',
    })
    await signIn(/has no claim https:\/\/api\.backendless\.com\/userToken/, {
      AUTH0_TEST_CLIENT_ID: 'DemoClientIdOfTheOffice',
      AUTH0_TEST_CLIENT_SECRET: 'not-a-secret-on-this-machine',
    })
    fixture.raw = { ...fixture.raw, onFailure: 'skip' }
    await deployAgain(fixture.auth0, id, fixture.deployment())
    fixture.app.settings.loginEnabled = false
    await signIn(/signed in without a user token: misconfigured [A-Z0-9]{6}\./)
    fixture.app.settings.loginEnabled = true
    await signIn(/gave no answer/, { AUTH0_TEST_DOMAIN: 'http://localhost:1' })
    await bind(fixture.auth0, [await other('Terms', "api.access.deny('no')"), id])
    await signIn(/it was not this one/)
  })

  it('fails where the claim of the test user holds no valid user token', async () => {
    const claim = "api.idToken.setCustomClaim('https://api.backendless.com/userToken', 'made up')"
    await bind(fixture.auth0, [id, await other('Overwriting', claim)])
    await fixture.fails({ 'sign-in': /Backendless says that it is not a valid user token/ }, ['--sign-in'])
  })

  it('reads the test user only from the environment, and names what is missing', async () => {
    for (const environment of [{ AUTH0_TEST_USERNAME: '' }, { AUTH0_TEST_DOMAIN: 'http://example.com' }]) {
      await assert.rejects(fixture.run(['--sign-in'], environment), UsageError)
    }
  })
})
