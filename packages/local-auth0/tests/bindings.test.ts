import assert from 'node:assert/strict'
import { type LocalAuth0, startAuth0 } from '../src/index.ts'
import { call } from './call.ts'
import { bind, bindings, create, deploy } from './deploy.ts'

describe('local Auth0: /actions/triggers/post-login/bindings', () => {
  let auth0: LocalAuth0
  let first = ''
  let second = ''
  before(async () => {
    auth0 = await startAuth0({ buildMs: 4 })
    first = await create(auth0)
    second = await create(auth0)
    await Promise.all([deploy(auth0, first), deploy(auth0, second)])
  })
  beforeEach(() => bind(auth0))
  after(() => auth0.close())

  it('answers the list with exactly the recorded fields', async () => {
    const { status, body } = await bind(auth0, first)
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body), ['bindings'])
    const [binding] = body.bindings
    assert.deepEqual(Object.keys(binding).sort(), [
      'action',
      'created_at',
      'display_name',
      'id',
      'trigger_id',
      'updated_at',
    ])
    assert.deepEqual(
      [binding.trigger_id, binding.display_name, binding.action.id],
      ['post-login', 'Bound', first],
    )
    assert.deepEqual(Object.keys(binding.action).sort(), [
      'all_changes_deployed',
      'created_at',
      'current_version',
      'deployed_version',
      'id',
      'name',
      'supported_triggers',
      'updated_at',
    ])
    assert.equal(binding.action.all_changes_deployed, false)
  })

  it('keeps the order it was given, and replaces the whole list', async () => {
    await bind(auth0, second, first)
    assert.deepEqual(auth0.bindings(), [
      { actionId: second, displayName: 'Bound' },
      { actionId: first, displayName: 'Bound' },
    ])
    await bind(auth0, first)
    assert.deepEqual(auth0.bindings(), [{ actionId: first, displayName: 'Bound' }])
  })

  it('gives a binding a new id on every PATCH', async () => {
    const ids = [await bind(auth0, first), await bind(auth0, first)].map(({ body }) => body.bindings[0].id)
    assert.notEqual(ids[0], ids[1])
  })

  it('sends total on page 0 with content, and on no other page', async () => {
    const { body: patched } = await bind(auth0, first)
    const page0 = await call(auth0, `GET ${bindings}?page=0&per_page=100`)
    assert.deepEqual(page0.body, { bindings: patched.bindings, total: 1, per_page: 100 })
    const page1 = await call(auth0, `GET ${bindings}?page=1&per_page=100`)
    assert.equal(page1.text, '{"bindings":[],"page":1,"per_page":100}')
  })

  it('sends no total for an empty list', async () => {
    assert.equal((await call(auth0, `GET ${bindings}?per_page=50`)).text, '{"bindings":[],"per_page":50}')
  })

  it('pages', async () => {
    await bind(auth0, first, second)
    const { body } = await call(auth0, `GET ${bindings}?page=1&per_page=1`)
    assert.deepEqual([body.bindings.length, body.bindings[0].action.id, body.total], [1, second, undefined])
  })

  it('refuses an Action that is not deployed, and changes nothing', async () => {
    await bind(auth0, first)
    const { status, body } = await bind(auth0, first, await create(auth0))
    assert.equal(status, 400)
    assert.match(body.message, /^Trying to create a binding for an action that has/)
    assert.equal(auth0.bindings().length, 1)
  })

  it('refuses an Action whose deployment is still under way', async () => {
    const slow = await startAuth0({ buildMs: 100 })
    try {
      const id = await create(slow)
      while (slow.actions()[0]?.status !== 'built') await new Promise((resolve) => setTimeout(resolve, 2))
      await call(slow, `POST /actions/actions/${id}/deploy`)
      assert.equal((await bind(slow, id)).status, 400)
    } finally {
      await slow.close()
    }
  })

  it('refuses an Action for another trigger', async () => {
    const other = await create(auth0, {
      supported_triggers: [{ id: 'pre-user-registration', version: 'v2' }],
    })
    await deploy(auth0, other)
    const { status, body } = await bind(auth0, other)
    assert.equal(status, 400)
    assert.equal(body.message, 'Trying to create a binding between an incompatible action and trigger.')
  })

  it('refuses an Action that does not exist, a body of another shape, and more than 20', async () => {
    assert.equal((await bind(auth0, '8d2f6e0c-0000-4000-8000-000000000000')).status, 400)
    assert.equal((await call(auth0, `PATCH ${bindings}`, { bindings: [{ action: first }] })).status, 400)
    assert.equal((await bind(auth0, ...Array.from({ length: 21 }, () => first))).status, 400)
  })

  it('answers 404 for a trigger that does not exist', async () => {
    assert.equal((await call(auth0, 'GET /actions/triggers/pre-login/bindings')).status, 404)
  })
})
