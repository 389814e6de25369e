// What the Action keeps about a user in `app_metadata`, and when it writes there.
import assert from 'node:assert/strict'
import type { EventOverrides } from '@backendless-login/local-auth0'
import type { Settings } from '../../actions/backendless-login/settings.ts'
import { runsOf } from '../runs.ts'
import { derived, storedPassword, using } from './older-passwords.ts'
import { OWNER_COLUMN, Person, today } from './person.ts'
import { ADA, backendless, closeAll, firstSignIn, LOGIN, REFRESH, REGISTER, signIn } from './sign-in.ts'

/** In `npm run test:long` as many as the project promises. */
const SIGN_INS = runsOf({ few: 300, all: 10_000 })

describe('the memory of a user', function () {
  this.timeout(120_000)
  afterEach(closeAll)

  it('has a key with the application’s id in lower case and _ for -', async () => {
    const app = await backendless({ appId: '0A1B2C3D-AAAA-4BBB-8CCC-0123456789AB' })
    const ada = new Person({ app, email: ADA })
    await ada.signUp()
    assert.deepEqual(ada.metadata, {
      backendless_0a1b2c3d_aaaa_4bbb_8ccc_0123456789ab: { identity: ADA },
    })
  })

  it(`is written once in ${SIGN_INS} sign-ins, each of which is one request`, async () => {
    const app = await backendless({ multipleLogins: false })
    const ada = new Person({ app, email: ADA })
    await ada.signUp()
    app.requests.length = 0
    for (let n = 0; n < SIGN_INS; n += 1) await ada.signIn()
    assert.deepEqual([ada.writes, app.requests.length], [1, SIGN_INS])
  })

  for (const [what, settings] of [
    ['without an owner column', { ownerColumn: '' }],
    ['with memory off', { memory: false }],
    ['with the user id as identity', { identity: 'user_id', identityColumn: 'auth0Id', ownerColumn: '' }],
  ] satisfies [string, Partial<Settings>][]) {
    it(`is not written ${what}`, async () => {
      const app = await backendless({ identityColumn: settings.identityColumn ?? 'email' })
      const ada = new Person({ app, email: ADA, settings })
      await ada.signUp()
      for (let n = 0; n < 20; n += 1) await ada.signIn()
      assert.equal(ada.writes, 0)
    })
  }

  it('is neither read nor written with memory off, whatever its content', async () => {
    const app = await backendless()
    const ada = new Person({ app, email: ADA, settings: { memory: false } })
    ada.memory = { identity: 'older@example.com', problem: 'not_moved', since: '2026-01-01' }
    assert.deepEqual((await ada.signUp()).requests, [REGISTER, LOGIN])
    ada.verified = false
    assert.equal((await ada.signIn()).code, 'email_unverified')
    assert.equal(ada.writes, 0)
  })

  it('decides who is brand-new, not the count of sign-ins', async () => {
    const app = await backendless()
    const ada = new Person({ app, email: ADA })
    // The first sign-in was denied as unverified, but Auth0 counts it too.
    ada.verified = false
    await ada.signUp()
    ada.verified = true
    const second = { ...firstSignIn(), stats: { logins_count: 2 } }
    assert.deepEqual((await ada.signIn({ event: second })).requests, [REGISTER, LOGIN])
    assert.deepEqual((await ada.signIn({ event: firstSignIn() })).requests, [LOGIN])
  })

  it('does not decide who is brand-new where none is kept: the count does', async () => {
    const app = await backendless()
    const second = { ...firstSignIn({ email: ADA }), stats: { logins_count: 2 } }
    for (const settings of [{}, { ownerColumn: OWNER_COLUMN, memory: false }]) {
      const login = await signIn({ app, settings, event: second })
      assert.equal(login.requests[0], LOGIN)
    }
  })

  it('tolerates a value in app_metadata that is not an object, and an error of Auth0', async () => {
    const app = await backendless()
    const settings = { ownerColumn: OWNER_COLUMN }
    for (const app_metadata of [undefined, null, 'text', 7, [], [[]]]) {
      const event: EventOverrides = { user: Object({ app_metadata }) }
      assert.equal((await signIn({ app, settings, event })).code, 'ok')
    }
  })

  describe('keeps why a user has no token', () => {
    for (const [code, fault] of [
      ['account_disabled', 3090],
      ['account_unconfirmed', 3087],
    ] as const) {
      it(`${code}, until the next token`, async () => {
        const app = await backendless()
        const ada = new Person({ app, email: ADA })
        await ada.signUp()
        app.faults.add({ route: '*', fault: { kind: 'code', code: fault } })
        for (let n = 0; n < 2; n += 1) assert.equal((await ada.signIn()).code, code)
        assert.deepEqual(ada.memory, { identity: ADA, problem: code, since: today() })
        assert.equal(ada.writes, 2)
        app.faults.clear()
        await ada.signIn()
        assert.deepEqual(ada.memory, { identity: ADA })
      })
    }

    it('since the day on which it began', async () => {
      const app = await backendless()
      const ada = new Person({ app, email: ADA, settings: { ownerColumn: '' } })
      ada.verified = false
      ada.memory = { problem: 'email_unverified', since: '2026-01-31' }
      await ada.signIn()
      assert.equal(ada.writes, 0)
      ada.memory = { problem: 'email_missing', since: '2026-01-31' }
      await ada.signIn()
      assert.deepEqual(ada.memory, { problem: 'email_unverified', since: today() })
    })

    it('also without an owner column, and sets the place to null once there is a token', async () => {
      const app = await backendless()
      app.addUser({ email: ADA, password: 'somebody else knows this' })
      const ada = new Person({ app, email: ADA, settings: { ownerColumn: '' } })
      await ada.signIn()
      assert.deepEqual(ada.memory, { problem: 'password_mismatch', since: today() })
      const bob = new Person({ app, email: 'bob@example.com', settings: { ownerColumn: '' } })
      bob.memory = { problem: 'password_mismatch', since: today() }
      await bob.signIn()
      assert.equal(bob.memory, null)
      assert.deepEqual((await bob.signIn()).metadata, [])
    })

    it('leaves what an owner column remembered alone while there is none', async () => {
      const app = await backendless()
      const ada = new Person({ app, email: ADA })
      await ada.signUp()
      ada.verified = false
      await ada.signIn({ settings: { ownerColumn: '' } })
      assert.deepEqual(ada.memory, { identity: ADA, problem: 'email_unverified', since: today() })
    })

    it('email_missing, email_untrusted and identity_mismatch, at a refresh and with skip as well', async () => {
      const app = await backendless({ compare: 'loose' })
      app.addUser({ email: 'ádá@example.com', password: 'one for everybody' })
      const shared = {
        settings: { passwords: [{ id: '1', perUser: false }] },
        secrets: { PASSWORD_1: 'one for everybody' },
      }
      for (const [code, event] of [
        ['email_missing', { user: { email: undefined } }],
        ['email_untrusted', { connection: { strategy: 'samlp', name: 'partner' } }],
        ['identity_mismatch', {}],
      ] satisfies [string, EventOverrides][]) {
        for (const [flow, settings] of [
          [{}, {}],
          [REFRESH, {}],
          [{}, { unverified: 'skip', onFailure: 'skip' }],
        ] satisfies [EventOverrides, Partial<Settings>][]) {
          const ada = new Person({ app, email: ADA, ...shared })
          const login = await ada.signIn({ event: { ...flow, ...event }, settings })
          assert.equal(login.code, code)
          assert.deepEqual(ada.memory, { problem: code, since: today() })
        }
      }
    })

    it('not_moved where Backendless refused the change, and not where it did not answer', async () => {
      const app = await backendless()
      app.addUser({ email: ADA, password: storedPassword(app, derived('1')), [OWNER_COLUMN]: 'auth0|ada' })
      const ada = new Person({ app, email: ADA, ...using([derived('2'), derived('1')]) })
      app.faults.add({ route: 'PUT *', nth: 1, fault: { kind: 'reset' } })
      assert.equal((await ada.signIn()).code, 'not_moved')
      assert.deepEqual(ada.memory, { identity: ADA })
      app.settings.passwordChange = false
      assert.equal((await ada.signIn()).code, 'not_moved')
      assert.deepEqual(ada.memory, { identity: ADA, problem: 'not_moved', since: today() })
      app.settings.passwordChange = true
      assert.equal((await ada.signIn()).code, 'moved')
      assert.deepEqual(ada.memory, { identity: ADA })
    })

    for (const [what, fault, code] of [
      ['an outage', { kind: 'reset' }, 'unavailable'],
      ['a lock', { kind: 'code', code: 3036 }, 'account_locked'],
      ['a session limit', { kind: 'code', code: 3044 }, 'session_limit'],
      ['a rate limit', { kind: 'code', code: 999 }, 'busy'],
      ['a wrong key', { kind: 'code', code: 2002 }, 'misconfigured'],
    ] as const) {
      it(`but not ${what}`, async () => {
        const app = await backendless()
        app.faults.add({ route: '*', fault })
        const ada = new Person({ app, email: ADA })
        const login = await ada.signIn()
        assert.deepEqual([login.code, login.metadata], [code, []])
      })
    }

    it('but not of a sign-in that is none of its own', async () => {
      const app = await backendless()
      for (const event of [{ transaction: { protocol: 'samlp' } }, { session: { actor: {} } }]) {
        const ada = new Person({ app, email: ADA })
        ada.verified = false
        assert.deepEqual((await ada.signIn({ event })).metadata, [])
      }
    })
  })
})
