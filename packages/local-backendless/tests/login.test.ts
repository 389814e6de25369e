import assert from 'node:assert/strict'
import { ada, bob, field, service, stopServices } from './service.ts'

const asAda = { body: { login: ada.email, password: ada.password } }
const wrong = { body: { login: ada.email, password: 'wrong' } }

describe('local backendless: POST /users/login', () => {
  afterEach(stopServices)

  it('answers the row and a token, and no password', async () => {
    const app = await service()
    const { objectId } = app.addUser({ ...ada, name: 'Ada' })
    const { status, body } = await app.call('POST', '/users/login', asAda)
    assert.equal(status, 200)
    assert.equal(field(body, 'objectId'), objectId)
    assert.equal(field(body, 'name'), 'Ada')
    assert.equal(field(body, 'password'), undefined)
    assert.match(String(field(body, 'user-token')), /^[0-9A-F-]{36}$/)
    assert.equal(app.ownerOf(String(field(body, 'user-token')))?.objectId, objectId)
  })

  it('gives an unknown login and a wrong password the same 401, 3003 and errorData', async () => {
    const app = await service()
    app.addUser(ada)
    for (const call of [wrong, { body: { login: bob.email, password: bob.password } }]) {
      const { status, body } = await app.call('POST', '/users/login', call)
      assert.equal(status, 401)
      assert.deepEqual(body, { message: 'Invalid login or password', code: 3003, errorData: {} })
    }
  })

  it('answers 3072 for a user of a social login, and ignores what a client says of that', async () => {
    const app = await service()
    app.addUser({ ...ada, socialAccount: 'FACEBOOK' })
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 3072)
    await app.call('POST', '/users/register', { body: { ...bob, socialAccount: 'FACEBOOK' } })
    assert.equal(app.user(bob.email)?.socialAccount, 'BACKENDLESS')
  })

  it('answers 3036 for a user who was locked by hand, until the lock is taken off', async () => {
    const app = await service()
    app.addUser(ada)
    app.setLocked(ada.email, true)
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 3036)
    app.setLocked(ada.email, false)
    assert.equal(await app.codeOf('POST', '/users/login', asAda), undefined)
  })

  it('takes a number as login', async () => {
    const app = await service({ identityColumn: 'badge' })
    app.addUser({ badge: 7, password: 'x' })
    assert.equal(await app.codeOf('POST', '/users/login', { body: { login: 7, password: 'x' } }), undefined)
  })

  it('compares the login as the setting says', async () => {
    const app = await service()
    app.addUser(ada)
    const upper = { body: { login: 'ADA@EXAMPLE.COM', password: ada.password } }
    assert.equal(await app.codeOf('POST', '/users/login', upper), undefined)
    app.settings.compare = 'exact'
    assert.equal(await app.codeOf('POST', '/users/login', upper), 3003)
    app.settings.compare = 'ignoreCase'
    assert.equal(await app.codeOf('POST', '/users/login', upper), undefined)
  })

  for (const [what, login, other] of [
    ['accents', 'âda@example.com', 'ade@example.com'],
    ['trailing spaces', 'ada@example.com ', ' ada@example.com'],
    ['zero-width characters', 'ada\u200b@example.com', 'ada-@example.com'],
    ['the width of letters', 'ａda@example.com', 'bda@example.com'],
    ['the style of letters beyond the basic plane', '\u{1d41a}da@example.com', '\u{1d41b}da@example.com'],
  ] as const) {
    it(`ignores ${what} unless the setting is an exact comparison`, async () => {
      const app = await service({ compare: 'exact' })
      app.addUser(ada)
      const codeOf = (value: string) =>
        app.codeOf('POST', '/users/login', { body: { login: value, password: ada.password } })
      assert.equal(await codeOf(login), 3003)
      app.settings.compare = 'loose'
      assert.equal(await codeOf(login), undefined)
      assert.equal(await codeOf(other), 3003)
    })
  }

  it('distinguishes characters beyond U+FFFF, and compares ligatures letter by letter', async () => {
    const app = await service()
    app.addUser({ ...ada, email: '\u{1f600}stra\u00dfe@example.com' })
    const codeOf = (login: string) =>
      app.codeOf('POST', '/users/login', { body: { login, password: ada.password } })
    assert.equal(await codeOf('\u{1f600}STRASSE@example.com'), undefined)
    assert.equal(await codeOf('\u{1f4a9}strasse@example.com'), 3003)
  })

  it('follows the identity settings when they change at run time', async () => {
    const app = await service({ compare: 'exact' })
    app.addUser({ ...ada, email: 'Ada@Example.com', auth0Id: 'auth0|1' })
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 3003)
    app.settings.compare = 'ignoreCase'
    assert.equal(await app.codeOf('POST', '/users/login', asAda), undefined)
    app.settings.identityColumn = 'auth0Id'
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 3003)
    assert.ok(await app.logIn('auth0|1', ada.password))
  })

  it('answers 3006 without login or password, and 3034 while logins are off', async () => {
    const app = await service()
    assert.equal(await app.codeOf('POST', '/users/login', { body: { login: ada.email } }), 3006)
    assert.equal(await app.codeOf('POST', '/users/login', { body: { password: 'x' } }), 3006)
    app.settings.loginEnabled = false
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 3034)
  })

  it('logs in by objectId with the Cloud Code key alone', async () => {
    const app = await service()
    const body = { objectId: app.addUser(ada).objectId }
    assert.equal(await app.codeOf('POST', '/users/login', { body }), 2014)
    assert.equal(await app.codeOf('POST', '/users/login', { key: 'js', body }), 2014)
    assert.deepEqual(app.sessionsOf(ada.email), [])
    const answer = await app.call('POST', '/users/login', { key: 'codeRunner', body })
    assert.deepEqual(app.sessionsOf(ada.email), [field(answer.body, 'user-token')])
    const unknown = { key: 'codeRunner', body: { objectId: 'X' } } as const
    assert.equal(await app.codeOf('POST', '/users/login', unknown), 3003)
  })

  it('answers 3090 for a disabled user, to the right password alone', async () => {
    const app = await service()
    const { objectId } = app.addUser({ ...ada, userStatus: 'DISABLED' })
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 3090)
    assert.equal(await app.codeOf('POST', '/users/login', wrong), 3003)
    const byId = { key: 'codeRunner', body: { objectId } } as const
    assert.equal(await app.codeOf('POST', '/users/login', byId), 3090)
    app.settings.objectIdLoginChecks = false
    assert.equal(await app.codeOf('POST', '/users/login', byId), undefined)
  })

  it('counts no failures by default', async () => {
    const app = await service()
    app.addUser(ada)
    for (let n = 0; n < 20; n += 1) assert.equal(await app.codeOf('POST', '/users/login', wrong), 3003)
    assert.equal(await app.codeOf('POST', '/users/login', asAda), undefined)
  })

  it('locks a user out after the limit, for the right password as well, until the time is up', async () => {
    const app = await service({ failedLoginsLock: 2, lockMs: 60_000 })
    app.addUser(ada)
    app.addUser(bob)
    assert.equal(await app.codeOf('POST', '/users/login', wrong), 3003)
    assert.equal(await app.codeOf('POST', '/users/login', wrong), 3003)
    assert.equal(await app.codeOf('POST', '/users/login', wrong), 3036)
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 3036)
    assert.ok(await app.logIn(bob.email, bob.password))
    app.pass(59_999)
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 3036)
    app.pass(1)
    assert.equal(await app.codeOf('POST', '/users/login', wrong), 3003)
    assert.equal(await app.codeOf('POST', '/users/login', asAda), undefined)
  })

  it('forgets failures after a success as the setting says', async () => {
    const app = await service({ failedLoginsLock: 2 })
    app.addUser(ada)
    const failThenSucceed = async () => {
      await app.codeOf('POST', '/users/login', wrong)
      return app.codeOf('POST', '/users/login', asAda)
    }
    assert.equal(await failThenSucceed(), undefined)
    assert.equal(await failThenSucceed(), undefined)
    app.settings.successForgetsFailures = false
    assert.equal(await failThenSucceed(), undefined)
    assert.equal(await failThenSucceed(), 3036)
  })
})
