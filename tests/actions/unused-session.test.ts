// If a sign-in does not use the session of its login, the session is ended: it would count towards its owner's limit.
import assert from 'node:assert/strict'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { CircuitBreaker } from '../../actions/backendless-login/circuit.ts'
import { backendless, closeAll, LOGIN, LOGOUT, PASSWORD, type SignInOptions, signIn } from './sign-in.ts'

/** In milliseconds: long enough that a timeout of the logout would open the circuit if it counted. */
const BUDGET_MS = 1500
/** In milliseconds: how much longer a sign-in may take on a busy machine. */
const TOLERANCE_MS = 750

describe('a session of another identity’s row', () => {
  afterEach(closeAll)

  /** With a database that ignores case and a shared password, `auth0|AB` opens the row of `auth0|ab`. */
  async function looseBackendless(): Promise<LocalBackendless> {
    const app = await backendless({ compare: 'ignoreCase', identityColumn: 'auth0Id' })
    app.addUser({ auth0Id: 'auth0|ab', password: PASSWORD })
    return app
  }

  function signInAsLookAlike(app: LocalBackendless, changes: Partial<SignInOptions> = {}) {
    const settings = {
      passwords: [{ id: '1', perUser: false }],
      identity: 'user_id',
      identityColumn: 'auth0Id',
      ...changes.settings,
    } as const
    return signIn({ app, event: { user: { user_id: 'auth0|AB' } }, ...changes, settings })
  }

  it('is ended, in a request that the log does not count', async () => {
    const app = await looseBackendless()
    const { claim, code, lines, requests } = await signInAsLookAlike(app)
    assert.deepEqual([code, claim, requests], ['identity_mismatch', undefined, [LOGIN, LOGOUT]])
    assert.match(lines[0] ?? '', / requests=1 /)
    assert.deepEqual(app.sessionsOf('auth0|ab'), [])
  })

  it('delays the sign-in no longer than the budget, and does not open the circuit, when it cannot be ended', async () => {
    const app = await looseBackendless()
    const circuit = new CircuitBreaker()
    const remove = app.faults.add({ route: LOGOUT, fault: { kind: 'hang' } })
    const startedAt = performance.now()
    const attempts = [1, 2].map(() => signInAsLookAlike(app, { circuit, settings: { budgetMs: BUDGET_MS } }))
    for (const { code } of await Promise.all(attempts)) assert.equal(code, 'identity_mismatch')
    assert.ok(performance.now() - startedAt < BUDGET_MS + TOLERANCE_MS)
    remove()
    assert.deepEqual((await signInAsLookAlike(app, { circuit })).requests, [LOGIN, LOGOUT])
  })

  it('is left open when no time is left', async () => {
    const app = await looseBackendless()
    app.faults.add({ route: LOGIN, fault: { kind: 'delay', ms: 250 } })
    const { code, requests } = await signInAsLookAlike(app, { settings: { budgetMs: 400 } })
    assert.deepEqual([code, requests], ['identity_mismatch', [LOGIN]])
  })
})
