// A user whose data makes Backendless fail, and the effect on other users of the same instance.
import assert from 'node:assert/strict'
import { CircuitBreaker } from '../../../actions/backendless-login/circuit.ts'
import { ADA, backendless, closeAll, passwordOf, signIn } from '../sign-in.ts'

describe('a user for whom Backendless fails', () => {
  afterEach(closeAll)

  for (const [signIns, code] of [
    [1, 'ok'],
    [2, 'unavailable'],
  ] as const) {
    it(`leaves others ${code} after ${signIns} of their sign-ins in a row, as SECURITY.md says`, async () => {
      const app = await backendless()
      app.addUser({ email: ADA, password: passwordOf(app, ADA) })
      const circuit = new CircuitBreaker()
      app.faults.add({ route: '*', fault: { kind: 'answer', status: 500 } })
      for (let count = 0; count < signIns; count += 1) {
        const { claim } = await signIn({ app, circuit, event: { user: { email: 'mallory@example.com' } } })
        assert.equal(claim, undefined)
      }
      app.faults.clear()
      assert.equal((await signIn({ app, circuit })).code, code)
    })
  }

  it('does not affect others if another user’s sign-in is answered in between', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: passwordOf(app, ADA) })
    const circuit = new CircuitBreaker()
    for (let round = 0; round < 3; round += 1) {
      const remove = app.faults.add({ route: '*', fault: { kind: 'answer', status: 500 } })
      await signIn({ app, circuit, event: { user: { email: 'mallory@example.com' } } })
      remove()
      assert.equal((await signIn({ app, circuit })).code, 'ok')
    }
  })
})
