import assert from 'node:assert/strict'
import type { BackendlessOptions, Fault, LocalBackendless } from '@backendless-login/local-backendless'
import { derived, steps, storedPassword, using } from './older-passwords.ts'
import { OWNER_COLUMN, Person, type PersonOptions, today } from './person.ts'
import { backendless, closeAll, LOGIN, passwordOf, REFRESH, REGISTER, SILENT } from './sign-in.ts'

const OLD = 'old@example.com'
const NEW = 'new@example.com'
const ADA = 'auth0|ada'
const YESTERDAY = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString().slice(0, 10)

/** Creates Ada, who has a row with her old address. Her address in Auth0 has changed since. */
async function changed(options: Partial<PersonOptions> & { service?: BackendlessOptions } = {}) {
  const { service, ...rest } = options
  const app = await backendless(service)
  const ada = new Person({ app, email: OLD, userId: ADA, ...rest })
  const row = ada.rowOf(await ada.signUp())
  assert.ok(row)
  ada.email = NEW
  return { app, ada, objectId: row.objectId }
}

/** Adds a row as the program registers it for a user. */
function rowOf(app: LocalBackendless, email: string, owner?: string) {
  const column = owner === undefined ? {} : { [OWNER_COLUMN]: owner }
  return app.addUser({ email, password: passwordOf(app, email), ...column })
}

