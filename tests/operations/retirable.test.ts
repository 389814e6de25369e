// What the report says about each password, and about users who are on none.
import assert from 'node:assert/strict'
import { passwordsExitCode } from '../../operations/passwords/report.ts'
import { NEW, OLD, PasswordsFixture, RULE } from './fixture.ts'

const NEXT = { ...NEW, id: '2027-02' }

describe('npm run passwords, what can be retired', () => {
  let fixture: PasswordsFixture

  beforeEach(async () => {
    fixture = await PasswordsFixture.open()
  })
  afterEach(() => fixture.close())

  it('does not include a password that is known and not in use yet', async () => {
    fixture.addUsers(3, NEW, 'current')
    await fixture.up(NEW, NEXT)
    const { report, output } = await fixture.run()
    assert.deepEqual([report.finished, report.canBeRetired, report.passwords.unused], [true, [], ['2027-02']])
    assert.match(output, /Password 2027-02 is not in use yet/)
    assert.doesNotMatch(output, /Can be retired/)
    assert.equal(passwordsExitCode(report), 0)
  })

  it('includes a password that was on top before, even if nobody is on it any more', async () => {
    fixture.addUsers(1, NEW, 'current')
    const { report, output } = await fixture.run()
    assert.deepEqual(report.canBeRetired, ['1', 'rule'])
    assert.match(output, /Can be retired: 1, rule\./)
  })

  it('finds the users who are on a password that was retired too early, and says to put it back', async () => {
    const emails = fixture.addUsers(4, OLD, 'old')
    fixture.addUsers(1, NEW, 'current')
    await fixture.up(NEW, RULE)
    fixture.retired = [OLD]
    const { report, output } = await fixture.run()
    assert.deepEqual([report.retired, report.notOurs, report.canBeRetired], [{ 1: 4 }, 0, []])
    assert.match(output, /4 users are on the retired password 1: put it back/)
    assert.equal(passwordsExitCode(report), 1)
    assert.ok(emails.every((email) => fixture.isOn(email, OLD)))
    assert.deepEqual(
      emails.flatMap((email) => fixture.app.sessionsOf(email)),
      [],
    )

    await fixture.up(NEW, OLD, RULE)
    fixture.retired = []
    const back = await fixture.run()
    assert.deepEqual([back.report.moved, back.report.canBeRetired], [4, ['1', 'rule']])
  })

  it('says which password to retire in its place where three are in use', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'old')
    fixture.addUsers(1, NEXT, 'next')
    const [locked = ''] = fixture.addUsers(1, NEW, 'current')
    await fixture.up(NEXT, NEW, RULE)
    fixture.retired = [OLD]
    fixture.app.setLocked(locked, true)
    const early = await fixture.run()
    assert.deepEqual([early.report.retired, early.report.toGiveUp], [{ 1: 1 }, []])
    assert.match(early.output, /Run this again until every other user was looked at/)

    fixture.app.setLocked(locked, false)
    const { report, output } = await fixture.run()
    assert.deepEqual([report.toGiveUp, report.canBeRetired], [['2026-11', 'rule'], []])
    assert.match(
      output,
      /on the retired password 1: put it back\..*\n.*in the same change, set `retired: true` at 2026-11 or rule, which nobody is on any more\./,
    )

    await fixture.up(NEXT, OLD, NEW)
    fixture.retired = [RULE]
    const back = await fixture.run()
    assert.deepEqual([back.report.moved, back.report.canBeRetired], [1, ['1', '2026-11']])
    assert.equal(back.report.toGiveUp, undefined)
    assert.ok(fixture.isOn(email, NEXT) && fixture.isOn(locked, NEXT))
  })

  it('looks for them in every run, and does not remember them as not ours', async () => {
    fixture.addUsers(1, OLD, 'old')
    await fixture.up(NEW)
    fixture.retired = [OLD]
    assert.deepEqual((await fixture.run()).report.retired, { 1: 1 })
    assert.deepEqual((await fixture.run()).report.retired, { 1: 1 })
  })

  it('warns if nobody is on the current password and somebody is on none', async () => {
    fixture.addUsers(4, 'a password that is in no state', 'lost')
    const { report, output } = await fixture.run()
    assert.deepEqual([report.nobodyOnCurrent, report.canBeRetired], [true, []])
    assert.match(output, /Nobody is on the current password 2026-11, and 4 users are on none/)
    assert.equal(passwordsExitCode(report), 1)

    fixture.addUsers(1, NEW, 'current')
    assert.equal(passwordsExitCode((await fixture.run()).report), 0)
  })

  it('lists the users who are not ours by objectId, and by their identity on request alone', async () => {
    const emails = fixture.addUsers(12, 'their own password', 'own')
    fixture.addUsers(1, NEW, 'current')
    fixture.app.settings.maxPageSize = 5
    const { report, output } = await fixture.run()
    const ids = emails.map((email) => fixture.app.user(email)?.objectId)
    assert.deepEqual(report.notOursUsers.map(({ objectId }) => objectId).toSorted(), ids.toSorted())
    assert.match(output, /not ours: [0-9A-F-]{36}\n[\s\S]*not ours: 2 more, with --json/)
    assert.ok(!output.includes('@example.com'))

    const named = await fixture.run(['--apply', '--show-identities'])
    assert.deepEqual(named.report.notOursUsers.map(({ identity }) => identity).toSorted(), emails.toSorted())
    assert.match(named.output, /not ours: [0-9A-F-]{36} own\d+@example\.com/)
  })

  it('does not ignore a row whose address a loose database treats as equal to one that signs in', async () => {
    fixture.app.settings.compare = 'loose'
    // The first letter is a Kelvin sign.
    fixture.app.addUser({
      email: '\u212aelly@example.com',
      password: fixture.passwordOf('kelly@example.com', OLD),
    })
    const { report } = await fixture.run()
    assert.deepEqual([report.moved, report.skipped], [1, {}])
    assert.ok(fixture.app.passwordIs('kelly@example.com', fixture.passwordOf('kelly@example.com', NEW)))
  })
})
