// An address goes from one person to another. Whatever is remembered about them, each gets their own row or none.
import assert from 'node:assert/strict'
import { derived, storedPassword, using } from './older-passwords.ts'
import { OWNER_COLUMN, Person } from './person.ts'
import { backendless, closeAll, LOGIN, passwordOf, REGISTER } from './sign-in.ts'

const SHARED = 'shared@example.com'
const OTHER = 'other@example.com'

async function twoPeople() {
  const app = await backendless({ maxConcurrentLogins: 1000 })
  const ada = new Person({ app, email: SHARED, userId: 'auth0|ada' })
  const bob = new Person({ app, email: OTHER, userId: 'auth0|bob' })
  const rowOfAda = ada.rowOf(await ada.signUp())?.objectId
  assert.ok(rowOfAda)
  return { app, ada, bob, rowOfAda }
}

describe('an address that changes hands', () => {
  afterEach(closeAll)

  it('opens nothing for its next holder until its owner has signed in with the new one', async () => {
    const { app, ada, bob, rowOfAda } = await twoPeople()
    ada.email = 'ada@example.com'
    bob.email = SHARED
    const refused = await bob.signUp()
    assert.deepEqual([refused.code, refused.claim], ['owner_mismatch', undefined])
    assert.equal(app.user(SHARED)?.[OWNER_COLUMN], 'auth0|ada')

    assert.equal(ada.rowOf(await ada.signIn())?.objectId, rowOfAda)
    const welcome = await bob.signIn()
    assert.equal(welcome.code, 'ok')
    assert.notEqual(bob.rowOf(welcome)?.objectId, rowOfAda)
    assert.deepEqual(bob.memory, { identity: SHARED })
    assert.equal(ada.rowOf(await ada.signIn())?.objectId, rowOfAda)
  })

  it('leaves both users their own rows if they swap addresses', async () => {
    const { ada, bob, rowOfAda } = await twoPeople()
    const rowOfBob = bob.rowOf(await bob.signUp())?.objectId
    ada.email = OTHER
    bob.email = SHARED
    for (const person of [ada, bob, ada, bob]) {
      const login = await person.signIn()
      assert.equal(login.code, 'not_renamed')
      assert.equal(person.rowOf(login)?.objectId, person === ada ? rowOfAda : rowOfBob)
    }
  })

  it('goes back to its owner, who finds their row', async () => {
    const { ada, bob, rowOfAda } = await twoPeople()
    ada.email = 'ada@example.com'
    await ada.signIn()
    bob.email = SHARED
    await bob.signUp()
    bob.email = OTHER
    await bob.signIn()
    ada.email = SHARED
    const login = await ada.signIn()
    assert.deepEqual([login.code, ada.rowOf(login)?.objectId], ['renamed', rowOfAda])
  })

  const FORGED: readonly [string, unknown][] = [
    ['names the address of somebody with a row', { identity: OTHER }],
    ['names it in another spelling', { identity: 'OTHER@example.com' }],
    [
      'is a copy of somebody else’s',
      { identity: OTHER, refused: SHARED, at: '2026-01-01', problem: 'not_moved' },
    ],
    ['names an address without a row', { identity: 'nobody@example.com' }],
    ['names the address of somebody on a password of their own', { identity: 'stranger@example.com' }],
    ['names a row that is nobody’s', { identity: 'ownerless@example.com' }],
    ['is a text', OTHER],
    ['is a list', [OTHER]],
    ['is a number', 7],
    ['is null', null],
    ['names a number', { identity: 7 }],
    ['names a list', { identity: [OTHER] }],
    ['names nothing', { identity: '' }],
    ['names what is no address', { identity: `${OTHER}\u0000` }],
    ['names an address that is too long', { identity: `${'a'.repeat(400)}@example.com` }],
    ['has a day that is none', { identity: SHARED, unclaimed: 'today', refused: OTHER, at: 7 }],
    ['has a problem that is none', { problem: { code: 'ok' }, since: [] }],
  ]
  for (const [what, memory] of FORGED) {
    it(`gives no row to a memory that ${what}`, async () => {
      const { app, ada, bob, rowOfAda } = await twoPeople()
      await bob.signUp()
      app.addUser({ email: 'stranger@example.com', password: 'somebody else knows this' })
      app.addUser({
        email: 'ownerless@example.com',
        password: passwordOf(app, 'ownerless@example.com'),
      })
      const before = [OTHER, 'stranger@example.com', 'ownerless@example.com'].map((email) => app.user(email))
      ada.memory = memory
      const login = await ada.signIn()
      assert.deepEqual([login.code, ada.rowOf(login)?.objectId], ['ok', rowOfAda])
      assert.equal(Reflect.get(Object(ada.memory), 'identity'), SHARED)
      for (const row of before) {
        const now = app.user(String(row?.email))
        assert.deepEqual({ ...now, lastLogin: null }, { ...row, lastLogin: null })
      }
      assert.deepEqual(app.sessionsOf('ownerless@example.com'), [])
      assert.equal(app.sessionsOf(OTHER).length, 1)
    })
  }

  it('is followed by its owner’s row although the memory of the change was lost', async () => {
    const { ada, bob, rowOfAda } = await twoPeople()
    ada.email = 'ada@example.com'
    await ada.signIn({ keeps: false })
    bob.email = SHARED
    assert.equal((await bob.signUp()).code, 'ok')
    const login = await ada.signIn()
    assert.deepEqual([login.code, ada.rowOf(login)?.objectId], ['ok', rowOfAda])
    assert.deepEqual(ada.memory, { identity: 'ada@example.com' })
  })

  it('gets a new row if the remembered one was deleted', async () => {
    const { ada, rowOfAda } = await twoPeople()
    ada.memory = { identity: 'deleted@example.com' }
    ada.email = 'ada@example.com'
    const login = await ada.signIn()
    assert.deepEqual([login.code, login.requests], ['ok', [LOGIN, LOGIN, REGISTER, LOGIN]])
    assert.notEqual(ada.rowOf(login)?.objectId, rowOfAda)
  })

  it('opens nothing with a shared password either', async () => {
    const app = await backendless()
    const everybody = using([{ id: '1', perUser: false }])
    const ada = new Person({ app, email: SHARED, userId: 'auth0|ada', ...everybody })
    const bob = new Person({ app, email: OTHER, userId: 'auth0|bob', ...everybody })
    const rowOfAda = ada.rowOf(await ada.signUp())?.objectId
    bob.email = SHARED
    assert.equal((await bob.signUp()).code, 'owner_mismatch')
    // Not even if the row was renamed to another's address: the owner column says whose it is.
    bob.email = OTHER
    bob.memory = { identity: SHARED }
    const login = await bob.signIn()
    assert.notEqual(bob.rowOf(login)?.objectId, rowOfAda)
    assert.equal(app.user(SHARED)?.objectId, rowOfAda)
  })

  it('is owned by whichever linked account registered it', async () => {
    const app = await backendless()
    const ada = new Person({ app, email: SHARED, userId: 'google-oauth2|7', ...using([derived('1')]) })
    const row = ada.rowOf(await ada.signUp())?.objectId
    // Linked as a secondary account, the user has the primary one's id and metadata.
    const linked = new Person({ app, email: SHARED, userId: 'auth0|ada', ...using([derived('1')]) })
    linked.linked = ['google-oauth2|7']
    assert.equal(linked.rowOf(await linked.signIn())?.objectId, row)
    linked.email = OTHER
    const login = await linked.signIn()
    assert.deepEqual([login.code, linked.rowOf(login)?.objectId], ['renamed', row])
    assert.ok(app.passwordIs(OTHER, storedPassword(app, derived('1'), OTHER)))
  })
})