describe('a user whose address has changed', () => {
  afterEach(closeAll)

  it('keeps their row: three requests once, then one', async () => {
    const { app, ada, objectId } = await changed()
    const login = await ada.signIn()
    assert.deepEqual(
      [login.code, login.requests, ada.rowOf(login)?.objectId],
      ['renamed', [LOGIN, `PUT /users/${objectId}`, LOGIN], objectId],
    )
    assert.match(login.lines[0] ?? '', /outcome=token code=renamed .* path=renamed requests=3 /)
    assert.deepEqual([app.user(OLD), app.user(NEW)?.objectId], [undefined, objectId])
    assert.ok(app.passwordIs(NEW, passwordOf(app, NEW)))
    assert.deepEqual(ada.memory, { identity: NEW })

    const next = await ada.signIn()
    assert.deepEqual([next.code, next.requests, next.metadata], ['ok', [LOGIN], []])
  })

  for (const compare of ['exact', 'loose'] as const) {
    it(`to one that a ${compare} database takes for the same keeps their row`, async () => {
      const { ada, objectId } = await changed({ service: { compare } })
      ada.email = 'öld@example.com'
      const login = await ada.signIn()
      assert.deepEqual([login.code, ada.rowOf(login)?.objectId], ['renamed', objectId])
      assert.equal(ada.rowOf(await ada.signIn())?.email, 'öld@example.com')
    })
  }

  it('in case or composition alone costs one request and no write', async () => {
    const { ada } = await changed()
    ada.email = 'OLD@Example.com'
    const login = await ada.signIn()
    assert.deepEqual([login.code, login.requests, login.metadata], ['ok', [LOGIN], []])
  })

  for (const [flow, event] of [
    ['a refresh', REFRESH],
    ['a silent sign-in', SILENT],
  ] as const) {
    it(`keeps their row at ${flow}`, async () => {
      const { ada, objectId } = await changed()
      const login = await ada.signIn({ event })
      assert.deepEqual([login.code, ada.rowOf(login)?.objectId], ['renamed', objectId])
    })
  }

  it('is moved to the current password in the same sign-in', async () => {
    const { app, ada, objectId } = await changed(using([derived('1')]))
    const login = await ada.signIn(using([derived('2'), derived('1')]))
    assert.deepEqual([login.code, steps(login)], ['renamed', [LOGIN, LOGIN, 'PUT', LOGIN]])
    assert.equal(ada.rowOf(login)?.objectId, objectId)
    assert.ok(app.passwordIs(NEW, storedPassword(app, derived('2'), NEW)))
  })

  it('gets a second row if nothing may be remembered, or without an owner column', async () => {
    for (const settings of [{ memory: false }, { ownerColumn: '' }]) {
      const { ada, objectId } = await changed({ settings })
      const login = await ada.signIn()
      assert.deepEqual([login.code, login.requests], ['ok', [LOGIN, REGISTER, LOGIN]])
      assert.notEqual(ada.rowOf(login)?.objectId, objectId)
      assert.deepEqual(ada.metadata, {})
    }
  })

  it('to an address that has a row already keeps their own row, and is changed again on another day', async () => {
    const { app, ada, objectId } = await changed()
    const taken = rowOf(app, NEW, 'auth0|eve')
    const login = await ada.signIn()
    assert.deepEqual([login.code, steps(login)], ['not_renamed', [LOGIN, 'PUT']])
    assert.equal(ada.rowOf(login)?.objectId, objectId)
    const day = today()
    const remembered = { identity: OLD, refused: NEW, at: day, problem: 'not_renamed', since: day }
    assert.deepEqual(ada.memory, remembered)

    const again = await ada.signIn()
    assert.deepEqual([again.code, again.requests, again.metadata], ['not_renamed', [LOGIN], []])
    assert.equal(ada.rowOf(again)?.objectId, objectId)

    ada.memory = { ...remembered, at: YESTERDAY, since: YESTERDAY }
    assert.deepEqual(steps(await ada.signIn()), [LOGIN, 'PUT'])
    assert.deepEqual(ada.memory, { ...remembered, since: YESTERDAY })
    assert.deepEqual(app.user(NEW), taken)
  })

  it('is refused only for the address that was refused before', async () => {
    const { app, ada, objectId } = await changed()
    rowOf(app, NEW, 'auth0|eve')
    await ada.signIn()
    ada.email = 'newer@example.com'
    const login = await ada.signIn()
    assert.deepEqual([login.code, ada.rowOf(login)?.objectId], ['renamed', objectId])
    assert.deepEqual(ada.memory, { identity: 'newer@example.com' })
  })

  it('back to the previous one is an ordinary sign-in', async () => {
    const { app, ada } = await changed()
    rowOf(app, NEW, 'auth0|eve')
    await ada.signIn()
    ada.email = OLD
    const login = await ada.signIn()
    assert.deepEqual([login.code, login.requests], ['ok', [LOGIN]])
    assert.deepEqual(ada.memory, { identity: OLD })
  })

  it('is moved on the day of the refusal, and the address is tried again on the next', async () => {
    const { app, ada } = await changed(using([derived('1')]))
    app.addUser({ email: NEW, password: 'somebody else knows this' })
    await ada.signIn(using([derived('1')]))
    const moved = await ada.signIn(using([derived('2'), derived('1')]))
    assert.deepEqual([moved.code, ada.rowOf(moved)?.email], ['moved', OLD])
    assert.deepEqual(ada.memory, { identity: OLD, refused: NEW, at: today() })
  })

  it('to one that does not count signs in with the previous one, and changes nothing', async () => {
    const { app, ada, objectId } = await changed({ settings: { unverified: 'accept' } })
    ada.verified = false
    const login = await ada.signIn()
    assert.deepEqual([login.code, login.requests, login.metadata], ['ok', [LOGIN], []])
    assert.equal(ada.rowOf(login)?.objectId, objectId)
    assert.equal(app.user(NEW), undefined)
    // The address has been verified since.
    ada.verified = true
    assert.equal((await ada.signIn()).code, 'renamed')
  })

  it('to one that does not count is refused without a request, and followed once it counts', async () => {
    const { ada, objectId } = await changed()
    ada.verified = false
    const login = await ada.signIn()
    assert.deepEqual([login.code, login.requests], ['email_unverified', []])
    assert.deepEqual(ada.memory, { identity: OLD, problem: 'email_unverified', since: today() })
    ada.verified = true
    assert.equal(ada.rowOf(await ada.signIn())?.objectId, objectId)
    assert.deepEqual(ada.memory, { identity: NEW })
  })

  for (const [what, code, ends] of [
    ['is disabled', 3090, 'account_disabled'],
    ['is not confirmed', 3087, 'account_unconfirmed'],
    ['is locked', 3036, 'account_locked'],
    ['has too many sessions', 3044, 'session_limit'],
    ['is asked for too often', 999, 'busy'],
  ] as const) {
    it(`gets no second row while the row ${what}`, async () => {
      const { app, ada } = await changed()
      app.faults.add({ route: 'POST /users/login', nth: 1, fault: { kind: 'code', code } })
      const login = await ada.signIn()
      assert.deepEqual([login.code, login.claim, login.requests], [ends, undefined, [LOGIN]])
      assert.equal(app.user(NEW), undefined)
      app.faults.clear()
      assert.equal((await ada.signIn()).code, 'renamed')
    })
  }

  it('gets no second row while Backendless is down', async () => {
    const { app, ada } = await changed()
    app.faults.add({ route: '*', fault: { kind: 'answer', status: 500 } })
    const login = await ada.signIn()
    assert.deepEqual([login.code, login.requests], ['unavailable', [LOGIN]])
    app.faults.clear()
    assert.equal((await ada.signIn()).code, 'renamed')
  })

  for (const [what, fault, done] of [
    ['is lost before it is made', { kind: 'reset' }, false],
    ['is lost after it was made', { kind: 'reset', after: true }, true],
    ['is answered with 500', { kind: 'answer', status: 500 }, false],
    ['meets a session that has ended', { kind: 'code', code: 3064 }, false],
    ['is made, and answered with a session that has ended', { kind: 'code', code: 3064, after: true }, true],
    ['is answered without the row', { kind: 'rewrite', body: () => '{}' }, true],
  ] satisfies [string, Fault, boolean][]) {
    it(`whose change ${what} is settled by a login`, async () => {
      const { app, ada, objectId } = await changed()
      app.faults.add({ route: 'PUT *', nth: 1, fault })
      const login = await ada.signIn()
      assert.deepEqual([login.code, steps(login)], [done ? 'renamed' : 'not_renamed', [LOGIN, 'PUT', LOGIN]])
      assert.equal(ada.rowOf(login)?.objectId, objectId)
      assert.deepEqual(ada.memory, { identity: done ? NEW : OLD })
      const next = await ada.signIn()
      assert.deepEqual([next.code, ada.rowOf(next)?.email], [done ? 'ok' : 'renamed', NEW])
    })
  }

  it('whose login with the new address is not answered has the first token', async () => {
    const { app, ada, objectId } = await changed()
    app.faults.add({ route: 'POST /users/login', nth: 2, fault: { kind: 'reset' } })
    const login = await ada.signIn()
    assert.deepEqual([login.code, ada.rowOf(login)?.objectId], ['renamed', objectId])
    assert.deepEqual((await ada.signIn()).requests, [LOGIN])
  })

  for (const [what, change] of [
    ['nobody’s', { [OWNER_COLUMN]: null }],
    ['another user’s', { [OWNER_COLUMN]: 'auth0|eve' }],
    ['of another address', { email: 'eve@example.com' }],
  ] as const) {
    it(`whose login with the new address opens a row that is ${what} has the first token, and not that one`, async () => {
      const { app, ada } = await changed()
      app.faults.add({
        route: 'POST /users/login',
        nth: 2,
        fault: { kind: 'rewrite', body: (real) => JSON.stringify({ ...JSON.parse(`${real}`), ...change }) },
      })
      const login = await ada.signIn()
      assert.deepEqual([login.code, steps(login)], ['renamed', [LOGIN, 'PUT', LOGIN, 'GET /users/logout']])
      // Two sessions were opened. The second was ended, and the token belongs to the first.
      assert.deepEqual(app.sessionsOf(NEW).at(-1), login.claim)
    })
  }

  it('whose change and login are both lost has the first token, and follows next time', async () => {
    const { app, ada, objectId } = await changed()
    app.faults.add({ route: 'PUT *', nth: 1, fault: { kind: 'reset', after: true } })
    app.faults.add({ route: 'POST /users/login', nth: 2, fault: { kind: 'reset' } })
    const login = await ada.signIn()
    assert.deepEqual([login.code, ada.memory], ['not_renamed', { identity: OLD }])
    assert.equal(ada.rowOf(login)?.objectId, objectId)
    const next = await ada.signIn()
    assert.deepEqual([next.code, next.requests, ada.memory], ['ok', [LOGIN, LOGIN], { identity: NEW }])
  })

  it('is tried again at the next sign-in if Backendless was busy', async () => {
    const { app, ada } = await changed()
    app.faults.add({ route: 'PUT *', nth: 1, fault: { kind: 'code', code: 999 } })
    const login = await ada.signIn()
    assert.deepEqual([login.code, steps(login)], ['not_renamed', [LOGIN, 'PUT']])
    assert.deepEqual(ada.memory, { identity: OLD })
    assert.equal((await ada.signIn()).code, 'renamed')
  })

  it('has a password that opens the row if Backendless silently drops the new address', async () => {
    const { app, ada, objectId } = await changed(using([derived('1')]))
    const rotating = using([derived('2'), derived('1')])
    app.faults.add({ route: 'PUT *', nth: 1, fault: { kind: 'answer', status: 200, body: { email: OLD } } })
    const login = await ada.signIn(rotating)
    assert.deepEqual([login.code, steps(login)], ['not_renamed', [LOGIN, LOGIN, 'PUT', 'PUT']])
    assert.ok(app.passwordIs(OLD, storedPassword(app, derived('2'), OLD)))
    const next = await ada.signIn(rotating)
    assert.deepEqual(
      [next.code, next.requests, ada.rowOf(next)?.objectId],
      ['not_renamed', [LOGIN], objectId],
    )
  })

  it('keeps their row when they sign in at two places at once', async () => {
    for (const passwordChangeKillsTokens of [false, true]) {
      const { app, ada, objectId } = await changed({ service: { passwordChangeKillsTokens } })
      const logins = await Promise.all([ada.signIn(), ada.signIn(), ada.signIn()])
      for (const { code, claim } of logins) assert.ok(claim, code)
      const next = await ada.signIn()
      assert.deepEqual([next.code, ada.rowOf(next)?.objectId], ['ok', objectId])
      assert.equal(app.user(OLD), undefined)
    }
  })

  it('is not registered as new, however young the account is', async () => {
    const { ada, objectId } = await changed()
    const login = await ada.signUp()
    assert.deepEqual([login.code, ada.rowOf(login)?.objectId], ['renamed', objectId])
  })

  it('is registered as new if the account is young and the previous one opens no row', async () => {
    const app = await backendless()
    const ada = new Person({ app, email: NEW, userId: 'auth0|ada' })
    ada.memory = { identity: OLD }
    const login = await ada.signUp()
    assert.deepEqual([login.code, login.requests], ['ok', [LOGIN, REGISTER, LOGIN]])
    assert.equal(ada.rowOf(login)?.email, NEW)
    assert.deepEqual(ada.memory, { identity: NEW })
  })
})
