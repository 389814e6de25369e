import assert from 'node:assert/strict'
import { type LocalAuth0, loginEvent, startAuth0 } from '../src/index.ts'
import { call } from './call.ts'
import { bind, bindings, create, deploy, handler } from './deploy.ts'

describe('local Auth0: /actions/triggers', () => {
  let auth0: LocalAuth0
  before(async () => {
    auth0 = await startAuth0({ buildMs: 4 })
  })
  afterEach(() => bind(auth0))
  after(() => auth0.close())

  it('lists the versions of each trigger, with who may bind Actions to it', async () => {
    const { status, body } = await call(auth0, 'GET /actions/triggers')
    assert.equal(status, 200)
    assert.deepEqual(
      body.triggers.find((trigger: { id: string; version: string }) => trigger.version === 'v3'),
      {
        id: 'post-login',
        version: 'v3',
        status: 'CURRENT',
        runtimes: ['node18-actions', 'node22'],
        default_runtime: 'node22',
        binding_policy: 'trigger-bound',
        compatible_triggers: [{ id: 'post-login', version: 'v2' }],
      },
    )
    for (const { id } of body.triggers) {
      const list = await call(auth0, `GET /actions/triggers/${id}/bindings`)
      assert.equal(list.text, '{"bindings":[],"per_page":20}', id)
    }
  })

  it('gives an Action that names no version the current one of its trigger', async () => {
    const versionOf = async (id: string) => {
      const body = { name: id, supported_triggers: [{ id }] }
      return (await call(auth0, 'POST /actions/actions', body)).body.supported_triggers[0].version
    }
    assert.deepEqual([await versionOf('post-login'), await versionOf('send-phone-message')], ['v3', 'v2'])
  })

  it('lets nobody change the bindings that Auth0 manages', async () => {
    const { status } = await call(auth0, 'PATCH /actions/triggers/event-stream/bindings', { bindings: [] })
    assert.equal(status, 400)
  })

  it('accepts an empty name of a binding, and the id of an existing binding', async () => {
    const [first, second] = [await create(auth0), await create(auth0)]
    await Promise.all([deploy(auth0, first), deploy(auth0, second)])
    const list = (await bind(auth0, first)).body.bindings
    const { status, body } = await call(auth0, `PATCH ${bindings}`, {
      bindings: [
        { ref: { type: 'action_id', value: second }, display_name: '', secrets: [] },
        { ref: { type: 'binding_id', value: list[0].id } },
      ],
    })
    assert.equal(status, 200)
    const seen = body.bindings.map((binding: { action: { id: string }; display_name?: string }) => [
      binding.action.id,
      binding.display_name,
    ])
    assert.deepEqual(seen, [
      [second, undefined],
      [first, 'Bound'],
    ])
  })

  it('shows an Action of the Marketplace as recorded, runs it, and does not read it by its id', async () => {
    const id = auth0.installFromMarketplace('Bought', handler("console.log('bought')"))
    assert.match(id, /^[0-9A-F-]{36}$/)
    const request = { bindings: [{ ref: { type: 'action_id', value: id }, display_name: '' }] }
    const { status, body } = await call(auth0, `PATCH ${bindings}`, request)
    assert.equal(status, 200)
    const [{ action, ...binding }] = body.bindings
    assert.ok(!('display_name' in binding))
    assert.deepEqual([action.integration.name, typeof action.installed_integration_id], ['Bought', 'string'])
    for (const version of [action.current_version, action.deployed_version]) {
      assert.ok(!('number' in version) && !('supported_triggers' in version), JSON.stringify(version))
    }
    assert.equal((await auth0.signIn(loginEvent())).logs[0]?.text, 'bought')
    assert.equal((await call(auth0, `GET /actions/actions/${id}`)).status, 404)
    const installed = (await call(auth0, 'GET /actions/actions?installed=true')).body.actions
    assert.deepEqual([installed.length, installed[0].id], [1, id])
  })
})
