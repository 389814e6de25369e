// Failures of a user or of Backendless while users are moved.
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../management.ts'
import { NEW, OLD, PasswordsFixture, RULE } from './fixture.ts'

describe('npm run passwords, where something fails', () => {
  let fixture: PasswordsFixture

  beforeEach(async () => {
    fixture = await PasswordsFixture.open()
  })
  afterEach(() => fixture.close())

  it('skips a locked user, moves all others, and names the users who prevent a retirement', async () => {
    const [first = '', locked = '', ...others] = fixture.addUsers(12, OLD, 'old', 1_700_000_000_000)
    fixture.app.setLocked(locked, true)
    const { report, output } = await fixture.run(['--apply', '--concurrency', '1'])
    const objectId = fixture.app.user(locked)?.objectId
    assert.deepEqual([report.moved, report.failed, report.finished], [11, { locked_3036: 1 }, true])
    assert.ok([first, ...others].every((email) => fixture.isOn(email, NEW)))
    assert.deepEqual([report.failures, report.canBeRetired], [[{ objectId, code: 'locked_3036' }], []])
    assert.ok(output.includes(`Cannot be retired: 1 user could not be looked at (${objectId}).`), output)
  })

  it('stops where several users in a row are locked, and tries them again the next time', async () => {
    fixture.app.settings.failedLoginsLock = 1
    const emails = fixture.addUsers(40, RULE, 'rule', 1_700_000_000_000)
    const first = await fixture.run(['--apply', '--concurrency', '1'])
    assert.equal(first.report.stopped?.code, 'locked')
    assert.match(first.report.stopped?.reason ?? '', /3036/)
    const { moved, failed, finished, canBeRetired } = first.report
    assert.deepEqual([moved, failed, finished, canBeRetired], [0, {}, false, []])
    assert.ok(emails.slice(5).every((email) => fixture.isOn(email, RULE)))
    fixture.app.settings.failedLoginsLock = 0
    const { report } = await fixture.run()
    assert.deepEqual([report.moved, report.failed], [40, {}])
  })

  it('is not stopped at every run by a few accounts that somebody locks, wherever they stand', async () => {
    const emails = fixture.addUsers(30, OLD, 'old', 1_700_000_000_000)
    const [first, ...rows] = emails.map((email) => fixture.app.user(email))
    const next = [first, ...rows]
      .toSorted((a, b) => (String(a?.objectId) < String(b?.objectId) ? -1 : 1))
      .slice(3, 9)
    for (const row of next) fixture.app.setLocked(String(row?.email), true)
    assert.equal((await fixture.run(['--apply', '--concurrency', '1'])).report.stopped?.code, 'locked')
    const { report } = await fixture.run(['--apply', '--concurrency', '1'])
    assert.deepEqual([report.finished, report.moved, report.failed], [true, 24, { locked_3036: 6 }])
  })

  it('counts users of a social login as not ours, however many there are, and still lets passwords be retired', async () => {
    for (let n = 0; n < 12; n += 1) {
      fixture.app.addUser({ email: `social${n}@example.com`, password: '-', socialAccount: 'GOOGLE' })
    }
    fixture.addUsers(2, OLD, 'old')
    fixture.addUsers(1, RULE, 'rule')
    const { report } = await fixture.run()
    assert.deepEqual([report.stopped, report.moved, report.notOurs, report.failed], [undefined, 3, 12, {}])
    assert.deepEqual(report.canBeRetired, ['1', 'rule'])
  })

  it('handles all users in the end, even those who were being handled when it stopped', async () => {
    const emails = [...fixture.addUsers(9, OLD, 'old'), ...fixture.addUsers(3, RULE, 'rule')]
    const fault = { kind: 'code', code: 3034 } as const
    fixture.app.faults.add({ route: 'POST /users/login', nth: 6, fault })
    const first = await fixture.run(['--apply', '--concurrency', '6'])
    assert.equal(first.report.stopped?.code, 'misconfigured_3034')
    assert.ok(emails.some((email) => !fixture.isOn(email, NEW)))
    const { report } = await fixture.run(['--apply', '--concurrency', '6'])
    assert.deepEqual([report.finished, report.moved + report.current, report.failed], [true, 12, {}])
    assert.ok(emails.every((email) => fixture.isOn(email, NEW)))
  })

  it('stops in an outage, and the next run tries users without an answer again', async () => {
    const emails = fixture.addUsers(40, OLD, 'old')
    const back = fixture.app.faults.add({
      route: '* /users/*',
      nth: 61,
      times: 1e6,
      fault: { kind: 'reset' },
    })
    const first = await fixture.run()
    assert.deepEqual([first.report.stopped?.code, first.report.failed], ['unavailable', {}])
    assert.ok(first.report.moved > 0 && first.report.moved < 40)
    back()
    const { report } = await fixture.run()
    assert.deepEqual([report.finished, report.moved + report.current, report.failed], [true, 40, {}])
    assert.deepEqual(report.canBeRetired, ['1', 'rule'])
    assert.ok(emails.every((email) => fixture.isOn(email, NEW)))
  })

  it('skips nobody in an outage that begins with the last users of a page', async () => {
    fixture.addUsers(195, NEW, 'current', 1_700_000_000_000)
    fixture.addUsers(5, OLD, 'old', 1_700_000_000_001)
    // The list can still be read, but logins get no answer.
    const back = fixture.app.faults.add({
      route: 'POST /users/login',
      nth: 96,
      times: 1e6,
      fault: { kind: 'reset' },
    })
    const first = await fixture.run(['--apply', '--concurrency', '1'])
    const { stopped, current, failed } = first.report
    assert.deepEqual([stopped?.code, current, failed], ['unavailable', 95, {}])
    back()
    const { report } = await fixture.run()
    assert.deepEqual([report.finished, report.current, report.moved, report.failed], [true, 195, 5, {}])
    assert.deepEqual(report.canBeRetired, ['1', 'rule'])
  })

  it('counts single users without an answer as failed, across the end of a page', async () => {
    fixture.addUsers(120, NEW, 'current')
    // The last five of the first page, each tried three times, and the next one.
    fixture.app.faults.add({ route: 'POST /users/login', nth: 96, times: 18, fault: { kind: 'reset' } })
    const { report } = await fixture.run(['--apply', '--concurrency', '1'])
    assert.deepEqual([report.finished, report.current, report.failed], [true, 114, { no_answer: 6 }])
  })

  it('counts one user without an answer as failed, and continues', async () => {
    fixture.addUsers(3, NEW, 'current')
    fixture.app.faults.add({ route: 'POST /users/login', nth: 7, times: 3, fault: { kind: 'reset' } })
    fixture.addUsers(3, 'their own password', 'own')
    const { report } = await fixture.run(['--apply', '--concurrency', '1'])
    assert.deepEqual([report.finished, report.failed], [true, { no_answer: 1 }])
    assert.equal(report.current + report.notOurs, 5)
  })

  it('finishes the users it is handling when it ends because the state file cannot be written', async () => {
    fixture.addUsers(100, OLD, 'old')
    const run = fixture.run(['--apply', '--rate', '60'])
    await until(() => fixture.app.requests.length > 10)
    rmSync(fixture.folder, { recursive: true })
    writeFileSync(fixture.folder, 'no folder')
    await assert.rejects(run, /state file .* cannot be written/)
    const { length } = fixture.app.requests
    assert.ok(length < 300)
    await pause(200)
    assert.equal(fixture.app.requests.length, length)
  })

  it('says so where the API key may not find users, and logs nobody in', async () => {
    fixture.addUsers(2, OLD, 'old')
    fixture.app.settings.findAllowed = false
    const { report } = await fixture.run()
    assert.match(report.stopped?.reason ?? '', /may not find users.*BACKENDLESS_API_KEY/)
    assert.ok(!fixture.takeRequests().includes('POST /users/login'))
  })

  it('does not treat an empty list of a key without FIND as its end, in a later run or in the middle of one', async () => {
    const before = fixture.addUsers(100, NEW, 'current', 1_700_000_000_000)
    const after = fixture.addUsers(30, OLD, 'old', 1_700_000_000_001)
    const back = fixture.app.faults.add({
      route: 'POST /users/login',
      nth: before.length + 2,
      times: 1e6,
      fault: { kind: 'code', code: 3036 },
    })
    const first = await fixture.run(['--apply', '--concurrency', '1'])
    assert.deepEqual([first.report.stopped?.code, first.report.current], ['locked', 100])
    back()
    fixture.app.settings.findAllowed = false
    const other = await fixture.run()
    assert.match(other.report.stopped?.reason ?? '', /may not find users/)
    assert.deepEqual([other.report.finished, other.report.canBeRetired], [false, []])

    fixture.app.settings.findAllowed = true
    const revoked = fixture.run(['--apply', '--concurrency', '1', '--rate', '200'])
    await until(() => fixture.isOn(after[0] ?? '', NEW))
    fixture.app.settings.findAllowed = false
    const { report } = await revoked
    assert.match(report.stopped?.reason ?? '', /may not find users/)
    assert.deepEqual([report.finished, report.canBeRetired], [false, []])
  })

  it('does not end where users are counted and not listed', async () => {
    fixture.addUsers(1, NEW, 'current', 1_700_000_000_000)
    const { objectId } = fixture.app.user('current0@example.com') ?? {}
    const row = { objectId, created: 1_700_000_000_000, email: 'current0@example.com' }
    fixture.app.faults.add({
      route: 'POST /data/Users/find',
      nth: 1,
      fault: { kind: 'answer', status: 200, body: [row] },
    })
    fixture.app.faults.add({
      route: 'POST /data/Users/count',
      nth: 2,
      times: 10,
      fault: { kind: 'answer', status: 200, body: '3' },
    })
    const { report } = await fixture.run()
    assert.match(report.stopped?.reason ?? '', /counts 3 users after the last that it lists/)
    assert.deepEqual([report.finished, report.canBeRetired], [false, []])
  })

  it('reads the list with BACKENDLESS_API_KEY, where that is set', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'old')
    fixture.app.settings.findAllowed = false
    await fixture.run(['--apply'], { environment: { BACKENDLESS_API_KEY: fixture.app.keys.codeRunner } })
    assert.ok(fixture.isOn(email, NEW))
  })

  it('counts users whom Backendless refuses, with the reason, and retires nothing', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'old')
    fixture.app.addUser({
      email: 'off@example.com',
      password: fixture.passwordOf('off@example.com', NEW),
      userStatus: 'DISABLED',
    })
    const { report } = await fixture.run()
    assert.deepEqual([report.moved, report.failed, report.canBeRetired], [1, { disabled_3090: 1 }, []])
    assert.deepEqual(report.failures, [
      { objectId: fixture.app.user('off@example.com')?.objectId, code: 'disabled_3090' },
    ])
    assert.ok(fixture.isOn(email, NEW))
  })

  it('stops where a change that was not refused does not open the row, and names the user', async () => {
    const emails = fixture.addUsers(5, OLD, 'old')
    fixture.app.faults.add({
      route: 'PUT /users/*',
      nth: 2,
      fault: { kind: 'answer', status: 200, body: {} },
    })
    const { report } = await fixture.run(['--apply', '--concurrency', '1'])
    assert.deepEqual([report.moved, report.stopped?.code, report.canBeRetired], [1, 'not_taken', []])
    const named = emails.filter((email) =>
      report.stopped?.reason.includes(fixture.app.user(email)?.objectId ?? 'nobody'),
    )
    assert.equal(named.length, 1)
    assert.ok(fixture.isOn(named[0] ?? '', OLD))
    assert.equal(report.requests.change, 2)
    assert.equal((await fixture.run()).report.moved, 5)
  })

  it('does not count a user as moved if the login after the change is not answered', async () => {
    fixture.addUsers(1, OLD, 'old')
    // A login with the current password, one with the older, and then the proof, sent three times.
    fixture.app.faults.add({ route: 'POST /users/login', nth: 3, times: 3, fault: { kind: 'reset' } })
    const { report } = await fixture.run()
    assert.deepEqual([report.moved, report.failed, report.canBeRetired], [0, { unproved_no_answer: 1 }, []])
    assert.equal((await fixture.run()).report.current, 1)
  })

  it('counts a user as failed if the login after the change opens the row of another user', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'old')
    const body = { email, objectId: 'another', 'user-token': 'T' }
    fixture.app.faults.add({
      route: 'POST /users/login',
      nth: 3,
      fault: { kind: 'answer', status: 200, body },
    })
    const { report } = await fixture.run()
    assert.deepEqual([report.moved, report.skipped, report.failed], [0, {}, { unproved_other_row: 1 }])
  })

  it('sends a login to see the result of a change without an answer', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'old')
    fixture.app.faults.add({ route: 'PUT /users/*', times: 1, fault: { kind: 'reset', after: true } })
    const { report } = await fixture.run()
    assert.deepEqual([report.moved, report.failed], [1, {}])
    assert.ok(fixture.isOn(email, NEW))
  })

  it('changes only the row that it requested', async () => {
    fixture.app.settings.compare = 'ignoreCase'
    fixture.app.addUser({
      email: 'straße@example.com',
      password: fixture.passwordOf('straße@example.com', OLD),
    })
    fixture.app.faults.add({
      route: 'POST /users/login',
      fault: {
        kind: 'answer',
        status: 200,
        body: { email: 'eve@example.com', objectId: 'x', 'user-token': 'T' },
      },
    })
    const { report } = await fixture.run()
    assert.deepEqual(report.failed, { identity_mismatch: 1 })
    assert.equal(report.requests.change, 0)
  })
})
