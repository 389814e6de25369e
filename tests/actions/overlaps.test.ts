// Concurrent sign-ins of one user while the user is moved: neither ends with a mismatch.
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { derived, shared, signInWith, storedPassword, userOn } from './older-passwords.ts'
import { ADA, closeAll, firstSignIn, LOGIN } from './sign-in.ts'

describe('overlapping sign-ins', () => {
  afterEach(closeAll)

  it('reports no mismatch for a brand-new Auth0 user whom another sign-in moves between two of its requests', async () => {
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

  for (const [mode, settings] of [
    ['many sessions', {}],
    ['a password change that ends sessions', { passwordChangeKillsTokens: true }],
  ] as const) {
    it(`reports no mismatch for two sign-ins at once, with ${mode}`, async () => {
      for (let round = 0; round < 10; round += 1) {
        const app = await userOn(shared('1'), settings)
        app.faults.add({ route: 'PUT /users/*', nth: 1, fault: { kind: 'delay', ms: round * 4 } })
        const passwords = [derived('2'), shared('1')]
        const logins = await Promise.all([signInWith(app, passwords), signInWith(app, passwords)])
        for (const { claim, denied } of logins) {
          assert.equal(denied, undefined)
          assert.equal(app.ownerOf(String(claim))?.email, ADA)
        }
        assert.ok(app.passwordIs(ADA, storedPassword(app, derived('2'))))
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
        // A dead token was ended by a later login, which has the session.
        assert.equal(alive.length, live)
        if (!endsOlder) assert.equal(alive.length, tokens.length)
        await app.close()
      }
    })
  }
})
