// Passwords, keys, tokens and addresses are never shown, whatever goes wrong.
import assert from 'node:assert/strict'
import { MARKER } from './faults/fault.ts'
import { ADA, backendless, closeAll, PASSWORD, passwordOf, SILENT, signIn } from './sign-in.ts'

describe('secrecy', () => {
  afterEach(closeAll)

  it('repeats nothing that Backendless said', async () => {
    const app = await backendless()
    const planted = { message: MARKER, code: 3064, errorData: { hint: MARKER } }
    app.faults.add({
      route: '*',
      fault: { kind: 'answer', status: 400, body: planted, headers: { 'x-hint': MARKER } },
    })
    const login = await signIn({ app })
    assert.equal(login.code, 'refused')
    assert.ok(!`${login.denied}${login.lines.join('')}`.includes(MARKER))
  })

  for (const fault of ['reset', 'resetMidway'] as const) {
    it(`logs one short line without a secret after a ${fault}`, async () => {
      const app = await backendless()
      app.addUser({ email: ADA, password: passwordOf(app, ADA) })
      app.faults.add({ route: '*', fault: { kind: fault } })
      const login = await signIn({ app })
      assert.equal(login.lines.length, 1)
      assert.ok((login.lines[0]?.length ?? 0) <= 256)
      const shown = `${login.denied} ${login.lines.join(' ')}`
      for (const secret of [PASSWORD, passwordOf(app, ADA), app.appId, app.keys.rest, ADA, app.url, 'http']) {
        assert.ok(!shown.includes(secret), shown)
      }
    })
  }

  it('puts the reference of the log line into what the user reads, and nothing else that is random', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: 'somebody else knows this' })
    const { denied = '', lines } = await signIn({ app })
    const reference = /Reference: ([A-Z2-9]{6})$/.exec(denied)?.[1]
    assert.ok(reference && lines[0]?.includes(` ref=${reference} `), `${denied}\n${lines}`)
  })

  for (const name of ['BACKENDLESS_APP_ID', 'BACKENDLESS_API_KEY', 'PASSWORD_1']) {
    for (const [what, value] of [
      ['missing', undefined],
      ['empty', ' '],
    ] as const) {
      it(`ends with misconfigured, without a request, when ${name} is ${what}`, async () => {
        const app = await backendless()
        const login = await signIn({ app, secrets: { [name]: value } })
        assert.match(login.denied ?? '', /^misconfigured: /)
        assert.deepEqual(login.requests, [])
      })
    }
  }

  it('lets a silent sign-in continue when a secret is missing', async () => {
    const app = await backendless()
    const login = await signIn({ app, secrets: { PASSWORD_1: undefined }, event: SILENT })
    assert.deepEqual([login.denied, login.claim, login.code], [undefined, undefined, 'misconfigured'])
  })
})
