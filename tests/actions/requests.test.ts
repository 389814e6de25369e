// How many requests each kind of sign-in makes with one password.
import assert from 'node:assert/strict'
import { ADA, backendless, closeAll, firstSignIn, LOGIN, passwordOf, REGISTER, signIn } from './sign-in.ts'

describe('signIn', () => {
  afterEach(closeAll)

  it('sends one request for a known user', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: passwordOf(app, ADA) })
    const login = await signIn({ app })
    assert.deepEqual(login.requests, [LOGIN])
    assert.equal(login.denied, undefined)
    assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
  })

  it('sends two requests for a brand-new user, registration first', async () => {
    const app = await backendless()
    const login = await signIn({ app, event: firstSignIn() })
    assert.deepEqual(login.requests, [REGISTER, LOGIN])
    assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
    assert.ok(app.passwordIs(ADA, passwordOf(app, ADA)))
  })

  it('sends three requests for a user who is unknown at a later sign-in', async () => {
    const app = await backendless()
    const login = await signIn({ app })
    assert.deepEqual(login.requests, [LOGIN, REGISTER, LOGIN])
    assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
  })

  it('stops after three requests when the row is somebody else’s', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: 'somebody else knows this' })
    const login = await signIn({ app })
    assert.deepEqual(login.requests, [LOGIN, REGISTER, LOGIN])
    assert.match(login.denied ?? '', /^password_mismatch: /)
    assert.equal(login.claim, undefined)
    assert.ok(app.passwordIs(ADA, 'somebody else knows this'))
    assert.deepEqual(app.sessionsOf(ADA), [])
  })

  it('sends two requests for a brand-new Auth0 user whose row exists already', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: passwordOf(app, ADA) })
    const login = await signIn({ app, event: firstSignIn() })
    assert.deepEqual(login.requests, [REGISTER, LOGIN])
    assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
  })

  it('stops after two requests for a brand-new Auth0 user whose row is somebody else’s', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: 'somebody else knows this' })
    const login = await signIn({ app, event: firstSignIn() })
    assert.deepEqual(login.requests, [REGISTER, LOGIN])
    assert.match(login.denied ?? '', /^password_mismatch: /)
    assert.equal(login.claim, undefined)
  })

  it('gives two first sign-ins at once a token each', async () => {
    const app = await backendless()
    const event = { stats: { logins_count: 2 } }
    app.faults.add({ route: REGISTER, nth: 1, fault: { kind: 'delay', ms: 300 } })
    const first = signIn({ app, event })
    while (app.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    const second = await signIn({ app, event })
    for (const { claim } of [await first, second]) assert.equal(app.ownerOf(String(claim))?.email, ADA)
    assert.equal(
      app.requests.filter(({ path, code }) => path === '/users/register' && code === 3033).length,
      1,
    )
  })

  it('uses one connection for one sign-in after the other', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: passwordOf(app, ADA) })
    for (let round = 0; round < 4; round += 1) await signIn({ app })
    assert.deepEqual(
      app.requests.map(({ reusedConnection }) => reusedConnection),
      [false, true, true, true],
    )
  })
})
