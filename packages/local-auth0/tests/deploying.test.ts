import assert from 'node:assert/strict'
import { type LocalAuth0, loginEvent, startAuth0 } from '../src/index.ts'
import { call } from './call.ts'
import { bind, create, deploy, handler, postLogin, untilLive, untilStatus } from './deploy.ts'

describe('local Auth0: building and deploying', () => {
  let auth0: LocalAuth0
  before(async () => {
    auth0 = await startAuth0({ buildMs: 40 })
  })
  after(() => auth0.close())

  it('builds through the states pending, building, built', async () => {
    assert.deepEqual(await untilStatus(auth0, await create(auth0), 'built'), ['pending', 'building', 'built'])
  })

  for (const [title, body] of [
    ['an unknown dependency', { dependencies: [{ name: 'no-such-module-here', version: '1.0.0' }] }],
    ['another version than there is', { dependencies: [{ name: 'axios', version: '0.0.1' }] }],
    ['a version range', { dependencies: [{ name: 'axios', version: '^1.0.0' }] }],
    ['a path for a dependency', { dependencies: [{ name: '../main', version: '0.1.0' }] }],
  ] as const) {
    it(`fails to build ${title}, after a second try`, async () => {
      const id = await create(auth0, body)
      const seen = await untilStatus(auth0, id, 'failed')
      assert.deepEqual(seen, ['pending', 'building', 'retrying', 'building', 'failed'])
    })
  }

  for (const [title, code] of [
    ['code that does not parse', 'exports.onExecutePostLogin = async (event => {'],
    ['TypeScript', 'const a: string = "x"'],
    ['ES module syntax', 'export const onExecutePostLogin = async () => {}'],
  ] as const) {
    it(`builds, deploys and binds ${title}, and fails the sign-in`, async () => {
      const id = await create(auth0, { code })
      await deploy(auth0, id)
      assert.equal((await bind(auth0, id)).status, 200)
      const { outcome, reason } = await auth0.signIn(loginEvent())
      assert.equal(outcome, 'error')
      assert.match(reason ?? '', /missing|Missing|Unexpected/)
      await bind(auth0)
    })
  }

  it('fails the given number of builds, and no more', async () => {
    auth0.faults.failBuilds(1)
    await untilStatus(auth0, await create(auth0), 'failed')
    await untilStatus(auth0, await create(auth0), 'built')
  })

  it('refuses to deploy a draft that is not built', async () => {
    const failed = await create(auth0, { dependencies: [{ name: 'no-such-module-here', version: '1.0.0' }] })
    await untilStatus(auth0, failed, 'failed')
    for (const id of [await create(auth0), failed]) {
      const { status, body } = await call(auth0, `POST /actions/actions/${id}/deploy`)
      assert.equal(status, 400)
      assert.equal(body.message, "A draft must be in the 'built' state before it can be deployed.")
    }
  })

  it('answers a deployment before it is done, with exactly the recorded fields', async () => {
    const id = await create(auth0, { code: '1', secrets: [{ name: 'KEY', value: 'very secret' }] })
    await untilStatus(auth0, id, 'built')
    const { status, body, text } = await call(auth0, `POST /actions/actions/${id}/deploy`)
    const at = await call(auth0, `GET /actions/actions/${id}`)
    assert.deepEqual([status, at.body.deployed_version.deployed], [200, false])
    const { action, created_at, updated_at, secrets, id: versionId, ...rest } = body
    assert.deepEqual(Object.keys(secrets[0]), ['name', 'updated_at'])
    assert.deepEqual(rest, {
      code: '1',
      dependencies: [],
      deployed: false,
      number: 1,
      status: 'built',
      runtime: 'node22',
      supported_triggers: postLogin,
    })
    assert.deepEqual(Object.keys(action).sort(), [
      'all_changes_deployed',
      'created_at',
      'id',
      'name',
      'supported_triggers',
      'updated_at',
    ])
    assert.deepEqual(
      [action.id, action.all_changes_deployed, typeof created_at, typeof updated_at],
      [id, false, 'string', 'string'],
    )
    assert.doesNotMatch(text, /very secret/)
    await untilLive(auth0, id, versionId)
    assert.equal((await call(auth0, `GET /actions/actions/${id}`)).body.deployed_version.deployed, true)
  })

  it('deploys with the draft if the request says so, and shows the version as pending until it is built', async () => {
    const dependencies = [{ name: 'axios', version: '1.21.1', registry_url: 'https://registry.example.com' }]
    const { status, body } = await call(auth0, 'POST /actions/actions', {
      name: 'At once',
      supported_triggers: [{ id: 'post-login' }],
      code: handler('console.log(1)'),
      dependencies,
      modules: [],
      deploy: true,
    })
    assert.deepEqual([status, body.status, body.all_changes_deployed], [201, 'pending', true])
    assert.deepEqual(body.dependencies, dependencies)
    const { current_version: current, deployed_version: version } = body
    assert.deepEqual([current.status, current.build_time], ['PENDING', undefined])
    assert.deepEqual([version.status, version.deployed, version.built_at], ['pending', true, undefined])
    await untilLive(auth0, body.id, version.id)
    const built = (await call(auth0, `GET /actions/actions/${body.id}`)).body
    assert.deepEqual(built.dependencies, [{ name: 'axios', version: '1.21.1' }])
    assert.deepEqual([built.status, built.current_version.status], ['built', 'BUILT'])
    const changed = { code: handler('console.log(2)'), deploy: true }
    const second = (await call(auth0, `PATCH /actions/actions/${body.id}`, changed)).body
    assert.equal(second.deployed_version.number, 2)
    await untilLive(auth0, body.id, second.deployed_version.id)
    await bind(auth0, body.id)
    assert.equal((await auth0.signIn(loginEvent())).logs[0]?.text, '2')
    await bind(auth0)
  })

  it('runs the previous version until the new one is ready', async () => {
    const code = (n: number) => handler(`console.log(${n})`)
    const id = await create(auth0, { code: code(1) })
    await deploy(auth0, id)
    await bind(auth0, id)
    await auth0.signIn(loginEvent())
    await call(auth0, `PATCH /actions/actions/${id}`, { code: code(2) })
    await untilStatus(auth0, id, 'built')
    const { body } = await call(auth0, `POST /actions/actions/${id}/deploy`)
    assert.equal((await auth0.signIn(loginEvent())).logs[0]?.text, '1')
    await untilLive(auth0, id, body.id)
    assert.equal((await auth0.signIn(loginEvent())).logs[0]?.text, '2')
  })

  it('keeps versions, the newest first, each with its own code and names of secrets', async () => {
    const id = await create(auth0, { code: '1', secrets: [{ name: 'A', value: 'very secret' }] })
    const first = await deploy(auth0, id)
    await call(auth0, `PATCH /actions/actions/${id}`, {
      code: '2',
      secrets: [{ name: 'B', value: 'very secret' }],
    })
    const second = await deploy(auth0, id)
    const { status, body, text } = await call(auth0, `GET /actions/actions/${id}/versions`)
    assert.equal(status, 200)
    const seen = body.versions.map((version: Record<string, unknown>) => [
      version.id,
      version.number,
      version.code,
      version.deployed,
    ])
    assert.deepEqual(seen, [
      [second, 2, '2', true],
      [first, 1, '1', false],
    ])
    assert.deepEqual(
      body.versions[1].secrets.map((secret: { name: string }) => secret.name),
      ['A'],
    )
    assert.doesNotMatch(text, /very secret/)
    const one = await call(auth0, `GET /actions/actions/${id}/versions/${first}`)
    assert.deepEqual([one.status, one.body.code], [200, '1'])
    for (const version of [one.body, ...body.versions]) {
      assert.deepEqual([version.action.id, version.action.all_changes_deployed], [id, false])
    }
  })

  it('rolls back with a new version that has the content and the secrets of an older one', async () => {
    const id = await create(auth0, { code: '1', secrets: [{ name: 'A', value: 'one' }] })
    const name = auth0.actions().find((action) => action.id === id)?.name ?? ''
    const first = await deploy(auth0, id)
    await call(auth0, `PATCH /actions/actions/${id}`, { code: '2', secrets: [{ name: 'A', value: 'two' }] })
    await deploy(auth0, id)
    const { status, body } = await call(auth0, `POST /actions/actions/${id}/versions/${first}/deploy`, {})
    assert.deepEqual([status, body.number, body.code], [200, 3, '1'])
    await untilLive(auth0, id, body.id)
    assert.equal(auth0.secretOf(name, 'A'), 'one')
    const { body: action } = await call(auth0, `GET /actions/actions/${id}`)
    assert.deepEqual(
      [action.code, action.deployed_version.code, action.all_changes_deployed],
      ['2', '1', false],
    )
    assert.equal((await call(auth0, `POST /actions/actions/${id}/versions/${id}/deploy`)).status, 404)
  })

  it('keeps 50 versions, and deletes the oldest that is not in use', async () => {
    const id = await create(auth0)
    await untilStatus(auth0, id, 'built')
    for (let n = 0; n < 52; n++) await call(auth0, `POST /actions/actions/${id}/deploy`)
    const { body } = await call(auth0, `GET /actions/actions/${id}/versions?per_page=100`)
    assert.deepEqual([body.versions.length, body.versions[0].number], [50, 52])
  })
})
