import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { deployAgain, until } from '../management.ts'
import { NEW, OLD, PasswordsFixture, RULE } from './fixture.ts'

describe('npm run passwords', () => {
  let fixture: PasswordsFixture

  beforeEach(async () => {
    fixture = await PasswordsFixture.open()
  })
  afterEach(() => fixture.close())

  it('moves users of every older password, and leaves those on the current one and all others alone', async () => {
    const current = fixture.addUsers(3, NEW, 'current')
    const older = [...fixture.addUsers(3, OLD, 'old'), ...fixture.addUsers(3, RULE, 'rule')]
    const others = fixture.addUsers(2, 'their own password', 'own')

    const { report } = await fixture.run()

    assert.deepEqual(
      [report.finished, report.current, report.moved, report.notOurs, report.failed],
      [true, 3, 6, 2, {}],
    )
    assert.ok([...current, ...older].every((email) => fixture.isOn(email, NEW)))
    assert.ok(others.every((email) => fixture.app.passwordIs(email, 'their own password')))
    assert.deepEqual(report.canBeRetired, ['1', 'rule'])
  })

  it('says that the table has no such identity column, and tries nobody', async () => {
    fixture.addUsers(2, OLD, 'old')
    const stack = { ...fixture.stack(), identityColumn: 'emial' }
    fixture.stack = () => stack
    await deployAgain(
      fixture.auth0,
      fixture.actionId,
      fixture.deployment([NEW, OLD, RULE], { identityColumn: 'emial' }),
    )
    const { report } = await fixture.run()
    assert.match(
      report.stopped?.reason ?? '',
      /^The table Users has no column emial: correct `identityColumn`/,
    )
    assert.deepEqual([report.requests.login, report.canBeRetired], [0, []])
  })

  it('ends every session that it opened', async () => {
    const emails = [...fixture.addUsers(2, NEW, 'current'), ...fixture.addUsers(2, OLD, 'old')]
    await fixture.run()
    assert.deepEqual(
      emails.flatMap((email) => fixture.app.sessionsOf(email)),
      [],
    )
  })

  it('sends two requests for a user on the current password, beside a share of a page', async () => {
    fixture.addUsers(150, NEW, 'current')
    const { report } = await fixture.run()
    const requests = fixture.takeRequests()
    assert.equal(requests.filter((each) => each === 'POST /users/login').length, 150)
    assert.equal(requests.filter((each) => each === 'GET /users/logout').length, 150)
    assert.equal(requests.filter((each) => each === 'POST /data/Users/find').length, 5)
    assert.equal(requests.length, 307)
    // Two pages and an empty one, counted before; then what shows that the list ends there.
    assert.deepEqual(report.requests, { find: 4 + 3, login: 150, change: 0, logout: 150 })
  })

  it('sends five requests, without a failed login, for a user not seen since the current password was put on top', async () => {
    fixture.addUsers(10, OLD, 'old', 1_700_000_000_000)
    const { report } = await fixture.run()
    assert.deepEqual(report.requests, { find: 3 + 3, login: 20, change: 10, logout: 20 })
    assert.deepEqual(
      fixture.app.requests.filter(({ status }) => status !== 200),
      [],
    )
  })

  it('also finds a user who is on another password than the times of the row suggest', async () => {
    const [current = '', own = ''] = ['current@example.com', 'own@example.com']
    const created = 1_700_000_000_000
    fixture.app.addUser({ email: current, password: fixture.passwordOf(current, NEW), created })
    fixture.app.addUser({ email: own, password: 'their own password', created })
    const { report } = await fixture.run()
    assert.deepEqual([report.current, report.moved, report.notOurs], [1, 0, 1])
    // The two older ones and the current one.
    assert.equal(report.requests.login, 3 + 3)
  })

  it('sends six requests for a user on the first older password who was seen since: the current one is tried first', async () => {
    fixture.addUsers(10, OLD, 'old')
    const { report } = await fixture.run()
    assert.deepEqual(report.requests, { find: 3 + 3, login: 30, change: 10, logout: 20 })
  })

  it('sees every user once where a page ends among users created at the same moment', async () => {
    fixture.addUsers(230, OLD, 'old', 1_700_000_000_000)
    const { report } = await fixture.run()
    assert.equal(report.moved, 230)
    assert.equal(report.requests.change, 230)
  })

  it('does not call a user not ours whom a sign-in moves between two of its logins', async () => {
    const [email = ''] = fixture.addUsers(1, NEW, 'moved')
    for (const nth of [1, 2, 3]) {
      // The answer that it would have got while the user was on a password that was tried too late.
      fixture.app.faults.add({ route: 'POST /users/login', nth, fault: { kind: 'code', code: 3003 } })
    }
    const { report } = await fixture.run()
    assert.deepEqual([report.current, report.notOurs], [1, 0])
    assert.ok(fixture.isOn(email, NEW))
  })

  it('has nothing to do in an application without users', async () => {
    const { report } = await fixture.run()
    assert.deepEqual([report.finished, report.stopped, report.current], [true, undefined, 0])
  })

  it('logs nobody in and writes no state without --apply', async () => {
    fixture.addUsers(120, OLD, 'old')
    const { report, output } = await fixture.run([])
    const requests = fixture.takeRequests()
    assert.deepEqual([...new Set(requests)], ['POST /data/Users/count', 'POST /data/Users/find'])
    assert.deepEqual([report.applied, report.toDo, report.canBeRetired], [false, 120, []])
    assert.match(output, /nobody was logged in/)
    assert.ok(!existsSync(fixture.stateFile))
  })

  it('skips users who were active before the first pass, and moves them in a later one', async () => {
    const [active = ''] = fixture.addUsers(1, OLD, 'active')
    const row = fixture.app.user(active)
    assert.ok(row)
    const now = Date.now()
    fixture.app.addUser({
      email: 'x@example.com',
      password: fixture.passwordOf('x@example.com', OLD),
      lastLogin: now - 1000,
    })
    const first = await fixture.run(['--apply', '--active-within', '1h'])
    assert.deepEqual([first.report.moved, first.report.skipped], [1, { active: 1 }])
    assert.deepEqual(first.report.canBeRetired, [])
    const second = await fixture.run(['--apply', '--active-within', '1h'])
    assert.deepEqual([second.report.current, second.report.skipped], [1, { active: 1 }])
    const third = await fixture.run()
    assert.deepEqual([third.report.moved, third.report.current], [1, 1])
    assert.deepEqual(third.report.canBeRetired, ['1', 'rule'])
  })

  for (const [title, lose] of [
    ['stopped', false],
    ['killed, and had not remembered them', true],
  ] as const) {
    it(`does not count its own logins as the users’ after a run that was ${title}`, async () => {
      const emails = fixture.addUsers(20, OLD, 'old')
      const args = ['--apply', '--active-within', '1h', '--concurrency', '4']
      let begun = ''
      fixture.app.faults.add({ route: 'POST /users/login', nth: 1, fault: { kind: 'delay', ms: 300 } })
      const run = fixture.run(args)
      // While the first user is being handled, later ones are moved.
      await until(() => emails.filter((email) => fixture.isOn(email, NEW)).length >= 3)
      if (lose) begun = fixture.state()
      fixture.app.faults.add({ route: 'POST /users/login', fault: { kind: 'code', code: 3036 } })
      assert.equal((await run).report.stopped?.code, 'locked')
      if (lose) writeFileSync(fixture.stateFile, begun)
      fixture.app.faults.clear()
      // Meanwhile a user signs in whom the command did not log in.
      fixture.app.addUser({
        email: 'live@example.com',
        password: fixture.passwordOf('live@example.com', OLD),
        lastLogin: Date.now(),
      })

      const { report } = await fixture.run(args)

      assert.deepEqual(
        [report.current + report.moved, report.skipped, report.finished],
        [20, { active: 1 }, true],
      )
      assert.ok(fixture.isOn('live@example.com', OLD))
    })
  }

  it('skips a row that no sign-in opens, because another has the same address', async () => {
    fixture.app.settings.compare = 'exact'
    const [email = ''] = fixture.addUsers(1, OLD, 'ada')
    fixture.app.addUser({ email: 'Ada0@example.com', password: 'their own password' })
    const { report } = await fixture.run(['--apply', '--concurrency', '1'])
    assert.deepEqual([report.moved, report.skipped, report.failed], [1, { other_row: 1 }, {}])
    assert.ok(fixture.isOn(email, NEW))
    assert.ok(fixture.app.passwordIs('Ada0@example.com', 'their own password'))
    assert.deepEqual(report.canBeRetired, ['1', 'rule'])
  })

  it('writes no secret and no address into its output or its state file', async () => {
    const emails = [...fixture.addUsers(3, OLD, 'old'), ...fixture.addUsers(2, 'their own password', 'own')]
    fixture.app.addUser({
      email: 'off@example.com',
      password: fixture.passwordOf('off@example.com', NEW),
      userStatus: 'DISABLED',
    })
    await fixture.run([])
    await fixture.run()
    const secrets = [
      ...emails,
      'example.com',
      fixture.app.appId,
      ...Object.values(fixture.app.keys),
      fixture.auth0.apiToken,
      ...[NEW, OLD, RULE].flatMap((each) => [
        each.value.reveal(),
        ...emails.map((email) => fixture.passwordOf(email, each)),
      ]),
    ]
    const text = fixture.written + fixture.state()
    assert.deepEqual(
      secrets.filter((secret) => text.includes(secret)),
      [],
    )
  })
})
