// Somebody prepares or changes rows in Backendless, with the public key or with a token of their own.
import assert from 'node:assert/strict'
import type { BackendlessOptions, LocalBackendless } from '@backendless-login/local-backendless'
import type { PasswordSetting } from '../../../actions/backendless-login/settings.ts'
import {
  ADA,
  backendless,
  closeAll,
  firstSignIn,
  PASSWORD,
  passwordOf,
  type SignInRecord,
  signIn,
} from '../sign-in.ts'
import { Attacker } from './attacker.ts'

const MALLORY = 'mallory@example.com'

const derived: PasswordSetting = { id: '1', perUser: true }
const shared: PasswordSetting = { id: '0', perUser: false }
const SECRETS = { PASSWORD_0: PASSWORD, PASSWORD_1: PASSWORD }

interface Scene {
  readonly app: LocalBackendless
  readonly attacker: Attacker
  /** Signs in through Auth0, with a verified address. */
  enter(
    email: string,
    options?: { first?: boolean; passwords?: readonly PasswordSetting[] },
  ): Promise<SignInRecord>
}

async function scene(
  passwords: readonly PasswordSetting[],
  options: BackendlessOptions = {},
): Promise<Scene> {
  const app = await backendless(options)
  const enter: Scene['enter'] = (email, { first = false, passwords: now = passwords } = {}) => {
    const user = { email, user_id: `auth0|${email}` }
    const event = first ? firstSignIn(user) : { user }
    return signIn({ app, settings: { passwords: now }, event, secrets: SECRETS })
  }
  return { app, attacker: new Attacker(app), enter }
}

function rowOf({ app }: Scene, { claim }: SignInRecord) {
  return app.ownerOf(String(claim)) ?? assert.fail('no token')
}

