import assert from 'node:assert/strict'
import { ada, bob, field, service, stopServices } from './service.ts'

const asAda = { body: { login: ada.email, password: ada.password } }

describe('local backendless: sessions and tokens', () => {
  afterEach(stopServices)

  it('ends the user’s older token by default, and no other user’s', async () => {
    const app = await service()
    app.addUser(ada)
    app.addUser(bob)
    const other = await app.logIn(bob.email, bob.password)
    const first = await app.logIn(ada.email, ada.password)
    const second = await app.logIn(ada.email, ada.password)
    assert.equal(app.ownerOf(first), undefined)
    assert.deepEqual(app.sessionsOf(ada.email), [second])
    assert.deepEqual(app.sessionsOf(bob.email), [other])
  })

  it('refuses a second login with 3002 under logoutLastUser, and keeps the first token', async () => {
    const app = await service({ logoutLastUser: true })
    app.addUser(ada)
    const first = await app.logIn(ada.email, ada.password)
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 3002)
    assert.deepEqual(app.sessionsOf(ada.email), [first])
    await app.call('GET', '/users/logout', { token: first })
    assert.equal(await app.codeOf('POST', '/users/login', asAda), undefined)
  })

  it('refuses the login after the limit with 3044 under multiple logins, and keeps the others', async () => {
    const app = await service({ multipleLogins: true, maxConcurrentLogins: 2 })
    app.addUser(ada)
    const tokens = [await app.logIn(ada.email, ada.password), await app.logIn(ada.email, ada.password)]
    assert.equal(await app.codeOf('POST', '/users/login', asAda), 3044)
    assert.deepEqual(app.sessionsOf(ada.email), tokens)
    app.pass(app.settings.sessionMs)
    assert.equal(await app.codeOf('POST', '/users/login', asAda), undefined)
  })

  it('ends a session that is idle for its timeout; each call with the token restarts it', async () => {
    const app = await service({ sessionMs: 1000 })
    app.addUser(ada)
    const token = await app.logIn(ada.email, ada.password)
    app.pass(900)
    assert.equal((await app.call('GET', '/data/Users/count', { token })).status, 200)
    app.pass(900)
    assert.equal(app.ownerOf(token)?.email, ada.email)
    app.pass(100)
    assert.equal(app.ownerOf(token), undefined)
    assert.equal(await app.codeOf('GET', '/data/Users/count', { token }), 3064)
  })

  it('prolongs a session by isvalidusertoken as the setting says', async () => {
    const app = await service({ sessionMs: 1000 })
    app.addUser(ada)
    const token = await app.logIn(ada.email, ada.password)
    app.pass(900)
    assert.equal((await app.call('GET', `/users/isvalidusertoken/${token}`)).text, 'true')
    app.settings.validityCheckProlongs = true
    assert.equal((await app.call('GET', `/users/isvalidusertoken/${token}`)).text, 'true')
    app.pass(900)
    assert.equal(app.ownerOf(token)?.email, ada.email)
  })

  it('says whether a token is valid as a bare true or false', async () => {
    const app = await service()
    app.addUser(ada)
    const token = await app.logIn(ada.email, ada.password)
    const valid = await app.call('GET', `/users/isvalidusertoken/${token}`)
    assert.equal(valid.text, 'true')
    assert.match(valid.headers.get('content-type') ?? '', /^application\/json/)
    assert.equal((await app.call('GET', '/users/isvalidusertoken/NONE')).text, 'false')
    const deadInHeader = await app.call('GET', '/users/isvalidusertoken/NONE', { token: 'NONE' })
    assert.equal(deadInHeader.text, 'false')
  })

  it('logs out with an empty body', async () => {
    const app = await service()
    app.addUser(ada)
    const token = await app.logIn(ada.email, ada.password)
    const { status, text } = await app.call('GET', '/users/logout', { token })
    assert.equal(status, 200)
    assert.equal(text, '')
    assert.equal(app.ownerOf(token), undefined)
    assert.equal(await app.codeOf('GET', '/users/logout', { token }), 3064)
  })

  it('answers 3064 to a dead token, and repeats it in the message', async () => {
    const app = await service()
    const { status, body } = await app.call('POST', '/data/Users/find', { token: 'DEAD', body: {} })
    assert.equal(status, 400)
    assert.deepEqual(body, {
      message: 'Not existing user token - DEAD. Relogin user to update your user token',
      code: 3064,
      errorData: {},
    })
  })

  it('answers 3090 to the token of a user who was disabled', async () => {
    const app = await service()
    const { objectId } = app.addUser(ada)
    const token = await app.logIn(ada.email, ada.password)
    await app.call('PUT', `/users/${objectId}/status`, {
      key: 'codeRunner',
      body: { userStatus: 'DISABLED' },
    })
    assert.equal(await app.codeOf('GET', '/data/Users/count', { token }), 3090)
    assert.equal(await app.codeOf('GET', '/users/logout', { token }), 3090)
    assert.equal((await app.call('GET', `/users/isvalidusertoken/${token}`)).text, 'false')
    assert.equal(app.ownerOf(token), undefined)
  })

  it('verifies a password for the Cloud Code key, in both spellings', async () => {
    const app = await service()
    app.addUser(ada)
    const token = await app.logIn(ada.email, ada.password)
    const right = { key: 'codeRunner', token, body: { password: ada.password } } as const
    const wrong = { ...right, body: { password: 'wrong' } } as const
    assert.deepEqual((await app.call('POST', '/users/verifypassowrd', right)).body, { valid: true })
    assert.deepEqual((await app.call('POST', '/users/verifypassowrd', wrong)).body, { valid: false })
    assert.equal((await app.call('POST', '/users/verifypassword', right)).text, 'true')
    assert.equal((await app.call('POST', '/users/verifypassword', wrong)).text, 'false')
    assert.equal(await app.codeOf('POST', '/users/verifypassword', { ...right, key: 'rest' }), 3122)
    const noToken = { key: 'codeRunner', body: { password: 'x' } } as const
    assert.equal(await app.codeOf('POST', '/users/verifypassword', noToken), 3121)
    const { body } = await app.call('POST', '/users/verifypassword', { ...right, token: 'DEAD' })
    assert.equal(field(body, 'code'), 3064)
  })
})
