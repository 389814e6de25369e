import assert from 'node:assert/strict'
import { type LocalAuth0, startAuth0 } from '../src/index.ts'
import { call } from './call.ts'
import { bind, bindings, create, deploy, freshName, postLogin, untilStatus } from './deploy.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const nanoseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/

describe('local Auth0: /actions/actions', () => {
  let auth0: LocalAuth0
  before(async () => {
    auth0 = await startAuth0({ buildMs: 4 })
  })
  after(() => auth0.close())
  const creation = (changes: object) => ({
    name: freshName(),
    supported_triggers: postLogin,
    code: '',
    ...changes,
  })

  it('answers a new Action with 201 and exactly the recorded fields', async () => {
    const request = creation({
      dependencies: [{ name: 'axios', version: '1.21.1' }],
      runtime: 'node22',
      secrets: [{ name: 'KEY', value: 'very secret' }],
    })
    const { status, body, text } = await call(auth0, 'POST /actions/actions', request)
    assert.equal(status, 201)
    const { id, created_at, updated_at, secrets, ...rest } = body
    assert.match(id, uuid)
    for (const time of [created_at, updated_at, secrets[0].updated_at]) assert.match(time, nanoseconds)
    assert.deepEqual(secrets, [{ name: 'KEY', updated_at: secrets[0].updated_at }])
    assert.deepEqual(rest, {
      name: request.name,
      supported_triggers: postLogin,
      code: '',
      dependencies: [{ name: 'axios', version: '1.21.1' }],
      runtime: 'node22',
      status: 'pending',
      all_changes_deployed: false,
    })
    assert.doesNotMatch(text, /very secret/)
  })

  it('uses node22 for an Action that names no runtime, and keeps node18-actions', async () => {
    const omitted = await call(auth0, 'POST /actions/actions', creation({}))
    const older = await call(auth0, 'POST /actions/actions', creation({ runtime: 'node18-actions' }))
    assert.deepEqual([omitted.body.runtime, older.body.runtime], ['node22', 'node18-actions'])
  })

  it('replaces the version "latest" by a concrete one', async () => {
    const { body } = await call(
      auth0,
      'POST /actions/actions',
      creation({ dependencies: [{ name: 'axios', version: 'latest' }] }),
    )
    assert.deepEqual(body.dependencies, [{ name: 'axios', version: '1.21.1' }])
  })

  it('adds current_version and deployed_version after a deployment, with exactly the recorded fields', async () => {
    const id = await create(auth0, { code: '1', secrets: [{ name: 'KEY', value: 'very secret' }] })
    const versionId = await deploy(auth0, id)
    const { status, body, text } = await call(auth0, `GET /actions/actions/${id}`)
    assert.equal(status, 200)
    assert.deepEqual([body.all_changes_deployed, body.status], [true, 'built'])
    const { build_time, ...current } = body.current_version
    assert.match(build_time, nanoseconds)
    const times = { created_at: current.created_at, updated_at: current.updated_at }
    assert.deepEqual(current, {
      id: versionId,
      code: '1',
      runtime: 'node22',
      status: 'BUILT',
      number: 1,
      ...times,
    })
    const { built_at, secrets, ...deployed } = body.deployed_version
    assert.match(built_at, nanoseconds)
    assert.deepEqual(Object.keys(secrets[0]), ['name', 'updated_at'])
    assert.deepEqual(deployed, {
      id: versionId,
      code: '1',
      dependencies: [],
      deployed: true,
      number: 1,
      status: 'built',
      ...times,
      runtime: 'node22',
      supported_triggers: postLogin,
    })
    assert.doesNotMatch(text, /very secret/)
  })

  it('keeps on PATCH what is absent, and clears what is []', async () => {
    const id = await create(auth0, {
      code: '1',
      dependencies: [{ name: 'axios', version: '1.21.1' }],
      secrets: [{ name: 'A', value: '1' }],
    })
    const kept = await call(auth0, `PATCH /actions/actions/${id}`, { code: '2' })
    assert.equal(kept.status, 200)
    assert.deepEqual([kept.body.code, kept.body.status], ['2', 'pending'])
    assert.deepEqual([kept.body.dependencies.length, kept.body.secrets.length], [1, 1])
    const { body } = await call(auth0, `PATCH /actions/actions/${id}`, { dependencies: [], secrets: [] })
    assert.deepEqual([body.code, body.dependencies, body.secrets], ['2', [], []])
  })

  it('replaces the list of secrets, keeps the place of existing ones, and gives each one with a value a new date', async () => {
    const named = (...names: string[]) => names.map((name) => ({ name, value: '1' }))
    const id = await create(auth0, { secrets: named('A', 'B', 'C') })
    const before = (await call(auth0, `GET /actions/actions/${id}`)).body.secrets
    const sent = [...named('D', 'C'), { name: 'A', updated_at: before[0].updated_at }]
    const { body } = await call(auth0, `PATCH /actions/actions/${id}`, { secrets: sent })
    assert.deepEqual(
      body.secrets.map((secret: { name: string }) => secret.name),
      ['A', 'C', 'D'],
    )
    assert.deepEqual(body.secrets[0], before[0])
    assert.notEqual(body.secrets[1].updated_at, before[2].updated_at)
  })

  it('builds again after a PATCH that changes nothing, and still calls everything deployed', async () => {
    const same = { code: '1', secrets: [{ name: 'A', value: '1' }] }
    const id = await create(auth0, same)
    const first = await deploy(auth0, id)
    const { body } = await call(auth0, `PATCH /actions/actions/${id}`, same)
    assert.deepEqual([body.all_changes_deployed, body.status], [true, 'pending'])
    assert.notEqual(await deploy(auth0, id), first)
  })

  it('leaves the deployed version alone when the draft changes', async () => {
    const id = await create(auth0, { code: '1' })
    await deploy(auth0, id)
    const { body } = await call(auth0, `PATCH /actions/actions/${id}`, { code: '2' })
    assert.deepEqual([body.code, body.deployed_version.code, body.all_changes_deployed], ['2', '1', false])
  })

  it('lists Actions, by name as well', async () => {
    const name = freshName()
    const id = await create(auth0, { name })
    const { status, body } = await call(auth0, `GET /actions/actions?actionName=${encodeURIComponent(name)}`)
    assert.equal(status, 200)
    assert.deepEqual([body.actions.length, body.actions[0].id, body.total], [1, id, 1])
    assert.ok((await call(auth0, 'GET /actions/actions?triggerId=post-login')).body.actions.length > 1)
  })

  it('lists 100 Actions per page by default', async () => {
    assert.equal((await call(auth0, 'GET /actions/actions')).body.per_page, 100)
    assert.equal((await call(auth0, 'GET /actions/actions?per_page=2')).body.actions.length, 2)
  })

  it('answers a deletion with 204 and an empty body, and 404 afterwards', async () => {
    const id = await create(auth0)
    const deleted = await call(auth0, `DELETE /actions/actions/${id}`)
    assert.deepEqual([deleted.status, deleted.text], [204, ''])
    for (const line of ['GET', 'DELETE', 'PATCH'].map((method) => `${method} /actions/actions/${id}`)) {
      const { status, body } = await call(auth0, line, line.startsWith('PATCH') ? {} : undefined)
      assert.equal(status, 404)
      assert.deepEqual(body, {
        statusCode: 404,
        error: 'Not Found',
        message: 'That action does not exist.',
      })
    }
    assert.equal((await call(auth0, `POST /actions/actions/${id}/deploy`)).status, 404)
    assert.equal((await call(auth0, 'GET /actions/nowhere')).status, 404)
    const { body } = await call(auth0, 'DELETE /actions/actions/')
    assert.deepEqual(body, { statusCode: 404, error: 'Not Found', message: 'Not Found' })
  })

  it('refuses to delete a bound Action, unless forced to', async () => {
    const id = await create(auth0)
    await deploy(auth0, id)
    await bind(auth0, id)
    const { status, body } = await call(auth0, `DELETE /actions/actions/${id}`)
    assert.equal(status, 409)
    assert.deepEqual(body, {
      statusCode: 409,
      error: 'Conflict',
      message: 'Unable to delete an action bound to a trigger.',
    })
    assert.equal((await call(auth0, `DELETE /actions/actions/${id}?force=true`)).status, 204)
    assert.deepEqual((await call(auth0, `GET ${bindings}`)).body.bindings, [])
  })

  it('answers 409 to a name that another Action has, on PATCH as well', async () => {
    const name = freshName()
    await create(auth0, { name })
    const other = await create(auth0)
    assert.equal((await call(auth0, 'POST /actions/actions', creation({ name }))).status, 409)
    assert.equal((await call(auth0, `PATCH /actions/actions/${other}`, { name })).status, 409)
    const own = auth0.actions().find(({ id }) => id === other)?.name
    assert.equal((await call(auth0, `PATCH /actions/actions/${other}`, { name: own })).status, 200)
  })

  const many = (count: number, make: (n: number) => object) =>
    Array.from({ length: count }, (_, n) => make(n))
  for (const [title, fine, beyond] of [
    ['100 kB of code', { code: ' '.repeat(100_000) }, { code: ' '.repeat(100_001) }],
    [
      '10 dependencies',
      { dependencies: many(10, () => ({ name: 'axios', version: '1.21.1' })) },
      { dependencies: many(11, () => ({ name: 'axios', version: '1.21.1' })) },
    ],
    [
      '30 secrets',
      { secrets: many(30, (n) => ({ name: `S${n}`, value: 'v' })) },
      { secrets: many(31, (n) => ({ name: `S${n}`, value: 'v' })) },
    ],
    [
      'a secret of 4096 characters',
      { secrets: [{ name: 'S', value: 'v'.repeat(4096) }] },
      { secrets: [{ name: 'S', value: 'v'.repeat(4097) }] },
    ],
    [
      'a secret name of 128 characters',
      { secrets: [{ name: 's'.repeat(128), value: '' }] },
      { secrets: [{ name: 's'.repeat(129), value: '' }] },
    ],
    ['an Action name of 128 characters', { name: 'n'.repeat(128) }, { name: 'n'.repeat(129) }],
    ['a known runtime', { runtime: 'node22' }, { runtime: 'node24' }],
    ['known fields', {}, { colour: 'red' }],
    ['no Action module', { modules: [] }, { modules: [{ module_name: 'm', module_version_number: 1 }] }],
    [
      'a trigger of Auth0',
      { supported_triggers: [{ id: 'custom-email-provider', version: 'v1' }] },
      { supported_triggers: [{ id: 'custom-fax-provider', version: 'v1' }] },
    ],
    ['a known trigger', {}, { supported_triggers: [{ id: 'pre-login', version: 'v1' }] }],
    ['an Action with a name', {}, { name: '' }],
  ] as const) {
    it(`accepts ${title} and answers 400 beyond it`, async () => {
      assert.equal((await call(auth0, 'POST /actions/actions', creation(fine))).status, 201)
      const { status, body } = await call(auth0, 'POST /actions/actions', creation(beyond))
      assert.deepEqual(
        [status, body.statusCode, body.error, body.errorCode],
        [400, 400, 'Bad Request', 'invalid_body'],
      )
    })
  }

  it('says that the name of a secret is too short or too long', async () => {
    const { body } = await call(
      auth0,
      'POST /actions/actions',
      creation({ secrets: [{ name: '', value: '' }] }),
    )
    assert.match(
      body.message,
      /invalid NameValueOptional\.Name: value length must be between 1 and 128 runes/,
    )
  })

  it('answers 400 to a body that is not JSON', async () => {
    const { status, body } = await call(auth0, 'POST /actions/actions', undefined)
    assert.deepEqual([status, body.error], [400, 'Bad Request'])
  })

  it('shows tests only the names of an Action’s secrets', async () => {
    const id = await create(auth0, { secrets: [{ name: 'KEY', value: 'draft only' }] })
    const stored = auth0.actions().find((action) => action.id === id)
    assert.deepEqual([stored?.secrets, stored?.deployed], [['KEY'], undefined])
    assert.equal(auth0.secretOf(stored?.name ?? '', 'KEY'), undefined)
    await untilStatus(auth0, id, 'built')
    await deploy(auth0, id)
    assert.equal(auth0.secretOf(stored?.name ?? '', 'KEY'), 'draft only')
  })
})
