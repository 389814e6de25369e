import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { type LocalAuth0, startAuth0 } from '../src/index.ts'
import { call, send } from './call.ts'
import { bindings, create } from './deploy.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }

describe('local Auth0: access to the Management API', () => {
  let auth0: LocalAuth0
  let id = ''
  before(async () => {
    auth0 = await startAuth0({ buildMs: 4 })
    id = await create(auth0)
  })
  after(() => auth0.close())
  const credentials = () => ({ client_id: auth0.client.id, client_secret: auth0.client.secret })
  const grant = () => ({ grant_type: 'client_credentials', audience: `https://${auth0.domain}/api/v2/` })
  const basic = (secret: string) => `Basic ${Buffer.from(`${auth0.client.id}:${secret}`).toString('base64')}`
  const ask = (headers: Record<string, string>, content: string) =>
    send(auth0, 'POST', '/oauth/token', headers, content)

  it('answers with the time of its clock', async () => {
    const ahead = await startAuth0({ now: () => Date.parse('2030-01-01T00:00:00Z') })
    const { headers } = await call(ahead, 'GET /actions/actions')
    await ahead.close()
    assert.equal(headers.date, 'Tue, 01 Jan 2030 00:00:00 GMT')
  })

  it('answers 401 without a token, and to one it did not issue', async () => {
    for (const token of ['', 'made-up']) {
      const { status, body } = await call(auth0, 'GET /actions/actions', undefined, token)
      assert.deepEqual([status, body.statusCode, body.error], [401, 401, 'Unauthorized'])
    }
  })

  for (const [line, scope] of [
    ['POST /actions/actions', 'create:actions'],
    ['GET /actions/actions', 'read:actions'],
    ['GET /actions/actions/:id', 'read:actions'],
    ['PATCH /actions/actions/:id', 'update:actions'],
    ['DELETE /actions/actions/:id', 'delete:actions'],
    ['POST /actions/actions/:id/deploy', 'create:actions'],
    ['GET /actions/actions/:id/versions', 'read:actions'],
    ['POST /actions/actions/:id/versions/x/deploy', 'create:actions'],
    [`GET ${bindings}`, 'read:actions'],
    [`PATCH ${bindings}`, 'update:actions'],
  ] as const) {
    it(`requires ${scope} for ${line}`, async () => {
      const scopes = ['create:actions', 'read:actions', 'update:actions', 'delete:actions']
      const others = auth0.tokenWith(scopes.filter((each) => each !== scope))
      const target = line.replace(':id', id)
      const { status, body } = await call(auth0, target, undefined, others)
      assert.deepEqual([status, body.error, body.errorCode], [403, 'Forbidden', 'insufficient_scope'])
      if (line.startsWith('GET'))
        assert.equal((await call(auth0, target, undefined, auth0.tokenWith([scope]))).status, 200)
    })
  }

  it('issues a token for credentials in a Basic header, to a form', async () => {
    const { status, body } = await ask(
      { ...form, authorization: basic(auth0.client.secret) },
      new URLSearchParams(grant()).toString(),
    )
    assert.equal(status, 200)
    assert.deepEqual([body.token_type, body.expires_in], ['Bearer', 86400])
    assert.equal((await call(auth0, 'GET /actions/actions', undefined, body.access_token)).status, 200)
  })

  it('issues a token for credentials in the body, as a form and as JSON', async () => {
    const all = { ...grant(), ...credentials() }
    assert.equal((await ask(form, new URLSearchParams(all).toString())).status, 200)
    assert.equal((await ask({ 'content-type': 'application/json' }, JSON.stringify(all))).status, 200)
  })

  it('refuses wrong credentials, another grant, and another audience', async () => {
    const post = (changes: object) =>
      ask(
        { 'content-type': 'application/json' },
        JSON.stringify({ ...grant(), ...credentials(), ...changes }),
      )
    assert.deepEqual((await post({ client_secret: 'wrong' })).body, {
      error: 'access_denied',
      error_description: 'Unauthorized',
    })
    assert.equal((await post({ client_secret: 'wrong' })).status, 401)
    assert.equal((await post({ grant_type: 'password' })).status, 403)
    assert.equal((await post({ audience: 'https://example.com/' })).status, 403)
    const header = { ...form, authorization: basic('wrong') }
    assert.equal((await ask(header, new URLSearchParams(grant()).toString())).status, 401)
  })

  it('records each call with its status, without the query', async () => {
    auth0.requests.length = 0
    await call(auth0, `GET ${bindings}?page=0`)
    await call(auth0, 'GET /actions/actions/none')
    await ask(form, '')
    assert.deepEqual(auth0.requests, [
      { method: 'GET', path: bindings, status: 200 },
      { method: 'GET', path: '/actions/actions/none', status: 404 },
      { method: 'POST', path: '/oauth/token', status: 403 },
    ])
  })

  it('has a certificate for localhost and 127.0.0.1, in the file that the environment names', async () => {
    assert.deepEqual(auth0.environment, {
      AUTH0_DOMAIN: auth0.domain,
      AUTH0_API_TOKEN: auth0.apiToken,
      SSL_CERT_FILE: auth0.certificateFile,
    })
    assert.equal(readFileSync(auth0.certificateFile, 'utf8'), auth0.certificate)
    const port = Number(auth0.domain.split(':')[1])
    for (const host of ['localhost', '127.0.0.1']) {
      const socket = connect({
        host,
        port,
        ca: auth0.certificate,
        ...(host === 'localhost' ? { servername: host } : {}),
      })
      await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
      assert.ok(socket.authorized)
      socket.destroy()
    }
  })

  it('ends the server and removes the certificate on close', async () => {
    const other = await startAuth0()
    await other.close()
    assert.equal(existsSync(other.certificateFile), false)
    await assert.rejects(call(other, 'GET /actions/actions'), { code: 'ECONNREFUSED' })
  })
})

