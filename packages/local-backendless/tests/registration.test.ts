import assert from 'node:assert/strict'
import { ada, bob, field, service, stopServices } from './service.ts'

describe('local backendless: POST /users/register', () => {
  afterEach(stopServices)

  it('stores the user and answers the row without password and without token', async () => {
    const app = await service()
    const { status, body, headers } = await app.call('POST', '/users/register', {
      body: { ...ada, name: 'Ada' },
    })
    assert.equal(status, 200)
    assert.match(headers.get('content-type') ?? '', /^application\/json/)
    assert.equal(field(body, 'email'), ada.email)
    assert.equal(field(body, 'name'), 'Ada')
    assert.equal(field(body, '___class'), 'Users')
    assert.equal(field(body, 'userStatus'), 'ENABLED')
    assert.equal(field(body, 'password'), undefined)
    assert.equal(field(body, 'user-token'), undefined)
    assert.ok(app.passwordIs(ada.email, ada.password))
    assert.deepEqual(app.sessionsOf(ada.email), [])
  })

  it('answers 3033 to a duplicate and leaves the first row as it was', async () => {
    const app = await service()
    app.addUser(ada)
    assert.equal(await app.codeOf('POST', '/users/register', { body: { ...ada, password: 'other' } }), 3033)
    assert.ok(app.passwordIs(ada.email, ada.password))
  })

  it('compares identities as the setting says', async () => {
    const app = await service({ compare: 'ignoreCase' })
    app.addUser(ada)
    const upper = { ...ada, email: 'ADA@example.com' }
    assert.equal(await app.codeOf('POST', '/users/register', { body: upper }), 3033)
    app.settings.compare = 'exact'
    assert.equal(await app.codeOf('POST', '/users/register', { body: upper }), undefined)
  })

  it('answers 3011 to an empty user and 3013 without the identity', async () => {
    const app = await service()
    assert.equal(await app.codeOf('POST', '/users/register', { body: {} }), 3011)
    assert.equal(await app.codeOf('POST', '/users/register', { body: { email: ada.email } }), 3011)
    assert.equal(await app.codeOf('POST', '/users/register', { body: { password: 'x' } }), 3013)
    assert.equal(await app.codeOf('POST', '/users/register', { body: { ...ada, password: 7 } }), 3050)
    assert.equal(await app.codeOf('POST', '/users/register', { body: { ...ada, email: 'ada' } }), 3040)
    assert.equal(await app.codeOf('POST', '/users/register', { body: { ...ada, objectId: 'x' } }), 3039)
    assert.equal(app.user(ada.email), undefined)
  })

  it('makes any one column unique, not e-mail as well', async () => {
    const app = await service({ identityColumn: 'auth0Id' })
    const first = { ...ada, auth0Id: 'auth0|1' }
    assert.equal(await app.codeOf('POST', '/users/register', { body: first }), undefined)
    assert.equal(
      await app.codeOf('POST', '/users/register', { body: { ...first, auth0Id: 'auth0|2' } }),
      undefined,
    )
    assert.equal(await app.codeOf('POST', '/users/register', { body: { ...first, email: bob.email } }), 3033)
    assert.equal(await app.codeOf('POST', '/users/register', { body: bob }), 3013)
    assert.ok(await app.logIn('auth0|2', ada.password))
  })

  it('answers 403 with its text while registration is closed, with code 3009 or without', async () => {
    const app = await service({ registration: 'closed' })
    const message = 'User registration is denied for this version of application'
    const withCode = await app.call('POST', '/users/register', { body: ada })
    assert.equal(withCode.status, 403)
    assert.deepEqual(withCode.body, { message, code: 3009, errorData: {} })
    app.settings.closedHasCode = false
    const without = await app.call('POST', '/users/register', { body: ada })
    assert.equal(without.status, 403)
    assert.deepEqual(without.body, { message, errorData: {} })
    assert.equal(app.user(ada.email), undefined)
  })

  it('closes registration to the Cloud Code key as the setting says', async () => {
    const app = await service({ registration: 'closed' })
    const call = { key: 'codeRunner', body: ada } as const
    assert.equal(await app.codeOf('POST', '/users/register', call), 3009)
    app.settings.closedForCodeRunner = false
    assert.equal(await app.codeOf('POST', '/users/register', call), undefined)
  })

  it('makes columns of unknown properties with dynamic schema, and drops them without', async () => {
    const app = await service()
    const kept = await app.call('POST', '/users/register', { body: { ...ada, shoe: 42 } })
    assert.equal(field(kept.body, 'shoe'), 42)
    app.settings.dynamicSchema = false
    const dropped = await app.call('POST', '/users/register', { body: { ...bob, hat: 7, shoe: 43 } })
    assert.equal(dropped.status, 200)
    assert.equal(field(dropped.body, 'hat'), undefined)
    assert.equal(field(dropped.body, 'shoe'), 43)
    assert.equal(app.user(bob.email)?.hat, undefined)
  })

  it('makes columns of what addUser is given, dynamic schema or not', async () => {
    const app = await service({ dynamicSchema: false })
    app.addUser({ ...bob, shoe: 43, objectId: 'BOB', userStatus: 'DISABLED' })
    assert.equal(app.user(bob.email)?.shoe, 43)
    assert.equal(app.user(bob.email)?.ownerId, 'BOB')
    assert.equal(app.user(bob.email)?.userStatus, 'DISABLED')
    const { body } = await app.call('POST', '/users/register', { body: { ...ada, shoe: 42 } })
    assert.equal(field(body, 'shoe'), 42)
    assert.throws(() => app.addUser(bob), /there is a user/)
  })

  it('ignores system columns from a client', async () => {
    const app = await service()
    await app.call('POST', '/users/register', { body: { ...ada, userStatus: 'DISABLED', created: 1 } })
    assert.equal(app.user(ada.email)?.userStatus, 'ENABLED')
    assert.notEqual(app.user(ada.email)?.created, 1)
  })

  it('leaves a new user waiting for confirmation: 3087 with 400 until the status is set', async () => {
    const app = await service({ confirmation: true })
    const { body } = await app.call('POST', '/users/register', { body: ada })
    assert.equal(field(body, 'userStatus'), 'EMAIL_CONFIRMATION_PENDING')
    const refused = await app.call('POST', '/users/login', {
      body: { login: ada.email, password: ada.password },
    })
    assert.equal(refused.status, 400)
    assert.equal(field(refused.body, 'code'), 3087)
    const status = { key: 'codeRunner', body: { userStatus: 'ENABLED' } } as const
    assert.equal(await app.codeOf('PUT', `/users/${field(body, 'objectId')}/status`, status), undefined)
    assert.ok(await app.logIn(ada.email, ada.password))
  })

  it('needs an e-mail address while confirmation is on, whatever the identity', async () => {
    const app = await service({ confirmation: true, identityColumn: 'auth0Id' })
    assert.equal(await app.codeOf('POST', '/users/register', { body: { auth0Id: 'a', password: 'x' } }), 3078)
  })

  it('registers a guest with a token, and turns the guest into a user', async () => {
    const app = await service()
    const { body } = await app.call('POST', '/users/register/guest')
    const token = field(body, 'user-token')
    assert.equal(field(body, 'userStatus'), 'GUEST')
    assert.equal(app.ownerOf(String(token))?.objectId, field(body, 'objectId'))
    const convert = { ...ada, objectId: field(body, 'objectId') }
    assert.equal(await app.codeOf('POST', '/users/register', { body: convert }), undefined)
    assert.equal(app.user(ada.email)?.objectId, field(body, 'objectId'))
    assert.ok(await app.logIn(ada.email, ada.password))
  })
})
