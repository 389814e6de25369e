import assert from 'node:assert/strict'
import type { EventOverrides } from '@backendless-login/local-auth0'
import type { Settings } from '../../actions/backendless-login/settings.ts'
import { derived, steps } from './older-passwords.ts'
import { OWNER_COLUMN, Person } from './person.ts'
import { ADA, backendless, closeAll, LOGIN, passwordOf } from './sign-in.ts'

describe('the columns of profile', () => {
  afterEach(closeAll)
  const profile = { name: 'name', contact: 'email' }
  const BEFORE = { name: 'Ada', contact: ADA }

  async function known(row: object, settings: Partial<Settings> = {}) {
    const app = await backendless()
    const { objectId } = app.addUser({
      email: ADA,
      password: passwordOf(app, ADA),
      [OWNER_COLUMN]: 'auth0|ada',
      ...row,
    })
    const ada = new Person({ app, email: ADA, settings: { profile, syncProfile: true, ...settings } })
    ada.memory = { identity: ADA }
    return { app, ada, objectId }
  }
  const named = (name: unknown): EventOverrides => ({ user: { name } })

  it('are corrected with one request of its own where they differ', async () => {
    const { app, ada, objectId } = await known(BEFORE)
    const login = await ada.signIn({ event: named('Countess') })
    assert.deepEqual([login.code, login.requests], ['ok', [LOGIN, `PUT /users/${objectId}`]])
    assert.deepEqual([app.user(ADA)?.name, app.user(ADA)?.contact], ['Countess', ADA])
    assert.deepEqual((await ada.signIn({ event: named('Countess') })).requests, [LOGIN])
  })

  it('are left alone where Auth0 has no value for them', async () => {
    const { app, ada } = await known(BEFORE)
    for (const name of [undefined, null, { first: 'Ada' }]) {
      assert.deepEqual((await ada.signIn({ event: named(name) })).requests, [LOGIN])
    }
    assert.equal(app.user(ADA)?.name, 'Ada')
  })

  for (const stored of [{ toString: 1, valueOf: 1 }, [{ toString: 1 }], ['Countess'], {}]) {
    it(`are corrected where the row has ${JSON.stringify(stored)}, and cost no token`, async () => {
      const { ada } = await known({ ...BEFORE, name: stored })
      const login = await ada.signIn({ event: named('Countess') })
      assert.deepEqual([login.code, steps(login), ada.rowOf(login)?.email], ['ok', [LOGIN, 'PUT'], ADA])
    })
  }

  it('are left alone without syncProfile', async () => {
    const { ada } = await known(BEFORE, { syncProfile: false })
    assert.deepEqual((await ada.signIn({ event: named('Countess') })).requests, [LOGIN])
  })

  it('cost no token where the correction is refused or lost', async () => {
    for (const fault of [
      { kind: 'code', code: 1012 },
      { kind: 'reset' },
      { kind: 'answer', status: 500 },
    ] as const) {
      const { app, ada } = await known(BEFORE)
      app.faults.add({ route: 'PUT *', fault })
      const login = await ada.signIn({ event: named('Countess') })
      assert.deepEqual([login.code, ada.rowOf(login)?.email, login.metadata], ['ok', ADA, []])
    }
  })

  it('are corrected in the sign-in that claims the row, whether the claim is refused or not', async () => {
    for (const refused of [false, true]) {
      const { app, ada } = await known({ ...BEFORE, [OWNER_COLUMN]: null })
      if (refused) app.faults.add({ route: 'PUT *', nth: 1, fault: { kind: 'code', code: 1012 } })
      const login = await ada.signIn({ event: named('Countess') })
      assert.deepEqual([login.code, steps(login)], ['ok', [LOGIN, 'PUT', 'PUT']])
      assert.equal(app.user(ADA)?.name, 'Countess')
    }
  })

  it('are corrected in the sign-in that moves the user, whether that is refused or not', async () => {
    for (const refused of [false, true]) {
      const { app, ada } = await known(BEFORE)
      if (refused) app.faults.add({ route: 'PUT *', nth: 1, fault: { kind: 'code', code: 3024 } })
      const login = await ada.signIn({
        event: named('Countess'),
        settings: { passwords: [derived('2'), derived('1')] },
        secrets: { PASSWORD_2: 'made-up-value-of-the-current-one' },
      })
      assert.equal(login.code, refused ? 'not_moved' : 'moved')
      assert.equal(app.user(ADA)?.name, 'Countess')
    }
  })

  it('keep an e-mail column up to date if the user id is the identity', async () => {
    const app = await backendless({ identityColumn: 'auth0Id' })
    const settings = {
      identity: 'user_id',
      identityColumn: 'auth0Id',
      profile: { email: 'email' },
      syncProfile: true,
      ownerColumn: '',
    } as const
    const ada = new Person({ app, email: ADA, settings })
    await ada.signUp()
    ada.email = 'new@example.com'
    assert.deepEqual(steps(await ada.signIn()), [LOGIN, 'PUT'])
    assert.equal(app.user('auth0|ada')?.email, 'new@example.com')
    assert.equal(ada.writes, 0)
  })
})
