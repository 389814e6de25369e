// The official SDK works with the local Backendless.
import assert from 'node:assert/strict'
import Backendless from 'backendless'
import { ada, bob, type Service, service, stopServices } from './service.ts'

type Key = 'rest' | 'js' | 'codeRunner'

async function sdk(options: Parameters<typeof service>[0] = {}, key: Key = 'js'): Promise<Service> {
  const app = await service(options)
  Backendless.serverURL = app.url
  Backendless.initApp(app.appId, app.keys[key])
  return app
}

const users = () => Backendless.Data.of('Users')
const userOf = (values: object) => Object.assign(new Backendless.User(), values)
const where = (clause: string) => Backendless.DataQueryBuilder.create().setWhereClause(clause)

function tokenOf(user: unknown): string {
  const token =
    typeof user === 'object' && user !== null && 'user-token' in user ? user['user-token'] : undefined
  if (typeof token !== 'string') throw new Error('no token')
  return token
}

describe('local backendless: driven by the JS SDK', () => {
  afterEach(async () => {
    Backendless.UserService.setCurrentUser()
    await stopServices()
  })

  it('registers, logs in, checks the login and logs out', async () => {
    const app = await sdk()
    const registered = await Backendless.UserService.register(userOf(ada))
    assert.equal(registered.email, ada.email)
    const user = await Backendless.UserService.login(ada.email, ada.password)
    assert.equal(app.ownerOf(tokenOf(user))?.objectId, registered.objectId)
    assert.equal(await Backendless.UserService.isValidLogin(), true)
    await Backendless.UserService.logout()
    assert.deepEqual(app.sessionsOf(ada.email), [])
    assert.equal(await Backendless.UserService.isValidLogin(), false)
  })

  it('sees codes and statuses of refusals', async () => {
    const app = await sdk()
    app.addUser(ada)
    await assert.rejects(Backendless.UserService.login(ada.email, 'wrong'), { code: 3003, status: 401 })
    await assert.rejects(Backendless.UserService.register({ ...ada }), { code: 3033 })
    await assert.rejects(Backendless.UserService.login(app.user(ada.email)?.objectId ?? ''), { code: 2014 })
    app.settings.registration = 'closed'
    await assert.rejects(Backendless.UserService.register({ ...bob }), { status: 403 })
  })

  it('notices that another login has ended its session', async () => {
    const app = await sdk()
    app.addUser(ada)
    await Backendless.UserService.login(ada.email, ada.password)
    await app.logIn(ada.email, ada.password)
    assert.equal(await Backendless.UserService.isValidLogin(), false)
    await assert.rejects(users().find(), { code: 3064 })
    await assert.rejects(Backendless.UserService.logout(), { code: 3064 })
    assert.equal(Backendless.UserService.currentUser, null)
  })

  it('logs in by objectId with the Cloud Code key', async () => {
    const app = await sdk({}, 'codeRunner')
    const { objectId } = app.addUser(ada)
    const user = await Backendless.UserService.login(objectId)
    assert.equal(app.ownerOf(tokenOf(user))?.objectId, objectId)
  })

  it('updates a user and the password', async () => {
    const app = await sdk()
    app.addUser(ada)
    const user = await Backendless.UserService.login(ada.email, ada.password)
    const { objectId } = user
    assert.ok(objectId)
    await Backendless.UserService.update(userOf({ objectId, name: 'Ada', password: 'changed' }))
    assert.equal(app.user(ada.email)?.name, 'Ada')
    await Backendless.UserService.logout()
    await assert.rejects(Backendless.UserService.login(ada.email, ada.password), { code: 3003 })
    await Backendless.UserService.login(ada.email, 'changed')
  })

  it('recovers a password, verifies one and disables a user', async () => {
    const app = await sdk({}, 'codeRunner')
    const { objectId } = app.addUser(ada)
    app.addUser(bob)
    await Backendless.UserService.restorePassword(bob.email)
    assert.ok(!app.passwordIs(bob.email, bob.password))
    await Backendless.UserService.login(ada.email, ada.password)
    assert.equal(await Backendless.UserService.verifyPassword(ada.password), true)
    assert.equal(await Backendless.UserService.verifyPassword('wrong'), false)
    await Backendless.UserService.disableUser(objectId)
    assert.equal(app.user(ada.email)?.userStatus, 'DISABLED')
  })

  it('finds by a doubled quote, and counts', async () => {
    const app = await sdk()
    app.addUser(ada)
    app.addUser({ email: "o'brien@x.com", password: 'x' })
    const found: unknown[] = await users().find(where("email = 'o''brien@x.com'"))
    assert.equal(found.length, 1)
    assert.equal(await users().getObjectCount(where("email = 'o''brien@x.com'")), 1)
    assert.equal(await users().getObjectCount(), 2)
    await assert.rejects(users().find(where("email = 'o'brien@x.com'")), { code: 1017 })
  })

  it('creates in bulk and pages through all', async () => {
    const app = await sdk()
    const rows = Array.from({ length: 120 }, (_, n) => ({ email: `u${n}@x.com`, password: 'x' }))
    assert.equal((await users().bulkCreate(rows)).length, 120)
    const seen: unknown[] = []
    for (let offset = 0; ; offset += 50) {
      const query = Backendless.DataQueryBuilder.create()
        .setPageSize(50)
        .setOffset(offset)
        .setSortBy(['created'])
      const page: { email: string }[] = await users().find(query)
      if (page.length === 0) break
      seen.push(...page.map(({ email }) => email))
    }
    assert.deepEqual(
      seen,
      rows.map(({ email }) => email),
    )
    assert.ok(app.passwordIs('u7@x.com', 'x'))
  })

  it('saves and loads a row by its objectId', async () => {
    const app = await sdk()
    const { objectId } = app.addUser(ada)
    await users().save({ objectId, name: 'Ada' })
    const row: { name?: string } = await users().findById(objectId)
    assert.equal(row.name, 'Ada')
  })
})
