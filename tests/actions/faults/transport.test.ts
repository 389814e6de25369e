// Backendless cannot be reached, or does not answer as HTTP should.
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import type { Fault } from '../../../local/backendless/index.ts'
import { backendless, closeAll, firstSignIn, passwordOf, REFRESH, SILENT, signIn } from '../sign-in.ts'

const ADA = 'ada@example.com'
const LOGIN = 'POST /users/login'
const row = { email: ADA, objectId: 'x' }
const GOOD = { ...row, 'user-token': 'T' }
const HUGE = JSON.stringify({ ...GOOD, fill: 'a'.repeat(2_000_000) })

const FAULTS: readonly [string, Fault, string][] = [
  ['a reset before the answer', { kind: 'reset' }, 'unavailable'],
  ['a reset in the middle of the answer', { kind: 'resetMidway' }, 'unavailable'],
  ['a redirect', { kind: 'answer', status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'bad_answer'],
  ['no content', { kind: 'answer', status: 204 }, 'bad_answer'],
  ['an empty body', { kind: 'answer', status: 200, body: '' }, 'bad_answer'],
  ['HTML', { kind: 'answer', status: 200, body: '<html></html>' }, 'bad_answer'],
  ['truncated JSON', { kind: 'answer', status: 200, body: '{"user-token": "a' }, 'bad_answer'],
  ['deeply nested JSON', { kind: 'answer', status: 200, body: '['.repeat(200_000) }, 'bad_answer'],
  ['an array', { kind: 'answer', status: 200, body: [row] }, 'bad_answer'],
  ['null', { kind: 'answer', status: 200, body: 'null' }, 'bad_answer'],
  ['a row without a token', { kind: 'answer', status: 200, body: row }, 'bad_answer'],
  [
    'a token that is a number',
    { kind: 'answer', status: 200, body: { ...row, 'user-token': 7 } },
    'bad_answer',
  ],
  [
    'a token that is an object',
    { kind: 'answer', status: 200, body: { ...row, 'user-token': {} } },
    'bad_answer',
  ],
  ['an empty token', { kind: 'answer', status: 200, body: { ...row, 'user-token': '' } }, 'bad_answer'],
  [
    'a token with a line break',
    { kind: 'answer', status: 200, body: { ...row, 'user-token': 'a\r\nb' } },
    'bad_answer',
  ],
  [
    'a huge token',
    { kind: 'answer', status: 200, body: { ...row, 'user-token': 'a'.repeat(5000) } },
    'bad_answer',
  ],
  ['a huge answer', { kind: 'answer', status: 200, body: HUGE }, 'bad_answer'],
  [
    'a small answer that unpacks to a huge one',
    {
      kind: 'answer',
      status: 200,
      body: gzipSync(HUGE),
      headers: { 'content-encoding': 'gzip' },
    },
    'bad_answer',
  ],
  [
    'an answer that is not packed as it says',
    { kind: 'answer', status: 200, body: 'plain', headers: { 'content-encoding': 'gzip' } },
    'bad_answer',
  ],
  [
    'the wrong encoding',
    { kind: 'answer', status: 200, body: Buffer.from(JSON.stringify(row), 'utf16le') },
    'bad_answer',
  ],
  [
    'another user’s row',
    { kind: 'answer', status: 200, body: { email: 'eve@x.com', 'user-token': 'T' } },
    'identity_mismatch',
  ],
  [
    'a row without an identity',
    { kind: 'answer', status: 200, body: { 'user-token': 'T' } },
    'identity_mismatch',
  ],
  ['500', { kind: 'answer', status: 500, body: 'oops' }, 'unavailable'],
  ['429 without a code', { kind: 'answer', status: 429 }, 'busy'],
  ['400 without a code', { kind: 'answer', status: 400, body: {} }, 'refused'],
  ['a code that is a string', { kind: 'answer', status: 400, body: { code: '3003' } }, 'refused'],
  ['a code that nobody knows', { kind: 'code', code: 123_456, status: 500 }, 'refused'],
]

describe('transport faults', () => {
  afterEach(closeAll)

  for (const [title, fault, code] of FAULTS) {
    it(`ends in ${code} after ${title} at the login`, async () => {
      const app = await backendless()
      app.addUser({ email: ADA, password: passwordOf(app, ADA) })
      app.faults.add({ route: LOGIN, fault })
      const login = await signIn({ app })
      assert.deepEqual(login.requests, [LOGIN])
      assert.equal(login.claim, undefined)
      assert.equal(login.code, code)
      assert.ok(login.denied?.startsWith(`${code}: `), login.denied)
      assert.equal(login.lines.length, 1)
    })
  }

  it('takes a good answer, packed or not, from the same fault', async () => {
    const app = await backendless()
    const packed = gzipSync(JSON.stringify(GOOD))
    app.faults.add({ route: LOGIN, nth: 1, fault: { kind: 'answer', status: 200, body: GOOD } })
    const headers = { 'content-encoding': 'gzip' }
    app.faults.add({ route: LOGIN, nth: 2, fault: { kind: 'answer', status: 200, body: packed, headers } })
    assert.deepEqual([(await signIn({ app })).claim, (await signIn({ app })).claim], ['T', 'T'])
  })

  it('ends in unavailable, after two tries, when nobody listens', async () => {
    const app = await backendless()
    const { url } = app
    await app.close()
    const login = await signIn({ app, settings: { serverUrl: url }, event: firstSignIn() })
    assert.equal(login.code, 'unavailable')
    assert.match(login.lines[0] ?? '', / requests=2 .* retried=register$/)
  })

  it('ends in unavailable when the name does not resolve', async () => {
    const app = await backendless()
    const login = await signIn({ app, settings: { serverUrl: 'https://backendless.invalid' } })
    assert.equal(login.code, 'unavailable')
  })

  for (const kind of ['hang', 'drip'] as const) {
    it(`stays within the budget when the answer is a ${kind}`, async () => {
      const app = await backendless()
      app.addUser({ email: ADA, password: passwordOf(app, ADA) })
      app.faults.add({ route: '*', fault: kind === 'hang' ? { kind } : { kind, ms: 50 } })
      const started = performance.now()
      const login = await signIn({ app, settings: { budgetMs: 400 } })
      assert.equal(login.code, 'timeout')
      assert.ok(performance.now() - started < 1400)
      assert.deepEqual(login.requests, [LOGIN])
    })
  }

  it('waits 2,500 ms for one request, and not for the whole budget', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: passwordOf(app, ADA) })
    app.faults.add({ route: '*', fault: { kind: 'hang' } })
    const started = performance.now()
    await signIn({ app })
    const waited = performance.now() - started
    assert.ok(waited >= 2400 && waited < 4500, `${waited} ms`)
  })

  it('starts no request that cannot be expected to finish', async () => {
    const app = await backendless()
    app.faults.add({ route: LOGIN, nth: 1, fault: { kind: 'delay', ms: 450 } })
    const login = await signIn({ app, settings: { budgetMs: 500 } })
    assert.deepEqual(login.requests, [LOGIN])
    assert.equal(login.code, 'timeout')
  })

  it('ignores the proxy of the environment', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: passwordOf(app, ADA) })
    const before = process.env.HTTP_PROXY
    process.env.HTTP_PROXY = 'http://127.0.0.1:1'
    try {
      assert.ok((await signIn({ app })).claim)
    } finally {
      if (before === undefined) delete process.env.HTTP_PROXY
      else process.env.HTTP_PROXY = before
    }
  })

  for (const [what, event] of [
    ['a refresh', REFRESH],
    ['a silent sign-in', SILENT],
  ] as const) {
    it(`lets ${what} go on without the claim`, async () => {
      const app = await backendless()
      app.faults.add({ route: '*', fault: { kind: 'reset' } })
      const login = await signIn({ app, event })
      assert.deepEqual([login.denied, login.claim, login.code], [undefined, undefined, 'unavailable'])
    })
  }

  it('lets an interactive sign-in go on with onFailure skip', async () => {
    const app = await backendless()
    app.faults.add({ route: '*', fault: { kind: 'reset' } })
    const login = await signIn({ app, settings: { onFailure: 'skip' } })
    assert.deepEqual([login.denied, login.claim, login.code], [undefined, undefined, 'unavailable'])
  })
})
