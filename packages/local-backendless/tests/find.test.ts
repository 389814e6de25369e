import assert from 'node:assert/strict'
import { ada, bob, column, field, type Service, service, stopServices } from './service.ts'

/** Users u0@x.com, u1@x.com, … a second apart. */
async function users(count: number): Promise<Service> {
  const app = await service()
  for (let n = 0; n < count; n += 1) {
    app.addUser({ email: `u${n}@x.com`, password: 'x', shelf: n % 3 })
    app.pass(1000)
  }
  return app
}

const obrien = { email: "o'brien@x.com", password: 'x' }
const clause = "email = 'o''brien@x.com'"

describe('local backendless: reading users', () => {
  afterEach(stopServices)

  it('finds by GET with an encoded where, and by POST', async () => {
    const app = await users(3)
    app.addUser(obrien)
    const get = await app.call('GET', `/data/Users?where=${encodeURIComponent(clause)}`)
    const post = await app.call('POST', '/data/Users/find', { body: { where: clause } })
    assert.deepEqual(column(get.body, 'email'), [obrien.email])
    assert.deepEqual(post.body, get.body)
    assert.match(get.headers.get('content-type') ?? '', /^application\/json/)
    assert.ok(!get.text.includes('password'))
  })

  it('counts by GET and by POST with a bare number', async () => {
    const app = await users(3)
    app.addUser(obrien)
    assert.equal((await app.call('GET', '/data/Users/count')).text, '4')
    assert.equal((await app.call('GET', `/data/Users/count?where=${encodeURIComponent(clause)}`)).text, '1')
    assert.equal((await app.call('POST', '/data/Users/count', { body: { where: 'shelf = 0' } })).text, '1')
  })

  it('answers 1017 to an unescaped quote', async () => {
    const app = await service()
    const where = "email = 'o'brien@x.com'"
    assert.equal(await app.codeOf('GET', `/data/Users?where=${encodeURIComponent(where)}`), 1017)
    assert.equal(await app.codeOf('POST', '/data/Users/find', { body: { where } }), 1017)
    assert.equal(await app.codeOf('POST', '/data/Users/count', { body: { where } }), 1017)
  })

  it('returns ten rows by default, and up to a hundred', async () => {
    const app = await users(120)
    const sizeOf = async (query: string) =>
      column((await app.call('GET', `/data/Users${query}`)).body, 'email').length
    assert.equal(await sizeOf(''), 10)
    assert.equal(await sizeOf('?pageSize=100'), 100)
    assert.equal(await sizeOf('?pageSize=100&offset=100'), 20)
    assert.equal(await sizeOf('?pageSize=1'), 1)
    assert.equal(await sizeOf('?offset=500'), 0)
    for (const pageSize of [0, 101, -1, 'x']) {
      assert.equal(await app.codeOf('GET', `/data/Users?pageSize=${pageSize}`), 1025)
      assert.equal(await app.codeOf('POST', '/data/Users/find', { body: { pageSize } }), 1025)
    }
  })

  it('returns shorter pages than requested if the application is configured so', async () => {
    const app = await users(5)
    app.settings.maxPageSize = 2
    const body = { pageSize: 100, offset: 1 }
    assert.equal(column((await app.call('POST', '/data/Users/find', { body })).body, 'email').length, 2)
  })

  it('sorts by one column or several, up or down', async () => {
    const app = await users(4)
    const sorted = async (sortBy: unknown) =>
      column((await app.call('POST', '/data/Users/find', { body: { sortBy } })).body, 'email').join(' ')
    assert.equal(await sorted('created'), 'u0@x.com u1@x.com u2@x.com u3@x.com')
    assert.equal(await sorted('created desc'), 'u3@x.com u2@x.com u1@x.com u0@x.com')
    assert.equal(await sorted('shelf desc,email desc'), 'u2@x.com u1@x.com u3@x.com u0@x.com')
    assert.equal(await sorted(['shelf', 'created DESC']), 'u3@x.com u0@x.com u1@x.com u2@x.com')
    assert.equal(await app.codeOf('GET', '/data/Users?sortBy=created%20sideways'), 1017)
    assert.equal(await app.codeOf('GET', '/data/Users?sortBy=nowhere'), 1017)
  })

  it('sorts by created where rows were added out of order', async () => {
    const app = await service()
    app.addUser({ ...ada, created: 2000 })
    app.addUser({ ...bob, created: 1000 })
    const { body } = await app.call('GET', '/data/Users?sortBy=created')
    assert.deepEqual(column(body, 'email'), [bob.email, ada.email])
  })

  it('returns the columns that props names', async () => {
    const app = await users(1)
    const { body } = await app.call('GET', '/data/Users?props=objectId,email')
    assert.deepEqual(body, [
      { ___class: 'Users', objectId: app.user('u0@x.com')?.objectId, email: 'u0@x.com' },
    ])
  })

  it('renames, adds and leaves out columns as props and excludeProps say', async () => {
    const app = await users(1)
    const { body } = await app.call('GET', '/data/Users?props=objectId,email%20as%20mail')
    assert.deepEqual([column(body, 'mail'), column(body, 'email')], [['u0@x.com'], [undefined]])
    const { body: rest } = await app.call('GET', '/data/Users?props=*&excludeProps=email,___class')
    assert.deepEqual([column(rest, 'email'), column(rest, 'userStatus')], [[undefined], ['ENABLED']])
  })

  it('refuses props with an unknown column', async () => {
    const app = await users(1)
    const { status, text } = await app.call('GET', '/data/Users?props=objectId,emial')
    assert.equal(status, 400)
    assert.match(text, /Column 'emial' does not exist in table 'Users'/)
  })

  it('returns one row by objectId, and 1000 for an unknown one', async () => {
    const app = await users(2)
    const { body } = await app.call('GET', `/data/Users/${app.user('u1@x.com')?.objectId}`)
    assert.equal(field(body, 'email'), 'u1@x.com')
    assert.equal(await app.codeOf('GET', '/data/Users/NONE'), 1000)
  })

  it('shows a role without FIND an empty table, and the Cloud Code key all of it', async () => {
    const app = await users(2)
    app.settings.findAllowed = false
    const { status, text } = await app.call('GET', '/data/Users')
    assert.equal(status, 200)
    assert.equal(text, '[]')
    assert.equal((await app.call('POST', '/data/Users/find', { key: 'js', body: {} })).text, '[]')
    assert.equal((await app.call('GET', '/data/Users/count')).text, '0')
    assert.equal((await app.call('GET', '/data/Users/count', { key: 'codeRunner' })).text, '2')
  })

  it('compares strings as the setting says', async () => {
    const app = await users(1)
    const body = { where: "email = 'Ú0@X.com'" }
    assert.equal((await app.call('POST', '/data/Users/count', { body })).text, '1')
    app.settings.compare = 'ignoreCase'
    assert.equal((await app.call('POST', '/data/Users/count', { body })).text, '0')
  })

  it('shows all rows and columns of users that registered with other columns', async () => {
    const app = await users(1)
    app.addUser(ada)
    const { body } = await app.call('GET', '/data/Users?props=email,shelf')
    assert.deepEqual(column(body, 'shelf'), [0, null])
  })
})
