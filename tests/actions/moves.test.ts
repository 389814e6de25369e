// A user on an older password is found, moved to the current one, and let in even if the move fails.
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { Attacker } from './hostile/attacker.ts'
import { derived, shared, signInWith, steps, storedPassword, userOn, value } from './older-passwords.ts'
import { ADA, backendless, closeAll, firstSignIn, LOGIN, REGISTER, signIn } from './sign-in.ts'

describe('moving to the current password', () => {
  afterEach(closeAll)

  for (const [title, current, older] of [
    ['derived, from a derived one', derived('2'), derived('1')],
    ['derived, from a shared one', derived('2'), shared('1')],
    ['shared, from a derived one', shared('2'), derived('1')],
    ['shared, from a shared one', shared('2'), shared('1')],
  ] as const) {
    it(`takes 3 + k requests: ${title}`, async () => {
      const app = await userOn(older)
      const login = await signInWith(app, [current, older])
      assert.deepEqual(steps(login), [LOGIN, LOGIN, 'PUT', LOGIN])
      assert.equal(login.code, 'moved')
      assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
      assert.ok(app.passwordIs(ADA, storedPassword(app, current)))
      assert.deepEqual(steps(await signInWith(app, [current, older])), [LOGIN])
    })
  }

  it('tries the older ones in order, each once', async () => {
    const app = await userOn(derived('1'))
    const login = await signInWith(app, [derived('3'), shared('2'), derived('1')])
    assert.deepEqual(steps(login), [LOGIN, LOGIN, LOGIN, 'PUT', LOGIN])
    assert.ok(app.passwordIs(ADA, storedPassword(app, derived('3'))))
    assert.match(login.lines[0] ?? '', / path=moved requests=5 .* passwords=4/)
  })

  it('takes 4 + k requests for a brand-new Auth0 user whose row is on an older one', async () => {
    const app = await userOn(shared('1'))
    const login = await signInWith(app, [derived('2'), shared('1')], firstSignIn())
    assert.deepEqual(steps(login), [REGISTER, LOGIN, LOGIN, 'PUT', LOGIN])
    assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
  })

  it('takes 3 + n requests for a user who is unknown at a later sign-in, and registers with the current one', async () => {
    const app = await backendless()
    const login = await signInWith(app, [derived('3'), shared('2'), derived('1')])
    assert.deepEqual(steps(login), [LOGIN, LOGIN, LOGIN, REGISTER, LOGIN])
    assert.ok(app.passwordIs(ADA, storedPassword(app, derived('3'))))
  })

  it('takes 3 + n requests to find that a row is somebody else’s, at the first sign-in as well', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: 'somebody else knows this' })
    const all = [derived('3'), shared('2'), derived('1')]
    const [later, first] = [await signInWith(app, all), await signInWith(app, all, firstSignIn())]
    assert.deepEqual(steps(later), [LOGIN, LOGIN, LOGIN, REGISTER, LOGIN])
    assert.deepEqual(steps(first), [REGISTER, LOGIN, LOGIN, LOGIN, LOGIN])
    assert.deepEqual([later.code, first.code], ['password_mismatch', 'password_mismatch'])
    assert.ok(app.passwordIs(ADA, 'somebody else knows this'))
  })

  it('never touches a row that Backendless found by comparing more loosely', async () => {
    const app = await backendless({ compare: 'ignoreCase', identityColumn: 'auth0Id' })
    app.addUser({ auth0Id: 'auth0|ab', password: value('1') })
    const passwords = [derived('2'), shared('1')]
    const login = await signIn({
      app,
      settings: { passwords, identity: 'user_id', identityColumn: 'auth0Id' },
      event: { user: { user_id: 'auth0|Ab' } },
      secrets: { PASSWORD_1: value('1'), PASSWORD_2: value('2') },
    })
    assert.deepEqual(
      [login.code, login.claim, steps(login)],
      ['identity_mismatch', undefined, [LOGIN, LOGIN, 'GET /users/logout']],
    )
    assert.deepEqual(app.sessionsOf('auth0|ab'), [])
    assert.ok(app.passwordIs('auth0|ab', value('1')))
  })

  it('lets the user in with the token it has when the change is refused', async () => {
    const app = await userOn(shared('1'), { passwordChange: false })
    const login = await signInWith(app, [derived('2'), shared('1')])
    assert.deepEqual(steps(login), [LOGIN, LOGIN, 'PUT'])
    assert.equal(login.code, 'not_moved')
    assert.match(login.lines[0] ?? '', /outcome=token .* backendless=3024$/)
    assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
  })

  for (const [title, after, code] of [
    ['was made', true, 'moved'],
    ['was not made', false, 'not_moved'],
  ] as const) {
    it(`lets the user in, and changes nothing twice, when a change without an answer ${title}`, async () => {
      const app = await userOn(shared('1'))
      app.faults.add({ route: 'PUT /users/*', fault: { kind: 'reset', after } })
      const login = await signInWith(app, [derived('2'), shared('1')])
      assert.deepEqual(steps(login), [LOGIN, LOGIN, 'PUT', LOGIN])
      assert.equal(login.code, code)
      assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
    })
  }

  for (const [mode, settings] of [
    ['a further login ends the older session', { multipleLogins: false, logoutLastUser: false }],
    ['a further login is refused (3002)', { multipleLogins: false, logoutLastUser: true }],
    ['only so many sessions are allowed (3044)', { multipleLogins: true, maxConcurrentLogins: 1 }],
    ['a password change ends the sessions', { multipleLogins: true, passwordChangeKillsTokens: true }],
  ] as const) {
    it(`ends with a live token where ${mode}`, async () => {
      const app = await userOn(shared('1'), settings)
      const login = await signInWith(app, [derived('2'), shared('1')])
      assert.equal(login.code, 'moved')
      assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
      assert.ok(app.passwordIs(ADA, storedPassword(app, derived('2'))))
    })
  }

  it('sets the password of the new identity when that was changed during the move', async () => {
    const app = await userOn(derived('1'))
    const user = app.user(ADA)
    const own = await new Attacker(app).logIn(ADA, storedPassword(app, derived('1')))
    app.faults.add({ route: 'PUT /users/*', nth: 1, fault: { kind: 'delay', ms: 300 } })
    const login = signInWith(app, [derived('2'), derived('1')])
    while (!app.requests.some(({ method }) => method === 'PUT')) await setTimeout(5)
    const { body } = own
    await new Attacker(app).update(user?.objectId, body['user-token'], { email: 'new@example.com' })

    const { claim, code } = await login
    assert.equal(code, 'moved')
    assert.equal(app.ownerOf(String(claim))?.email, 'new@example.com')
    assert.ok(app.passwordIs('new@example.com', storedPassword(app, derived('2'), 'new@example.com')))
    assert.equal(app.requests.filter((request) => request.code === 3003).length, 1)
  })

  it('keeps the first token when the login after the change stays silent', async () => {
    const app = await userOn(shared('1'))
    app.faults.add({ route: LOGIN, nth: 3, fault: { kind: 'reset' } })
    const login = await signInWith(app, [derived('2'), shared('1')])
    assert.equal(login.code, 'moved')
    assert.equal(app.ownerOf(String(login.claim))?.email, ADA)
  })

  it('ends at once when the account is locked', async () => {
    const app = await userOn(shared('1'), { failedLoginsLock: 1 })
    const login = await signInWith(app, [derived('3'), derived('2'), shared('1')])
    assert.deepEqual([login.code, steps(login)], ['account_locked', [LOGIN, LOGIN]])
  })

  it('causes k failed logins where the k-th older one fits', async () => {
    const app = await userOn(derived('1'), { failedLoginsLock: 3 })
    const login = await signInWith(app, [derived('3'), derived('2'), derived('1')])
    assert.equal(login.code, 'moved')
    assert.equal(app.requests.filter(({ code }) => code === 3003).length, 2)
  })

  it('reports why the user is not registered, after one more login', async () => {
    const app = await backendless({ registration: 'closed' })
    const login = await signInWith(app, [derived('2'), shared('1')])
    assert.deepEqual(steps(login), [LOGIN, LOGIN, REGISTER, LOGIN])
    assert.equal(login.code, 'misconfigured')
  })
})