describe('an attacker in Backendless', () => {
  afterEach(closeAll)

  for (const first of [true, false]) {
    it(`locks the victim out by registering the row beforehand, and lures them into nothing (${first ? 'first' : 'later'} sign-in)`, async () => {
      const play = await scene([derived, shared])
      const { body } = await play.attacker.register({ email: ADA, password: 'of the attacker' })
      const victim = await play.enter(ADA, { first })
      assert.deepEqual([victim.code, victim.claim], ['password_mismatch', undefined])
      assert.ok(play.app.passwordIs(ADA, 'of the attacker'))
      assert.equal(play.app.user(ADA)?.objectId, body.objectId)
    })
  }

  it('gets nothing by registering an address that only a loose Backendless takes for the victim’s', async () => {
    for (const passwords of [[derived], [shared]]) {
      const play = await scene(passwords, { compare: 'loose' })
      const victim = rowOf(play, await play.enter(ADA, { first: true }))
      const attack = await play.enter('ada@exámple.com', { first: true })
      assert.equal(attack.code, passwords[0] === shared ? 'identity_mismatch' : 'password_mismatch')
      assert.equal(attack.claim, undefined)
      assert.equal(rowOf(play, await play.enter(ADA)).objectId, victim.objectId)
    }
  })

  it('only locks the victim out by registering an address first that compares as equal', async () => {
    for (const passwords of [[derived], [shared]]) {
      const play = await scene(passwords, { compare: 'loose' })
      const own = rowOf(play, await play.enter('ada@exámple.com', { first: true }))
      const victim = await play.enter(ADA, { first: true })
      assert.equal(victim.code, passwords[0] === shared ? 'identity_mismatch' : 'password_mismatch')
      assert.equal(victim.claim, undefined)
      assert.equal(play.app.user(ADA)?.objectId, own.objectId)
    }
  })

  it('renames their own row to the victim’s address in vain where passwords are derived', async () => {
    const play = await scene([derived])
    const login = await play.enter(MALLORY, { first: true })
    const own = rowOf(play, login)
    assert.equal((await play.attacker.update(own.objectId, login.claim, { email: ADA })).status, 200)
    for (const first of [true, false]) {
      const victim = await play.enter(ADA, { first })
      assert.deepEqual([victim.code, victim.claim], ['password_mismatch', undefined])
    }
    // The attacker's next sign-in does not open that row either.
    assert.notEqual(rowOf(play, await play.enter(MALLORY)).objectId, own.objectId)
  })

  it('cannot rename a row to the address of a victim who has one', async () => {
    const play = await scene([shared])
    await play.enter(ADA, { first: true })
    const login = await play.enter(MALLORY, { first: true })
    const reply = await play.attacker.update(rowOf(play, login).objectId, login.claim, { email: ADA })
    assert.equal(reply.code, 3018)
  })

  for (const [title, passwords] of [
    ['one password is shared', [shared]],
    ['a shared password is among the older ones', [derived, shared]],
  ] as const) {
    it(`lures the victim into a renamed row while ${title}, as SECURITY.md says`, async () => {
      const play = await scene(passwords)
      const login = await play.enter(MALLORY, { first: true, passwords: [shared] })
      const trap = rowOf(play, login)
      await play.attacker.update(trap.objectId, login.claim, { email: ADA })
      assert.equal(rowOf(play, await play.enter(ADA, { first: true })).objectId, trap.objectId)
      // The attacker's session belongs to the row that the victim now uses.
      assert.equal(play.app.ownerOf(String(login.claim))?.objectId, trap.objectId)
    })
  }

  it('takes the victim’s row over by renaming it to their own address while one password is shared', async () => {
    const play = await scene([shared])
    const victim = rowOf(play, await play.enter(ADA, { first: true }))
    const login = await play.enter(MALLORY, { first: true })
    await play.attacker.update(rowOf(play, login).objectId, login.claim, { email: 'aside@example.com' })
    await play.attacker.update(victim.objectId, login.claim, { email: MALLORY })
    assert.equal(rowOf(play, await play.enter(MALLORY)).objectId, victim.objectId)
  })

  it('gets nothing by renaming the victim’s row to their own address where passwords are derived', async () => {
    const play = await scene([derived])
    const victim = rowOf(play, await play.enter(ADA, { first: true }))
    const login = await play.enter(MALLORY, { first: true })
    await play.attacker.update(rowOf(play, login).objectId, login.claim, { email: 'aside@example.com' })
    await play.attacker.update(victim.objectId, login.claim, { email: MALLORY })
    const attack = await play.enter(MALLORY)
    assert.deepEqual([attack.code, attack.claim], ['password_mismatch', undefined])
  })

  it('can write nobody else’s row where users update only their own', async () => {
    const play = await scene([shared], { ownRowOnly: true })
    const victim = rowOf(play, await play.enter(ADA, { first: true }))
    const login = await play.enter(MALLORY, { first: true })
    const reply = await play.attacker.update(victim.objectId, login.claim, { password: 'x', email: MALLORY })
    assert.equal(reply.code, 3029)
    assert.equal(rowOf(play, await play.enter(ADA)).objectId, victim.objectId)
  })

  it('can set another user’s password and log in, where any user may write any row', async () => {
    const play = await scene([derived])
    const victim = rowOf(play, await play.enter(ADA, { first: true }))
    const login = await play.enter(MALLORY, { first: true })
    await play.attacker.update(victim.objectId, login.claim, { password: 'of the attacker' })
    assert.equal((await play.attacker.logIn(ADA, 'of the attacker')).body.objectId, victim.objectId)
    assert.equal((await play.enter(ADA)).code, 'password_mismatch')
  })

  it('cannot open the victim’s row with the shared value once it is retired and everybody was moved', async () => {
    const play = await scene([derived, shared])
    await play.enter(ADA, { first: true, passwords: [shared] })
    assert.equal((await play.enter(ADA)).code, 'moved')
    assert.equal((await play.attacker.logIn(ADA, PASSWORD)).code, 3003)
  })

  it('with a leaked derived password opens that one account', async () => {
    const play = await scene([derived])
    await play.enter(ADA, { first: true })
    await play.enter(MALLORY, { first: true })
    const leaked = passwordOf(play.app, MALLORY)
    assert.equal((await play.attacker.logIn(MALLORY, leaked)).status, 200)
    assert.equal((await play.attacker.logIn(ADA, leaked)).code, 3003)
  })

  it('locks the victim out by failed logins where lock-out is on, for as long as it lasts', async () => {
    const play = await scene([derived], { failedLoginsLock: 3 })
    await play.enter(ADA, { first: true })
    for (let attempt = 0; attempt < 3; attempt += 1) await play.attacker.logIn(ADA, 'guess')
    assert.equal((await play.enter(ADA)).code, 'account_locked')
    play.app.settings.failedLoginsLock = 0
    assert.equal((await play.enter(ADA)).code, 'ok')
  })
})

describe('a user who changed their own Backendless password', () => {
  afterEach(closeAll)

  it('is refused, and the password is not changed back', async () => {
    const play = await scene([derived, shared])
    const login = await play.enter(ADA, { first: true })
    const { objectId } = rowOf(play, login)
    await play.attacker.update(objectId, login.claim, { password: 'my own' })
    const later = await play.enter(ADA)
    assert.deepEqual([later.code, later.claim], ['password_mismatch', undefined])
    assert.ok(play.app.passwordIs(ADA, 'my own'))
    assert.equal((await play.attacker.logIn(ADA, 'my own')).body.objectId, objectId)
  })
})
