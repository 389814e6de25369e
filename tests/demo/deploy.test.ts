import assert from 'node:assert/strict'
import { type LocalAuth0, startAuth0 } from '@backendless-login/local-auth0'
import { DeployError, deployEmbedded, type Outputs, planEmbedded } from '../../demo/deploy/index.ts'

const apiKey = '11111111-2222-3333-4444-555555555555'
const appId = 'AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE'

describe('deployEmbedded', () => {
  let auth0: LocalAuth0
  let first: Outputs

  const deploy = (config: Readonly<Record<string, unknown>> = {}, tenant = auth0) =>
    deployEmbedded({
      auth0: tenant,
      config: { appId, clients: ['client'], ...config },
      secretConfig: { apiKey },
    })
  const action = () => auth0.actions()[0]

  before(async () => {
    auth0 = await startAuth0()
    first = await deploy()
  })
  after(() => auth0.close())

  it('deploys and binds the one action of the program', () => {
    assert.equal(auth0.actions().length, 1)
    assert.equal(action()?.runtime, 'node22')
    assert.equal(action()?.deployed?.id, first.versionId)
    assert.match(action()?.deployed?.code ?? '', /^\/\/ Backendless login for Auth0/)
    assert.deepEqual(auth0.bindings(), [{ actionId: first.actionId, displayName: first.actionName }])
  })

  it('passes the secrets on', () => {
    const names = ['BACKENDLESS_APP_ID', 'BACKENDLESS_API_KEY', 'PASSWORD_1']
    assert.deepEqual(action()?.deployed?.secrets, names)
    const secret = (name: string) => auth0.secretOf('Backendless login', name)
    assert.equal(secret('BACKENDLESS_API_KEY'), apiKey)
    assert.deepEqual(first.passwords, { 1: secret('PASSWORD_1') })
    assert.match(secret('PASSWORD_1') ?? '', /^[A-Za-z0-9]{64}$/)
  })

  it('updates in place, and keeps password and binding', async () => {
    const second = await deploy({ budgetMs: 4321 })
    assert.equal(auth0.actions().length, 1)
    assert.match(action()?.deployed?.code ?? '', /"budgetMs": 4321/)
    assert.equal(second.actionId, first.actionId)
    assert.notEqual(second.versionId, first.versionId)
    assert.deepEqual(second.passwords, first.passwords)
    assert.equal(auth0.bindings().length, 1)
  })

  it('plans the changes without making them', async () => {
    const requests = auth0.requests.length
    const passwords = [{ id: '1' }, { id: '2' }]
    const plan = (config: object) =>
      planEmbedded({ auth0, config: { appId, clients: ['client'], ...config }, secretConfig: { apiKey } })
    assert.equal(await plan({ budgetMs: 4321 }), 'Nothing would change.')
    const text = await plan({ budgetMs: 5000, passwords })
    assert.match(text, /^\+ create {2}RandomPassword {2}backendless-login-password-2$/m)
    assert.match(text, /^~ update {2}Action {10}backendless-login$/m)
    assert.match(text, /^ +- {3}"budgetMs": 4321,$/m)
    assert.match(text, /^ +\+ {3}"budgetMs": 5000,$/m)
    assert.match(text, /^ +\+ PASSWORD_2 = \[secret\]$/m)
    assert.ok(!text.includes(apiKey) && !/[A-Za-z0-9]{64}/.test(text))
    assert.equal(auth0.requests.length, requests)
  })

  it('refuses another meaning of an id, and says so', async () => {
    await assert.rejects(deploy({ passwords: [{ id: '1', perUser: false }] }), /1 has had perUser: true/)
  })

  it('reports the message of the program for a bad config, without a request to the tenant', async () => {
    const before = auth0.requests.length
    await assert.rejects(deploy({ budgetMs: 1 }), (error) => {
      assert.ok(error instanceof DeployError)
      assert.match(error.message, /budgetMs must be 1000 or more/)
      assert.ok(!error.message.includes(apiKey))
      return true
    })
    assert.equal(auth0.requests.length, before)
  })

  it('fails with a build that fails, binds nothing, and succeeds the next time', async () => {
    const tenant = await startAuth0()
    try {
      tenant.faults.failBuilds(1)
      await assert.rejects(deploy({}, tenant), /Auth0 could not build the Action Backendless login/)
      assert.deepEqual(tenant.bindings(), [])
      await deploy({}, tenant)
      assert.equal(tenant.bindings().length, 1)
    } finally {
      await tenant.close()
    }
  })

  it('reports the message of auth0', async () => {
    auth0.faults.add({
      route: 'PATCH /actions/actions*',
      times: 1,
      fault: { kind: 'answer', status: 403, body: { message: 'Insufficient scope' } },
    })
    await assert.rejects(deploy(), /Auth0 answered 403 to PATCH .*: Insufficient scope/)
  })

  it('ends at once when it is aborted', async () => {
    const controller = new AbortController()
    const deployment = deployEmbedded({
      auth0,
      config: { appId, clients: ['client'] },
      secretConfig: { apiKey },
      signal: controller.signal,
    })
    controller.abort()
    await assert.rejects(deployment, { name: 'AbortError' })
  })
})
