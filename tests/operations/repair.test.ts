// `--repair`: accounts that are given back to their Auth0 users, with the CodeRunner key.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { Fixture, NEW } from './fixture.ts'

const THEIRS = 'a password that somebody else knows'

describe('npm run passwords -- --repair', () => {
  let fixture: Fixture
  let written = ''

  beforeEach(async () => {
    written = ''
    fixture = await Fixture.open({ multipleLogins: true, maxConcurrentLogins: 100 })
    fixture.addUsers(3, THEIRS, 'user')
    fixture.app.addUser({ email: "o'brien@example.com", password: THEIRS, secretNote: 'content of the row' })
  })
  afterEach(() => fixture.close())

  function repair(args: readonly string[], answer: string, key = fixture.app.keys.codeRunner) {
    const environment = key === '' ? {} : { BACKENDLESS_CODERUNNER_KEY: key }
    return fixture.start(['--repair', ...args], { answer, environment }, (text) => {
      written += text
    })
  }

  const changes = () => fixture.app.requests.filter(({ method }) => method === 'PUT').length

  it('shows the row without its content, asks, sets the password and proves it', async () => {
    const done = await repair(["O'Brien@example.com"], 'yes')
    assert.match(String(done), /^Done: /)
    assert.match(written, /created \d{4}-.* last login never/)
    assert.match(written, /not confirmed at a live server/)
    assert.match(written, /Sessions that are open now may live on/)
    assert.match(String(done), /Sessions that are open now may live on/)
    assert.ok(!written.includes('content of the row'))
    assert.ok(fixture.isOn("o'brien@example.com", NEW))
    assert.deepEqual(fixture.app.sessionsOf("o'brien@example.com"), [])
    assert.ok(fixture.app.passwordIs('user0@example.com', THEIRS))
  })

  it('changes nothing unless the answer is yes', async () => {
    await assert.rejects(repair(['user0@example.com'], 'y'), /Nothing was changed/)
    assert.ok(fixture.app.passwordIs('user0@example.com', THEIRS))
  })

  it('says so where there is no such row, or no key', async () => {
    await assert.rejects(repair(['nobody@example.com'], 'yes'), /no row with this identity/)
    await assert.rejects(repair(['user0@example.com'], 'yes', ''), /Set BACKENDLESS_CODERUNNER_KEY/)
  })

  it('does not claim success where the key may not, or the change does not take', async () => {
    fixture.app.settings.ownRowOnly = true
    await assert.rejects(
      repair(['user0@example.com'], 'yes', fixture.app.keys.rest),
      /does not let this key set/,
    )
    fixture.app.faults.add({ route: 'PUT /users/*', fault: { kind: 'answer', status: 200, body: {} } })
    await assert.rejects(repair(['user0@example.com'], 'yes'), /does not accept it at a login/)
    assert.ok(fixture.app.passwordIs('user0@example.com', THEIRS))
  })

  it('says what can be retired once every account is proved, and not where one was skipped', async () => {
    const report = await repair(['--all'], fixture.app.appId)
    assert.ok(typeof report !== 'string')
    assert.deepEqual(report.canBeRetired, ['1', 'rule'])
    fixture.app.addUser({ email: 'two\nlines@example.com', password: THEIRS })
    const again = await repair(['--all'], fixture.app.appId)
    assert.ok(typeof again !== 'string')
    assert.deepEqual([again.skipped, again.canBeRetired], [{ no_identity: 1 }, []])
  })

  it('goes on from no file of a move, which remembers as not ours just those it is for', async () => {
    assert.equal((await fixture.run()).report.notOurs, 4)
    await assert.rejects(repair(['--all'], fixture.app.appId), /of a move.*--state/)
    assert.equal(changes(), 0)
    rmSync(fixture.stateFile)
    await repair(['--all'], fixture.app.appId)
    await assert.rejects(fixture.run(), /of a repair.*--state/)
  })

  it('counts as failed whom the login after the change answers the row of another user', async () => {
    const body = { email: 'user0@example.com', objectId: 'another', 'user-token': 'T' }
    fixture.app.faults.add({ route: 'POST /users/login', fault: { kind: 'answer', status: 200, body } })
    await assert.rejects(
      repair(['user0@example.com'], 'yes'),
      /Not repaired: unproved_other_row\..*passwords\.md/,
    )
    const report = await repair(['--all'], fixture.app.appId)
    assert.ok(typeof report !== 'string')
    assert.deepEqual([report.moved, report.skipped], [0, {}])
    assert.deepEqual(report.failed, { unproved_other_row: 1, unproved_identity_mismatch: 3 })
  })

  it('repairs all once the application id is typed, and names how many', async () => {
    await assert.rejects(repair(['--all'], 'yes'), /not the application id/)
    assert.ok(fixture.app.passwordIs('user0@example.com', THEIRS))
    const report = await repair(['--all'], fixture.app.appId)
    assert.match(written, /on all 4 accounts/)
    assert.ok(typeof report !== 'string')
    assert.deepEqual([report.moved, report.failed, report.finished], [4, {}, true])
    for (const email of ['user0@example.com', 'user2@example.com', "o'brien@example.com"]) {
      assert.ok(fixture.isOn(email, NEW))
    }
  })

  it('stops at the first account where the change does not take, and goes on there later', async () => {
    const remove = fixture.app.faults.add({
      route: 'PUT /users/*',
      nth: 3,
      fault: { kind: 'answer', status: 200, body: {} },
    })
    const stopped = await repair(['--all', '--concurrency', '1'], fixture.app.appId)
    assert.ok(typeof stopped !== 'string')
    assert.deepEqual([stopped.moved, stopped.stopped?.code], [2, 'not_taken'])
    remove()
    fixture.app.requests.length = 0
    const report = await repair(['--all'], fixture.app.appId)
    assert.ok(typeof report !== 'string')
    assert.deepEqual([report.moved, report.finished], [4, true])
    assert.equal(fixture.app.requests.filter(({ method }) => method === 'PUT').length, 2)
  })

  it('writes no secret and no address that was not typed', async () => {
    await repair(['--all'], fixture.app.appId)
    const secrets = [
      fixture.app.keys.codeRunner,
      fixture.app.keys.rest,
      fixture.app.appId,
      THEIRS,
      'user0@example.com',
    ]
    for (const secret of [...secrets, NEW.value.reveal()]) {
      assert.ok(!`${written}${fixture.state()}`.includes(secret))
    }
  })
})
