import assert from 'node:assert/strict'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { derived, steps, storedPassword, using } from './older-passwords.ts'
import { OWNER_COLUMN, Person, today } from './person.ts'
import { ADA, backendless, closeAll, LOGIN, LOGOUT, passwordOf, REGISTER, signIn } from './sign-in.ts'

const ROTATING = using([derived('2'), derived('1')])

/** Adds a row as the program registers it, with this owner; without the column if it is absent. */
function rowOf(app: LocalBackendless, owner?: unknown) {
  const column = owner === undefined ? {} : { [OWNER_COLUMN]: owner }
  return app.addUser({ email: ADA, password: passwordOf(app, ADA), ...column })
}

describe('the owner of a row', () => {
  afterEach(closeAll)

  it('is the user who registers it', async () => {
    const app = await backendless()
    const ada = new Person({ app, email: ADA })
    const login = await ada.signUp()
    assert.deepEqual(login.requests, [REGISTER, LOGIN])
    assert.equal(ada.rowOf(login)?.[OWNER_COLUMN], 'auth0|ada')
    assert.deepEqual(ada.memory, { identity: ADA })
  })

  it('is nobody after a registration with an address that does not count', async () => {
    const app = await backendless()
    const ada = new Person({ app, email: ADA, settings: { unverified: 'accept' } })
    ada.verified = false
    const login = await ada.signUp()
    assert.deepEqual([login.code, login.metadata], ['ok', []])
    assert.ok(!ada.rowOf(login)?.[OWNER_COLUMN])
    // The address has been verified since, so the row becomes theirs.
    ada.verified = true
    await ada.signIn()
    assert.equal(app.user(ADA)?.[OWNER_COLUMN], 'auth0|ada')
  })

  for (const [what, owner] of [
    ['is absent', undefined],
    ['is null', null],
    ['is empty', ''],
  ] as const) {
    it(`becomes the user where it ${what}, once and in a request of its own`, async () => {
      const app = await backendless()
      const { objectId } = rowOf(app, owner)
      const ada = new Person({ app, email: ADA })
      const login = await ada.signIn()
      assert.deepEqual(login.requests, [LOGIN, `PUT /users/${objectId}`])
      assert.ok(app.passwordIs(ADA, passwordOf(app, ADA)))
      assert.equal(ada.rowOf(login)?.[OWNER_COLUMN], 'auth0|ada')
      assert.deepEqual((await ada.signIn()).requests, [LOGIN])
      assert.equal(ada.writes, 1)
    })
  }

  for (const owner of [
    'auth0|eve',
    'AUTH0|ADA',
    ' ',
    7,
    0,
    true,
    false,
    ['auth0|ada'],
    { id: 'auth0|ada' },
  ]) {
    it(`is another user where it is ${JSON.stringify(owner)}: the row is neither used nor changed`, async () => {
      const app = await backendless()
      const row = rowOf(app, owner)
      const ada = new Person({ app, email: ADA, settings: { syncProfile: true, profile: { name: 'name' } } })
      for (const login of [await ada.signIn(), await ada.signUp()]) {
        assert.deepEqual([login.code, login.claim], ['owner_mismatch', undefined])
        assert.match(login.denied ?? '', /^owner_mismatch: Your e-mail address belongs to another account/)
        assert.deepEqual(login.requests.at(-1), 'GET /users/logout')
        assert.ok(!login.requests.some((request) => request.startsWith('PUT')))
      }
      assert.deepEqual(app.sessionsOf(ADA), [])
      assert.deepEqual({ ...app.user(ADA), lastLogin: null }, { ...row, lastLogin: null })
      assert.deepEqual(ada.memory, { problem: 'owner_mismatch', since: today() })
    })
  }

  it('may be any of the accounts that are linked to the user', async () => {
    const app = await backendless()
    rowOf(app, 'google-oauth2|117')
    const ada = new Person({ app, email: ADA })
    assert.equal((await ada.signIn()).code, 'owner_mismatch')
    ada.linked = ['samlp|partner|7', 'google-oauth2|117']
    const login = await ada.signIn()
    assert.deepEqual([login.code, login.requests], ['ok', [LOGIN]])
    assert.equal(app.user(ADA)?.[OWNER_COLUMN], 'google-oauth2|117')
  })

  it('is compared before a password is changed', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: storedPassword(app, derived('1')), [OWNER_COLUMN]: 'auth0|eve' })
    const ada = new Person({ app, email: ADA, ...ROTATING })
    const login = await ada.signIn()
    assert.deepEqual([login.code, login.claim], ['owner_mismatch', undefined])
    assert.ok(app.passwordIs(ADA, storedPassword(app, derived('1'))))
  })

  it('is written by the sign-in after the one that moves the user', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: storedPassword(app, derived('1')) })
    const ada = new Person({ app, email: ADA, ...ROTATING })
    const moved = await ada.signIn()
    assert.equal(moved.code, 'moved')
    assert.ok(!app.user(ADA)?.[OWNER_COLUMN])
    const next = await ada.signIn()
    assert.deepEqual([next.code, app.user(ADA)?.[OWNER_COLUMN]], ['ok', 'auth0|ada'])
  })

  it('is not written by an address that does not count', async () => {
    const app = await backendless()
    rowOf(app)
    const ada = new Person({ app, email: ADA, settings: { unverified: 'accept' } })
    ada.verified = false
    const login = await ada.signIn()
    assert.deepEqual([login.code, login.requests, login.metadata], ['ok', [LOGIN], []])
  })

  for (const [what, fault] of [
    ['is refused', { kind: 'code', code: 1012 }],
    ['is answered with a row that has none', { kind: 'answer', status: 200, body: { email: ADA } }],
    ['is answered with something that is no row', { kind: 'answer', status: 200, body: [ADA] }],
  ] as const) {
    it(`that ${what} costs no token, and is not written again on that day`, async () => {
      const app = await backendless()
      rowOf(app)
      app.faults.add({ route: 'PUT *', nth: 1, fault })
      const ada = new Person({ app, email: ADA })
      const first = await ada.signIn()
      assert.deepEqual([first.code, steps(first), ada.rowOf(first)?.email], ['ok', [LOGIN, 'PUT'], ADA])
      assert.deepEqual(ada.memory, { identity: ADA, unclaimed: today() })
      assert.deepEqual((await ada.signIn()).requests, [LOGIN])
      assert.equal(ada.writes, 1)
      ada.memory = { identity: ADA, unclaimed: '2026-01-31' }
      assert.deepEqual(steps(await ada.signIn()), [LOGIN, 'PUT'])
      assert.equal(app.user(ADA)?.[OWNER_COLUMN], 'auth0|ada')
      assert.deepEqual(ada.memory, { identity: ADA })
    })
  }

  it('is written on a day on which the claim of the row of an earlier address was refused', async () => {
    const app = await backendless()
    rowOf(app)
    app.addUser({ email: 'old@example.com', password: passwordOf(app, 'old@example.com') })
    const ada = new Person({ app, email: ADA })
    ada.memory = { identity: 'old@example.com', unclaimed: today() }
    const login = await ada.signIn()
    assert.deepEqual([login.code, steps(login)], ['ok', [LOGIN, LOGOUT, LOGIN, 'PUT']])
    assert.equal(app.user(ADA)?.[OWNER_COLUMN], 'auth0|ada')
    assert.deepEqual(ada.memory, { identity: ADA })
  })

  it('is written again if there was no answer', async () => {
    const app = await backendless()
    rowOf(app)
    app.faults.add({ route: 'PUT *', nth: 1, fault: { kind: 'reset' } })
    const ada = new Person({ app, email: ADA })
    const first = await ada.signIn()
    assert.deepEqual([first.code, ada.memory], ['ok', { identity: ADA }])
    await ada.signIn()
    assert.equal(app.user(ADA)?.[OWNER_COLUMN], 'auth0|ada')
  })

  it('is written at each sign-in where nothing may be remembered', async () => {
    const app = await backendless()
    const { objectId } = rowOf(app)
    app.faults.add({ route: 'PUT *', fault: { kind: 'code', code: 1012 } })
    const ada = new Person({ app, email: ADA, settings: { memory: false } })
    for (let n = 0; n < 2; n += 1) {
      const login = await ada.signIn()
      assert.deepEqual(login.requests, [LOGIN, `PUT /users/${objectId}`])
    }
    assert.equal(ada.writes, 0)
  })

  it('is not written without the setting, and nothing is remembered', async () => {
    const app = await backendless()
    rowOf(app, 'auth0|eve')
    const login = await signIn({ app })
    assert.deepEqual([login.code, login.requests, login.metadata], ['ok', [LOGIN], []])
  })

  it('is not written by a user who has no id', async () => {
    const app = await backendless()
    rowOf(app)
    const ada = new Person({ app, email: ADA })
    const login = await ada.signIn({ event: { user: { user_id: undefined } } })
    assert.deepEqual([login.code, login.requests], ['ok', [LOGIN]])
  })
})
