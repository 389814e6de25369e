import assert from 'node:assert/strict'
import { ada, bob, field, type Service, service, stopServices } from './service.ts'

const password = 'changed'

async function adaAndBob(options: Parameters<typeof service>[0] = {}): Promise<{
  app: Service
  adaId: string
  bobId: string
  token: string
}> {
  const app = await service(options)
  const { objectId: adaId } = app.addUser(ada)
  const { objectId: bobId } = app.addUser(bob)
  return { app, adaId, bobId, token: await app.logIn(ada.email, ada.password) }
}

describe('local backendless: changing users', () => {
  afterEach(stopServices)

  it('changes a password, answers the row without it, and keeps the token', async () => {
    const { app, adaId, token } = await adaAndBob()
    const { status, body } = await app.call('PUT', `/users/${adaId}`, { token, body: { password } })
    assert.equal(status, 200)
    assert.equal(field(body, 'objectId'), adaId)
    assert.equal(field(body, 'password'), undefined)
    assert.ok(app.passwordIs(ada.email, password))
    assert.ok(!app.passwordIs(ada.email, ada.password))
    assert.deepEqual(app.sessionsOf(ada.email), [token])
  })

  it('ends the sessions at a password change as the setting says, at no other change', async () => {
    const { app, adaId, token } = await adaAndBob({ passwordChangeKillsTokens: true })
    await app.call('PUT', `/users/${adaId}`, { token, body: { name: 'Ada' } })
    assert.deepEqual(app.sessionsOf(ada.email), [token])
    assert.equal((await app.call('PUT', `/users/${adaId}`, { token, body: { password } })).status, 200)
    assert.deepEqual(app.sessionsOf(ada.email), [])
  })

  it('accepts another user’s token by default, and 3029 with ownRowOnly', async () => {
    const { app, adaId, bobId, token } = await adaAndBob()
    assert.equal(await app.codeOf('PUT', `/users/${bobId}`, { token, body: { password } }), undefined)
    assert.ok(app.passwordIs(bob.email, password))
    app.settings.ownRowOnly = true
    assert.equal(await app.codeOf('PUT', `/users/${bobId}`, { token, body: { password } }), undefined)
    const asBob = { token: await app.logIn(bob.email, password), body: { name: 'Bob' } }
    assert.equal(field((await app.call('PUT', `/users/${bobId}`, asBob)).body, 'ownerId'), bobId)
    assert.equal(await app.codeOf('PUT', `/users/${bobId}`, { token, body: { password: 'x' } }), 3029)
    assert.equal(await app.codeOf('PUT', `/data/Users/${bobId}`, { token, body: { password: 'x' } }), 1012)
    assert.ok(app.passwordIs(bob.email, password))
    assert.equal(await app.codeOf('PUT', `/users/${adaId}`, { token, body: { password } }), undefined)
    const admin = { key: 'codeRunner', body: { password: 'x' } } as const
    assert.equal(await app.codeOf('PUT', `/users/${bobId}`, admin), undefined)
  })

  it('makes the user whose token updates a row its owner, who may write it afterwards', async () => {
    const { app, adaId, bobId, token } = await adaAndBob()
    const { body } = await app.call('PUT', `/users/${bobId}`, { token, body: { name: 'Mine' } })
    assert.equal(field(body, 'ownerId'), adaId)
    app.settings.ownRowOnly = true
    assert.equal(
      await app.codeOf('PUT', `/data/Users/${bobId}`, { token, body: { name: 'Still' } }),
      undefined,
    )
  })

  it('refuses a value that is not of its column’s type, and writes nothing', async () => {
    const { app, adaId, token } = await adaAndBob()
    await app.call('PUT', `/users/${adaId}`, { token, body: { age: 36 } })
    const body = { name: 'Ada', age: 'many' }
    assert.equal(await app.codeOf('PUT', `/users/${adaId}`, { token, body }), 3049)
    assert.notEqual(app.user(ada.email)?.name, 'Ada')
    assert.equal(await app.codeOf('PUT', `/users/${adaId}`, { token, body: { age: null } }), undefined)
  })

  it('answers 403 with 1014 to a caller who may not delete, and keeps the row', async () => {
    const { app, bobId, token } = await adaAndBob()
    const remove = () => app.call('DELETE', `/data/Users/${bobId}`, { token })
    for (const settings of [{ deleteAllowed: false }, { deleteAllowed: true, ownRowOnly: true }]) {
      Object.assign(app.settings, settings)
      const { status, body } = await remove()
      assert.deepEqual([status, field(body, 'code')], [403, 1014])
    }
    app.settings.ownRowOnly = false
    assert.ok(app.user(bob.email))
    assert.equal((await remove()).status, 200)
    assert.equal(app.user(bob.email), undefined)
  })

  it('answers 3028 without a token, unless the key is the Cloud Code key', async () => {
    const { app, adaId } = await adaAndBob()
    assert.equal(await app.codeOf('PUT', `/users/${adaId}`, { body: { password } }), 3028)
    assert.ok(app.passwordIs(ada.email, ada.password))
    assert.equal(
      await app.codeOf('PUT', `/users/${adaId}`, { key: 'codeRunner', body: { password } }),
      undefined,
    )
    assert.ok(app.passwordIs(ada.email, password))
  })

  it('refuses password changes to all but the Cloud Code key as the setting says', async () => {
    const { app, adaId, token } = await adaAndBob({ passwordChange: false })
    const change = { token, body: { password, name: 'Ada' } }
    assert.equal(await app.codeOf('PUT', `/users/${adaId}`, change), 3024)
    assert.equal(await app.codeOf('PUT', `/data/Users/${adaId}`, change), 3024)
    assert.ok(app.passwordIs(ada.email, ada.password))
    assert.equal(app.user(ada.email)?.name, undefined)
    assert.equal(await app.codeOf('PUT', `/users/${adaId}`, { token, body: { name: 'Ada' } }), undefined)
    assert.equal(await app.codeOf('PUT', `/users/${adaId}`, { ...change, key: 'codeRunner' }), undefined)
  })

  it('renames a user, but not to an identity that is taken', async () => {
    const { app, adaId, token } = await adaAndBob()
    assert.equal(await app.codeOf('PUT', `/users/${adaId}`, { token, body: { email: bob.email } }), 3018)
    assert.equal(await app.codeOf('PUT', `/users/${adaId}`, { token, body: { email: ada.email } }), undefined)
    assert.equal(
      await app.codeOf('PUT', `/users/${adaId}`, { token, body: { email: 'new@example.com' } }),
      undefined,
    )
    assert.equal(app.user(ada.email), undefined)
    assert.equal(app.user('new@example.com')?.objectId, adaId)
    assert.equal(await app.codeOf('POST', '/users/register', { body: ada }), undefined)
  })

  it('answers 3030 for an unknown user, 3050 and 3045 for an unusable password', async () => {
    const { app, adaId, token } = await adaAndBob()
    assert.equal(await app.codeOf('PUT', '/users/NONE', { token, body: { password } }), 3030)
    assert.equal(await app.codeOf('PUT', `/users/${adaId}`, { token, body: { password: 7 } }), 3050)
    assert.equal(await app.codeOf('PUT', `/users/${adaId}`, { token, body: { password: '' } }), 3045)
  })

  it('sets the status for the Cloud Code key alone', async () => {
    const { app, adaId, token } = await adaAndBob()
    const disable = { userStatus: 'DISABLED' }
    assert.equal(await app.codeOf('PUT', `/users/${adaId}/status`, { token, body: disable }), 3054)
    const set = (userStatus: string) =>
      app.codeOf('PUT', `/users/${adaId}/status`, { key: 'codeRunner', body: { userStatus } })
    assert.equal(await set('ENABLED'), 3086)
    assert.equal(await set('DISABLED'), undefined)
    assert.equal(await set('DISABLED'), 3085)
    assert.equal(await set('EMAIL_CONFIRMATION_PENDING'), 3024)
    assert.equal(app.user(ada.email)?.userStatus, 'DISABLED')
    assert.equal(await set('ENABLED'), undefined)
  })

  it('replaces the password at restorepassword, with an empty answer', async () => {
    const { app } = await adaAndBob()
    const { status, text } = await app.call('GET', `/users/restorepassword/${encodeURIComponent(ada.email)}`)
    assert.equal(status, 200)
    assert.equal(text, '')
    assert.ok(!app.passwordIs(ada.email, ada.password))
    assert.ok(app.passwordIs(bob.email, bob.password))
    assert.equal(await app.codeOf('GET', '/users/restorepassword/none%40example.com'), 3020)
    assert.equal(await app.codeOf('GET', `/users/restorepassword/${'x'.repeat(300)}`), 3020)
  })

  it('answers 3101 with recovery off, and leaves the password', async () => {
    const { app } = await adaAndBob({ recovery: false })
    assert.equal(await app.codeOf('GET', `/users/restorepassword/${ada.email}`), 3101)
    assert.ok(app.passwordIs(ada.email, ada.password))
  })

  it('updates through the Data API by the role of the key, without a token', async () => {
    const { app, adaId } = await adaAndBob()
    assert.equal(await app.codeOf('PUT', `/data/Users/${adaId}`, { body: { password } }), undefined)
    assert.ok(app.passwordIs(ada.email, password))
    const { body } = await app.call('PUT', '/data/Users', { body: { objectId: adaId, name: 'Ada' } })
    assert.equal(field(body, 'name'), 'Ada')
    assert.equal(await app.codeOf('PUT', '/data/Users/NONE', { body: { name: 'x' } }), 1000)
  })

  it('creates through the Data API, one and in bulk, with passwords that work', async () => {
    const app = await service()
    const { body: row } = await app.call('PUT', '/data/Users', { body: ada })
    assert.equal(field(row, 'password'), undefined)
    const { body: ids } = await app.call('POST', '/data/bulk/Users', {
      body: [bob, { ...bob, email: 'b2@x.com' }],
    })
    assert.deepEqual(ids, [app.user(bob.email)?.objectId, app.user('b2@x.com')?.objectId])
    assert.ok(await app.logIn(ada.email, ada.password))
    assert.ok(await app.logIn(bob.email, bob.password))
    assert.equal(await app.codeOf('PUT', '/data/Users', { body: ada }), 1155)
  })

  it('lets the Data API ignore the settings of registration as the setting says', async () => {
    const app = await service({ registration: 'closed', confirmation: true })
    await app.call('PUT', '/data/Users', { body: ada })
    assert.equal(app.user(ada.email)?.userStatus, 'ENABLED')
    app.settings.dataObeysRegistration = true
    assert.equal(await app.codeOf('POST', '/data/bulk/Users', { body: [bob] }), 3009)
    app.settings.registration = 'open'
    await app.call('PUT', '/data/Users', { body: bob })
    assert.equal(app.user(bob.email)?.userStatus, 'EMAIL_CONFIRMATION_PENDING')
  })
})
