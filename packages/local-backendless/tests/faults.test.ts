import assert from 'node:assert/strict'
import { Agent, get } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { ada, field, service, stopServices } from './service.ts'

const asAda = { body: { login: ada.email, password: ada.password } }
const LOGIN = 'POST /users/login'

describe('local backendless: faults and the record of requests', () => {
  afterEach(stopServices)

  it('injects a fault into every matching request until the rule is removed', async () => {
    const app = await service()
    app.addUser(ada)
    const remove = app.faults.add({ route: LOGIN, fault: { kind: 'code', code: 999 } })
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 999)
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 999)
    assert.equal((await app.call('GET', '/data/Users/count')).text, '1')
    remove()
    assert.equal(await app.codeOf('POST', '/users/login', asAda), undefined)
  })

  it('injects a fault into the nth request alone, or into a number of requests', async () => {
    const app = await service()
    const codes = async () => {
      const seen: (number | undefined)[] = []
      for (let n = 0; n < 4; n += 1) seen.push(await app.codeOf('GET', '/info'))
      app.faults.clear()
      return seen
    }
    const fault = { kind: 'code', code: 999 } as const
    app.faults.add({ route: '* /info', nth: 2, fault })
    assert.deepEqual(await codes(), [undefined, 999, undefined, undefined])
    app.faults.add({ route: 'GET *', times: 2, fault })
    assert.deepEqual(await codes(), [999, 999, undefined, undefined])
    app.faults.add({ route: '*', nth: 2, times: 2, fault })
    assert.deepEqual(await codes(), [undefined, 999, 999, undefined])
  })

  it('answers a code with the usual status, or a given one and text', async () => {
    const app = await service()
    app.faults.add({ route: LOGIN, times: 1, fault: { kind: 'code', code: 3003 } })
    assert.equal((await app.call('POST', '/users/login', asAda)).status, 401)
    app.faults.add({ route: LOGIN, fault: { kind: 'code', code: 999, status: 429, message: 'slow down' } })
    const { status, body } = await app.call('POST', '/users/login', asAda)
    assert.equal(status, 429)
    assert.deepEqual(body, { message: 'slow down', code: 999, errorData: {} })
  })

  it('sends any given answer, like a proxy', async () => {
    const app = await service()
    app.addUser(ada)
    const fault = { kind: 'answer', status: 503, body: '<html>', headers: { 'retry-after': '7' } } as const
    app.faults.add({ route: LOGIN, times: 1, fault })
    const { status, text, headers } = await app.call('POST', '/users/login', asAda)
    assert.equal(status, 503)
    assert.equal(text, '<html>')
    assert.equal(headers.get('retry-after'), '7')
    assert.match(headers.get('content-type') ?? '', /^text\/html/)
    app.faults.add({ route: LOGIN, fault: { kind: 'answer', status: 200, body: { a: 1 } } })
    assert.deepEqual((await app.call('POST', '/users/login', asAda)).body, { a: 1 })
    assert.deepEqual(app.sessionsOf(ada.email), [])
  })

  it('resets the connection before the request is processed', async () => {
    const app = await service()
    app.faults.add({ route: 'POST /users/register', fault: { kind: 'reset' } })
    await assert.rejects(app.call('POST', '/users/register', { body: ada }))
    assert.equal(app.user(ada.email), undefined)
    assert.equal(app.requests[0]?.status, 0)
  })

  it('processes the request and loses the answer with after', async () => {
    const app = await service()
    app.faults.add({ route: 'POST /users/register', times: 1, fault: { kind: 'reset', after: true } })
    await assert.rejects(app.call('POST', '/users/register', { body: ada }))
    assert.ok(app.passwordIs(ada.email, ada.password))
    assert.equal(await app.codeOf('POST', '/users/register', { body: ada }), 3033)
  })

  it('replaces the answer of a processed request with after', async () => {
    const app = await service()
    app.faults.add({
      route: '* /users/register',
      fault: { kind: 'answer', status: 504, body: 'late', after: true },
    })
    const { status, text } = await app.call('POST', '/users/register', { body: ada })
    assert.equal(status, 504)
    assert.equal(text, 'late')
    assert.ok(app.user(ada.email))
  })

  it('resets the connection in the middle of the real answer', async () => {
    const app = await service()
    app.faults.add({ route: 'POST /users/register', fault: { kind: 'resetMidway' } })
    const url = `${app.url}/${app.appId}/${app.keys.rest}/users/register`
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(ada) })
    assert.equal(response.status, 200)
    await assert.rejects(response.text())
    assert.ok(app.user(ada.email))
  })

  it('drips the real answer', async () => {
    const app = await service()
    app.faults.add({ route: '* /info', fault: { kind: 'drip', ms: 3 } })
    const startedAt = performance.now()
    assert.deepEqual((await app.call('GET', '/info')).body, { loggers: [] })
    assert.ok(performance.now() - startedAt > 14 * 2)
  })

  it('rewrites the real answer, or its headers alone', async () => {
    const app = await service()
    const doubled = (real: Buffer) => Buffer.concat([real, real])
    const headers = { 'content-type': 'text/plain' }
    app.faults.add({ route: '* /info', nth: 1, fault: { kind: 'rewrite', body: doubled } })
    app.faults.add({ route: '* /info', nth: 2, fault: { kind: 'rewrite', headers } })
    assert.equal((await app.call('GET', '/info')).text, '{"loggers":[]}{"loggers":[]}')
    const second = await app.call('GET', '/info')
    assert.deepEqual([second.text, second.headers.get('content-type')], ['{"loggers":[]}', 'text/plain'])
  })

  it('sends an informational answer ahead of the real one, or nothing else', async () => {
    const app = await service()
    app.faults.add({ route: '* /info', nth: 1, fault: { kind: 'informational', status: 103 } })
    app.faults.add({ route: '* /info', nth: 2, fault: { kind: 'informational', status: 102, everyMs: 5 } })
    const ask = (onInformation: (status: number) => void) =>
      new Promise<number | undefined>((resolve, reject) => {
        const request = get(`${app.url}/api/info`, { timeout: 500 }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode))
        })
        request.on('information', ({ statusCode }) => {
          onInformation(statusCode)
          if (seen.length > 5) request.destroy()
        })
        request.on('error', reject)
      })
    const seen: number[] = []
    assert.deepEqual([await ask((status) => seen.push(status)), seen], [200, [103]])
    await assert.rejects(ask((status) => seen.push(status)))
    assert.deepEqual(seen, [103, 102, 102, 102, 102, 102])
  })

  it('sends raw bytes, and closes the connection on request', async () => {
    const app = await service()
    const bytes = 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'
    app.faults.add({ route: '*', fault: { kind: 'raw', bytes, end: true } })
    const response = await fetch(`${app.url}/api/info`)
    assert.equal(response.status, 200)
    await assert.rejects(response.text())
  })

  it('delays a request, before or after it is processed', async () => {
    const app = await service()
    app.faults.add({ route: '* /users/register', fault: { kind: 'delay', ms: 500 } })
    const registering = app.call('POST', '/users/register', { body: ada })
    // A later request is answered first.
    await app.call('GET', '/data/Users?pageSize=1')
    assert.equal(app.user(ada.email), undefined)
    assert.equal((await registering).status, 200)
    app.faults.add({ route: LOGIN, fault: { kind: 'delay', ms: 500, after: true } })
    let answered = false
    const loggingIn = app.call('POST', '/users/login', asAda).finally(() => {
      answered = true
    })
    while (app.sessionsOf(ada.email).length === 0 && !answered) await setTimeout(5)
    assert.ok(!answered)
    assert.ok(field((await loggingIn).body, 'user-token'))
  })

  it('never answers with hang', async () => {
    const app = await service()
    app.faults.add({ route: LOGIN, fault: { kind: 'hang' } })
    const url = `${app.url}/${app.appId}/${app.keys.rest}/users/login`
    await assert.rejects(fetch(url, { method: 'POST', signal: AbortSignal.timeout(50) }), {
      name: 'TimeoutError',
    })
  })

  it('records requests in order, without id, key and token', async () => {
    const app = await service()
    app.addUser(ada)
    const token = await app.logIn(ada.email, ada.password)
    await app.call('GET', `/users/isvalidusertoken/${token}`)
    await app.call('GET', '/data/Users?pageSize=0')
    const seen = app.requests.map(({ method, path, query, status, code }) => [
      method,
      path,
      query,
      status,
      code,
    ])
    assert.deepEqual(seen, [
      ['POST', '/users/login', '', 200, undefined],
      ['GET', '/users/isvalidusertoken/*', '', 200, undefined],
      ['GET', '/data/Users', 'pageSize=0', 400, 1025],
    ])
    for (const secret of [token, app.appId, app.keys.rest]) {
      assert.ok(!JSON.stringify(app.requests).includes(secret))
    }
    assert.ok(app.requests.every(({ ms }) => ms > 0))
    app.requests.length = 0
    await app.call('GET', '/info')
    assert.equal(app.requests.length, 1)
  })

  it('records whether a connection was used before', async () => {
    const app = await service()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = () =>
      new Promise<void>((resolve, reject) => {
        get(`${app.url}/api/info`, { agent }, (response) => response.resume().on('end', resolve)).on(
          'error',
          reject,
        )
      })
    await ask()
    await ask()
    app.faults.add({ route: '*', times: 1, fault: { kind: 'reset' } })
    await assert.rejects(ask(), { code: 'ECONNRESET' })
    await ask()
    agent.destroy()
    assert.deepEqual(
      app.requests.map(({ reusedConnection }) => reusedConnection),
      [false, true, true, false],
    )
  })
})
