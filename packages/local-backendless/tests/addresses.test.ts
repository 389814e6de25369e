import assert from 'node:assert/strict'
import { startBackendless } from '../src/index.ts'
import { ada, column, fetchAnswer, field, service, stopServices } from './service.ts'

const login = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ login: ada.email, password: ada.password }),
}

describe('local backendless: addresses and keys', () => {
  afterEach(stopServices)

  it('takes application id and key from the path', async () => {
    const app = await service()
    app.addUser(ada)
    const answer = await fetchAnswer(`${app.url}/${app.appId}/${app.keys.js}/users/login`, login)
    assert.equal(answer.status, 200)
    assert.match(app.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  })

  it('serves /api/<path> without id and key', async () => {
    const app = await service()
    app.addUser(ada)
    assert.equal((await fetchAnswer(`${app.url}/api/users/login`, login)).status, 200)
  })

  it('gives /api/<path> the role of the mapped key', async () => {
    const app = await service({ domainKey: 'codeRunner' })
    const { objectId } = app.addUser(ada)
    const byId = { ...login, body: JSON.stringify({ objectId }) }
    assert.equal((await fetchAnswer(`${app.url}/api/users/login`, byId)).status, 200)
    app.settings.domainKey = 'rest'
    const refused = await fetchAnswer(`${app.url}/api/users/login`, byId)
    assert.equal(field(refused.body, 'code'), 2014)
  })

  it('serves both forms under a path prefix, and nothing outside it', async () => {
    const app = await service({ pathPrefix: '/api/v9' })
    app.addUser(ada)
    assert.ok(app.url.endsWith('/api/v9'))
    assert.equal((await app.call('GET', '/data/Users/count')).text, '1')
    assert.equal((await fetchAnswer(`${app.url}/api/data/Users/count`)).text, '1')
    const outside = app.url.replace('/v9', '')
    assert.equal((await fetchAnswer(`${outside}/${app.appId}/${app.keys.rest}/data/Users/count`)).status, 404)
    assert.equal(app.requests[0]?.path, '/data/Users/count')
    assert.equal(app.requests[1]?.path, '/data/Users/count')
  })

  it('answers info in both forms', async () => {
    const app = await service()
    assert.equal((await app.call('GET', '/info')).status, 200)
    const { body } = await fetchAnswer(`${app.url}/api/info`)
    assert.equal(field(body, 'appId'), app.appId)
    assert.equal(field(body, 'apiKey'), app.keys.rest)
  })

  it('answers 2002 to an unknown application id or key', async () => {
    const app = await service()
    for (const path of [`WRONG/${app.keys.rest}`, `${app.appId}/WRONG`]) {
      const { body } = await fetchAnswer(`${app.url}/${path}/users/login`, login)
      assert.deepEqual(body, {
        message: 'Unable to find application. Check application id and/or API key.',
        code: 2002,
        errorData: {},
      })
    }
  })

  it('has random ids in upper case, and accepts given ones', async () => {
    const one = await service()
    const other = await service({ appId: 'APP', keys: { rest: 'REST' } })
    assert.match(one.appId, /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
    assert.equal(new Set([one.appId, ...Object.values(one.keys)]).size, 4)
    assert.equal(other.appId, 'APP')
    assert.equal((await fetchAnswer(`${other.url}/APP/REST/info`)).status, 200)
    assert.notEqual(other.keys.js, one.keys.js)
  })

  it('answers 404 to an unknown path, in the shape of every error', async () => {
    const app = await service()
    const { status, body } = await app.call('GET', '/nowhere')
    assert.equal(status, 404)
    assert.deepEqual(field(body, 'errorData'), {})
  })

  it('requires JSON with its content type', async () => {
    const app = await service()
    const url = `${app.url}/${app.appId}/${app.keys.rest}/users/register`
    const text = await fetchAnswer(url, { method: 'POST', body: JSON.stringify(ada) })
    assert.equal(field(text.body, 'code'), 8002)
    const broken = await fetchAnswer(url, { ...login, body: '{"email":' })
    assert.equal(field(broken.body, 'code'), 8004)
    assert.equal(app.user(ada.email), undefined)
  })

  it('takes guessed statuses from the settings', async () => {
    const app = await service({ statuses: { 3033: 409 } })
    app.addUser(ada)
    assert.equal((await app.call('POST', '/users/register', { body: ada })).status, 409)
    app.settings.statuses = {}
    assert.equal((await app.call('POST', '/users/register', { body: ada })).status, 400)
  })

  it('ends open connections on close', async () => {
    const app = await startBackendless()
    app.faults.add({ route: '*', fault: { kind: 'hang' } })
    const hanging = fetchAnswer(`${app.url}/${app.appId}/${app.keys.rest}/info`)
    const failed = assert.rejects(hanging)
    while (app.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    await app.close()
    await failed
    await assert.rejects(fetchAnswer(`${app.url}/api/info`))
  })

  it('holds a hundred thousand users', async () => {
    const app = await service()
    for (let n = 0; n < 100_000; n += 1) app.addUser({ email: `user${n}@example.com`, password: `p${n}` })
    assert.ok(await app.logIn('user99999@example.com', 'p99999'))
    const page = await app.call('GET', '/data/Users?pageSize=100&offset=99900&sortBy=created&props=email')
    assert.equal(column(page.body, 'email').at(-1), 'user99999@example.com')
  })
})
