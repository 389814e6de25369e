import assert from 'node:assert/strict'
import { ADA, backendless, closeAll, firstSignIn, passwordOf, REGISTER, signIn } from './sign-in.ts'

describe('registration', () => {
  afterEach(closeAll)

  it('copies the profile into the new row, and leaves out what the user does not have', async () => {
    const app = await backendless()
    await signIn({
      app,
      settings: {
        profile: { name: 'name', phone: 'phone_number', meta: 'user_metadata', proto: 'constructor' },
      },
      event: firstSignIn({ name: 'Ada Lovelace' }),
    })
    const row = app.user(ADA)
    assert.equal(row?.name, 'Ada Lovelace')
    assert.ok(
      !Object.hasOwn(row ?? {}, 'phone') &&
        !Object.hasOwn(row ?? {}, 'meta') &&
        !Object.hasOwn(row ?? {}, 'proto'),
    )
  })

  it('writes the Auth0 user id into the identity column when that is the identity', async () => {
    const app = await backendless({ identityColumn: 'auth0Id' })
    const settings = { identity: 'user_id', identityColumn: 'auth0Id', profile: { email: 'email' } } as const
    const login = await signIn({ app, settings, event: firstSignIn({ user_id: 'auth0|Ab' }) })
    const row = app.ownerOf(String(login.claim))
    assert.equal(row?.auth0Id, 'auth0|Ab')
    assert.equal(row?.email, ADA)
    assert.ok(app.passwordIs('auth0|Ab', passwordOf(app, 'auth0|Ab')))
  })

  it('registers everybody with the password itself when it is shared', async () => {
    const app = await backendless()
    await signIn({ app, settings: { passwords: [{ id: '1', perUser: false }] }, event: firstSignIn() })
    assert.ok(app.passwordIs(ADA, passwordOf(app, ADA, { perUser: false })))
  })

  for (const closedHasCode of [true, false]) {
    it(`lets a known user in while registration is off, ${closedHasCode ? 'with' : 'without'} a code`, async () => {
      const app = await backendless({ registration: 'closed', closedHasCode })
      app.addUser({ email: ADA, password: passwordOf(app, ADA) })
      const login = await signIn({ app, event: firstSignIn() })
      assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
    })

    it(`reports why a new user is refused while registration is off, ${closedHasCode ? 'with' : 'without'} a code`, async () => {
      const app = await backendless({ registration: 'closed', closedHasCode })
      const brandNew = await signIn({ app, event: firstSignIn() })
      const later = await signIn({ app })
      assert.deepEqual(brandNew.requests, [REGISTER, 'POST /users/login'])
      assert.deepEqual(later.requests, ['POST /users/login', REGISTER])
      const expected = closedHasCode ? 'misconfigured' : 'refused'
      assert.deepEqual([brandNew.code, later.code], [expected, expected])
    })
  }

  it('logs in after a registration whose answer was lost, and does not register again', async () => {
    const app = await backendless()
    app.faults.add({ route: REGISTER, fault: { kind: 'reset', after: true } })
    const login = await signIn({ app, event: firstSignIn() })
    assert.deepEqual(login.requests, [REGISTER, 'POST /users/login'])
    assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
  })

  it('reports the lost registration when the user is not there after all', async () => {
    const app = await backendless()
    app.faults.add({ route: REGISTER, fault: { kind: 'answer', status: 502 } })
    const brandNew = await signIn({ app, event: firstSignIn() })
    const later = await signIn({ app })
    assert.deepEqual([brandNew.code, later.code], ['unavailable', 'unavailable'])
    assert.deepEqual(brandNew.requests, [REGISTER, 'POST /users/login'])
    assert.deepEqual(later.requests, ['POST /users/login', REGISTER, 'POST /users/login'])
  })

  it('lets a known user in whom a busy Backendless did not register, and reports busy for an unknown one', async () => {
    const app = await backendless()
    app.faults.add({ route: REGISTER, fault: { kind: 'code', code: 999 } })
    const unknown = await signIn({ app, event: firstSignIn() })
    assert.deepEqual([unknown.code, unknown.requests.length], ['busy', 2])
    const later = await signIn({ app })
    assert.deepEqual([later.code, later.requests], ['busy', ['POST /users/login', REGISTER]])
    app.addUser({ email: ADA, password: passwordOf(app, ADA) })
    assert.ok((await signIn({ app, event: firstSignIn() })).claim)
  })

  it('never lets the profile replace the identity', async () => {
    const app = await backendless()
    const event = firstSignIn({ nickname: 'victim@example.com' })
    await signIn({ app, settings: { profile: { email: 'nickname' } }, event })
    assert.equal(app.user('victim@example.com'), undefined)
    assert.equal(app.user(ADA)?.email, ADA)
  })

  it('tells a user whose address waits for confirmation to confirm it', async () => {
    const app = await backendless({ confirmation: true })
    assert.equal((await signIn({ app, event: firstSignIn() })).code, 'account_unconfirmed')
  })
})