describe('local Auth0: injected faults', () => {
  let auth0: LocalAuth0
  before(async () => {
    auth0 = await startAuth0({ buildMs: 4 })
  })
  afterEach(() => auth0.faults.clear())
  after(() => auth0.close())
  const statusOf = async (line: string) => (await call(auth0, line)).status

  it('fails the named call the given number of times, and no other', async () => {
    auth0.faults.add({
      route: 'GET /actions/triggers/*/bindings',
      times: 2,
      fault: { kind: 'answer', status: 503 },
    })
    assert.equal(await statusOf('GET /actions/actions'), 200)
    assert.deepEqual(
      [await statusOf(`GET ${bindings}`), await statusOf(`GET ${bindings}?page=1`)],
      [503, 503],
    )
    assert.equal(await statusOf(`GET ${bindings}`), 200)
  })

  it('fails every matching call until the rule is removed, with the given body and headers', async () => {
    const remove = auth0.faults.add({
      route: 'GET *actions',
      fault: { kind: 'answer', status: 500, body: { own: true }, headers: { 'x-own': 'yes' } },
    })
    const { status, body, headers } = await call(auth0, 'GET /actions/actions')
    assert.deepEqual([status, body, headers['x-own']], [500, { own: true }, 'yes'])
    assert.equal(await statusOf('GET /actions/actions'), 500)
    remove()
    assert.equal(await statusOf('GET /actions/actions'), 200)
  })

  it('fails only the nth call, by the rule that was added first', async () => {
    const fault = (status: number) => ({ kind: 'answer', status }) as const
    auth0.faults.add({ route: '*', nth: 2, fault: fault(502) })
    auth0.faults.add({ route: 'GET /actions/actions', nth: 2, times: 2, fault: fault(503) })
    const seen: number[] = []
    for (let n = 0; n < 4; n += 1) seen.push(await statusOf('GET /actions/actions'))
    assert.deepEqual(seen, [200, 502, 503, 200])
  })

  it('sends with a 429 when the limit is reset', async () => {
    auth0.faults.add({ route: 'GET /actions/actions', fault: { kind: 'answer', status: 429 } })
    const { status, body, headers } = await call(auth0, 'GET /actions/actions')
    assert.deepEqual([status, body.statusCode, body.error], [429, 429, 'Too Many Requests'])
    const wait = Number(headers['x-ratelimit-reset']) - Date.now() / 1000
    assert.ok(wait > -1 && wait <= 1, `${wait}`)
  })

  it('does not process a call that it fails', async () => {
    auth0.faults.add({ route: 'POST /actions/actions', fault: { kind: 'answer', status: 502 } })
    await call(auth0, 'POST /actions/actions', { name: 'x', supported_triggers: [{ id: 'post-login' }] })
    assert.deepEqual(auth0.actions(), [])
  })

  it('removes every rule with clear', async () => {
    auth0.faults.add({ route: 'GET /actions/actions', fault: { kind: 'answer', status: 500 } })
    auth0.faults.failBuilds()
    auth0.faults.clear()
    assert.equal(await statusOf('GET /actions/actions'), 200)
  })
})
