// `--repair` gives accounts back to their Auth0 users, with the CodeRunner key.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { passwordsExitCode } from '../../operations/passwords/report.ts'
import { passwordsText } from '../../operations/passwords/report-text.ts'
import { THEIRS, useAccounts } from './accounts.ts'
import { NEW } from './fixture.ts'

describe('npm run passwords -- --repair', () => {
  const accounts = useAccounts()

  const changes = () => accounts.fixture.app.requests.filter(({ method }) => method === 'PUT').length

  it('shows the row without its content, asks, sets the password and proves it', async () => {
    const done = await accounts.repair(["O'Brien@example.com"], 'yes')
    assert.match(String(done), /^Done: /)
    assert.match(accounts.written, /created \d{4}-.* last login never/)
    assert.match(accounts.written, /not confirmed at a live server/)
    assert.match(accounts.written, /Sessions that are open now may live on/)
    assert.match(String(done), /Sessions that are open now may live on/)
    assert.ok(!accounts.written.includes('content of the row'))
    assert.ok(accounts.fixture.isOn("o'brien@example.com", NEW))
    assert.deepEqual(accounts.fixture.app.sessionsOf("o'brien@example.com"), [])
    assert.ok(accounts.fixture.app.passwordIs('user0@example.com', THEIRS))
  })

  it('changes nothing unless the answer is yes', async () => {
    await assert.rejects(accounts.repair(['user0@example.com'], 'y'), /Nothing was changed/)
    assert.ok(accounts.fixture.app.passwordIs('user0@example.com', THEIRS))
  })

  it('says so where there is no such row, or no key', async () => {
    await assert.rejects(accounts.repair(['nobody@example.com'], 'yes'), /no row with this identity/)
    await assert.rejects(accounts.repair(['user0@example.com'], 'yes', ''), /Set BACKENDLESS_CODERUNNER_KEY/)
  })

  it('does not report success if the key may not set it, or the change has no effect', async () => {
    accounts.fixture.app.settings.ownRowOnly = true
    await assert.rejects(
      accounts.repair(['user0@example.com'], 'yes', accounts.fixture.app.keys.rest),
      /does not let this key set/,
    )
    accounts.fixture.app.faults.add({
      route: 'PUT /users/*',
      fault: { kind: 'answer', status: 200, body: {} },
    })
    await assert.rejects(accounts.repair(['user0@example.com'], 'yes'), /does not accept it at a login/)
    assert.ok(accounts.fixture.app.passwordIs('user0@example.com', THEIRS))
  })

  it('says what can be retired once every account is proved, and not where one was skipped', async () => {
    const report = await accounts.repair(['--all'], accounts.fixture.app.appId)
    assert.ok(typeof report !== 'string')
    assert.deepEqual(report.canBeRetired, ['1', 'rule'])
    accounts.fixture.app.addUser({ email: 'two\nlines@example.com', password: THEIRS })
    const again = await accounts.repair(['--all'], accounts.fixture.app.appId)
    assert.ok(typeof again !== 'string')
    assert.deepEqual([again.skipped, again.canBeRetired], [{ no_identity: 1 }, []])
  })

  it('does not continue from the state file of a move, which lists as not ours just those to repair', async () => {
    assert.equal((await accounts.fixture.run()).report.notOurs, 4)
    await assert.rejects(accounts.repair(['--all'], accounts.fixture.app.appId), /of a move.*--state/)
    assert.equal(changes(), 0)
    rmSync(accounts.fixture.stateFile)
    await accounts.repair(['--all'], accounts.fixture.app.appId)
    await assert.rejects(accounts.fixture.run(), /of a repair.*--state/)
  })

  it('counts an account as failed if the login after the change opens the row of another user', async () => {
    const body = { email: 'user0@example.com', objectId: 'another', 'user-token': 'T' }
    accounts.fixture.app.faults.add({
      route: 'POST /users/login',
      fault: { kind: 'answer', status: 200, body },
    })
    await assert.rejects(
      accounts.repair(['user0@example.com'], 'yes'),
      /Not repaired: unproved_other_row\..*passwords\.md/,
    )
    const report = await accounts.repair(['--all'], accounts.fixture.app.appId)
    assert.ok(typeof report !== 'string')
    assert.deepEqual([report.moved, report.skipped], [0, {}])
    assert.deepEqual(report.failed, { unproved_other_row: 1, unproved_identity_mismatch: 3 })
  })

  it('repairs all once the application id is typed, and names how many', async () => {
    await assert.rejects(accounts.repair(['--all'], 'yes'), /not the application id/)
    assert.ok(accounts.fixture.app.passwordIs('user0@example.com', THEIRS))
    const report = await accounts.repair(['--all'], accounts.fixture.app.appId)
    assert.match(accounts.written, /on all 4 accounts/)
    assert.ok(typeof report !== 'string')
    assert.deepEqual([report.moved, report.failed, report.finished], [4, {}, true])
    for (const email of ['user0@example.com', 'user2@example.com', "o'brien@example.com"]) {
      assert.ok(accounts.fixture.isOn(email, NEW))
    }
  })

  it('goes on after a user who is locked and one of a social login, and names the locked one', async () => {
    const { app } = accounts.fixture
    app.setLocked('user1@example.com', true)
    app.addUser({ email: 'social@example.com', password: '-', socialAccount: 'GOOGLE' })
    const report = await accounts.repair(['--all', '--concurrency', '1'], app.appId)
    assert.ok(typeof report !== 'string')
    assert.deepEqual([report.stopped, report.finished, report.moved, report.notOurs], [undefined, true, 3, 1])
    const objectId = app.user('user1@example.com')?.objectId
    assert.deepEqual(report.failures, [{ objectId, code: 'unproved_locked_3036' }])
    assert.deepEqual([report.canBeRetired, passwordsExitCode(report)], [[], 1])
    assert.ok(
      passwordsText(report).includes(`Cannot be retired: 1 user could not be looked at (${objectId}).`),
    )
    for (const email of ['user0@example.com', 'user2@example.com', "o'brien@example.com"]) {
      assert.ok(accounts.fixture.isOn(email, NEW))
    }
  })

  it('stops at the first account where the change has no effect, and continues there later', async () => {
    const remove = accounts.fixture.app.faults.add({
      route: 'PUT /users/*',
      nth: 3,
      fault: { kind: 'answer', status: 200, body: {} },
    })
    const stopped = await accounts.repair(['--all', '--concurrency', '1'], accounts.fixture.app.appId)
    assert.ok(typeof stopped !== 'string')
    assert.deepEqual([stopped.moved, stopped.stopped?.code], [2, 'not_taken'])
    remove()
    accounts.fixture.app.requests.length = 0
    const report = await accounts.repair(['--all'], accounts.fixture.app.appId)
    assert.ok(typeof report !== 'string')
    assert.deepEqual([report.moved, report.finished], [4, true])
    assert.equal(accounts.fixture.app.requests.filter(({ method }) => method === 'PUT').length, 2)
  })

  it('writes no secret and no address that was not typed', async () => {
    await accounts.repair(['--all'], accounts.fixture.app.appId)
    const secrets = [
      accounts.fixture.app.keys.codeRunner,
      accounts.fixture.app.keys.rest,
      accounts.fixture.app.appId,
      THEIRS,
      'user0@example.com',
    ]
    for (const secret of [...secrets, NEW.value.reveal()]) {
      assert.ok(!`${accounts.written}${accounts.fixture.state()}`.includes(secret))
    }
  })
})
