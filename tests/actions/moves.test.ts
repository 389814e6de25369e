// A user on an older password: found, moved to the current one, and let in whatever becomes of the move.
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { type Password, userPassword } from '../../actions/backendless-login/password.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import type { PasswordSetting } from '../../actions/backendless-login/settings.ts'
import type { EventOverrides } from '../../local/auth0/event.ts'
import type { LocalBackendless } from '../../local/backendless/index.ts'
import { backendless, closeAll, firstSignIn, type SignInRecord, signIn } from './sign-in.ts'

const ADA = 'ada@example.com'
const LOGIN = 'POST /users/login'
const REGISTER = 'POST /users/register'

const derived = (id: string): PasswordSetting => ({ id, perUser: true })
const shared = (id: string): PasswordSetting => ({ id, perUser: false })
const value = (id: string) => `made-up-value-of-password-${id}`

/** What Backendless holds for a user on this password. */
function held(app: LocalBackendless, { id, perUser }: PasswordSetting, identity = ADA): string {
  const password: Password = { id, perUser, value: new Secret(value(id)) }
  return userPassword(password, new Secret(app.appId), new Secret(identity)).reveal()
}

function signInWith(
  app: LocalBackendless,
  passwords: readonly PasswordSetting[],
  event: EventOverrides = {},
): Promise<SignInRecord> {
  const secrets = Object.fromEntries(passwords.map(({ id }) => [`PASSWORD_${id}`, value(id)]))
  return signIn({ app, settings: { passwords }, event, secrets })
}

async function userOn(password: PasswordSetting, options = {}): Promise<LocalBackendless> {
  const app = await backendless(options)
  app.addUser({ email: ADA, password: held(app, password) })
  return app
}

/** The requests, with the change as `PUT`. */
function steps({ requests }: SignInRecord): string[] {
  return requests.map((request) => (request.startsWith('PUT /users/') ? 'PUT' : request))
}

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
      assert.ok(app.passwordIs(ADA, held(app, current)))
      assert.deepEqual(steps(await signInWith(app, [current, older])), [LOGIN])
    })
  }

  it('tries the older ones in order, each once', async () => {
    const app = await userOn(derived('1'))
    const login = await signInWith(app, [derived('3'), shared('2'), derived('1')])
    assert.deepEqual(steps(login), [LOGIN, LOGIN, LOGIN, 'PUT', LOGIN])
    assert.ok(app.passwordIs(ADA, held(app, derived('3'))))
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
    assert.ok(app.passwordIs(ADA, held(app, derived('3'))))
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
      ['identity_mismatch', undefined, [LOGIN, LOGIN]],
    )
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
      assert.ok(app.passwordIs(ADA, held(app, derived('2'))))
    })
  }

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

  it('calls a brand-new Auth0 user no mismatch whom another sign-in moves between two of its requests', async () => {
    const app = await userOn(shared('1'))
    const passwords = [derived('2'), shared('1')]
    // The first sign-in's second login waits until the second sign-in has moved the user.
    app.faults.add({ route: LOGIN, nth: 2, fault: { kind: 'delay', ms: 300 } })
    const first = signInWith(app, passwords, firstSignIn())
    while (app.requests.length < 2) await setTimeout(5)
    const second = await signInWith(app, passwords)
    assert.equal(second.code, 'moved')
    const { claim, code } = await first
    assert.equal(code, 'ok')
    assert.equal(app.ownerOf(String(claim))?.email, ADA)
    assert.equal(app.requests.filter(({ code: answered }) => answered === 3003).length, 3)
  })

  it('lets in whom another sign-in moves between two requests, where registration is closed', async () => {
    const app = await userOn(shared('1'), { registration: 'closed' })
    const passwords = [derived('2'), shared('1')]
    app.faults.add({ route: LOGIN, nth: 2, fault: { kind: 'delay', ms: 300 } })
    const first = signInWith(app, passwords)
    while (app.requests.length < 2) await setTimeout(5)
    assert.equal((await signInWith(app, passwords)).code, 'moved')
    const { claim, code } = await first
    assert.equal(code, 'ok')
    assert.equal(app.ownerOf(String(claim))?.email, ADA)
  })

  it('reports why nobody is registered, after one login more', async () => {
    const app = await backendless({ registration: 'closed' })
    const login = await signInWith(app, [derived('2'), shared('1')])
    assert.deepEqual(steps(login), [LOGIN, LOGIN, REGISTER, LOGIN])
    assert.equal(login.code, 'misconfigured')
  })

  for (const [mode, settings] of [
    ['many sessions', {}],
    ['a password change that ends sessions', { passwordChangeKillsTokens: true }],
  ] as const) {
    it(`calls neither of two sign-ins at once a mismatch, with ${mode}`, async () => {
      for (let round = 0; round < 10; round += 1) {
        const app = await userOn(shared('1'), settings)
        app.faults.add({ route: 'PUT /users/*', nth: 1, fault: { kind: 'delay', ms: round * 4 } })
        const passwords = [derived('2'), shared('1')]
        const logins = await Promise.all([signInWith(app, passwords), signInWith(app, passwords)])
        for (const { claim, denied } of logins) {
          assert.equal(denied, undefined)
          assert.equal(app.ownerOf(String(claim))?.email, ADA)
        }
        assert.ok(app.passwordIs(ADA, held(app, derived('2'))))
        await app.close()
      }
    })
  }

  for (const [mode, settings, { live, endsOlder }] of [
    [
      'a further login ends the older session',
      { multipleLogins: false, logoutLastUser: false },
      { live: 1, endsOlder: true },
    ],
    [
      'a further login is refused (3002)',
      { multipleLogins: false, logoutLastUser: true },
      { live: 1, endsOlder: false },
    ],
    ['only so many sessions are allowed (3044)', { maxConcurrentLogins: 1 }, { live: 1, endsOlder: false }],
    ['many sessions are allowed', {}, { live: 3, endsOlder: false }],
  ] as const) {
    it(`lets concurrent sign-ins in, or ends them as the session mode does, where ${mode}`, async () => {
      for (let round = 0; round < 8; round += 1) {
        const app = await userOn(shared('1'), settings)
        app.faults.add({ route: 'PUT /users/*', nth: 1, fault: { kind: 'delay', ms: round * 4 } })
        const passwords = [derived('2'), shared('1')]
        const logins = await Promise.all([1, 2, 3].map(() => signInWith(app, passwords)))
        const tokens = logins.flatMap(({ claim, code }) => {
          if (claim === undefined) assert.equal(code, 'session_limit')
          return claim === undefined ? [] : [String(claim)]
        })
        const open = app.sessionsOf(ADA)
        const alive = tokens.filter((token) => open.includes(token))
        // A token that is dead was ended by a later login, which has the session.
        assert.equal(alive.length, live)
        if (!endsOlder) assert.equal(alive.length, tokens.length)
        await app.close()
      }
    })
  }
})
