// Which sign-ins continue if Backendless cannot be reached, and that no proxy is used.
import assert from 'node:assert/strict'
import { ADA, backendless, closeAll, passwordOf, REFRESH, SILENT, signIn } from '../sign-in.ts'

describe('a sign-in without an answer', () => {
  afterEach(closeAll)

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
    it(`lets ${what} continue without the claim`, async () => {
      const app = await backendless()
      app.faults.add({ route: '*', fault: { kind: 'reset' } })
      const login = await signIn({ app, event })
      assert.deepEqual([login.denied, login.claim, login.code], [undefined, undefined, 'unavailable'])
    })
  }

  it('lets an interactive sign-in continue with onFailure skip', async () => {
    const app = await backendless()
    app.faults.add({ route: '*', fault: { kind: 'reset' } })
    const login = await signIn({ app, settings: { onFailure: 'skip' } })
    assert.deepEqual([login.denied, login.claim, login.code], [undefined, undefined, 'unavailable'])
  })
})
