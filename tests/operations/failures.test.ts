// What can go wrong with a user, or with Backendless, while users are moved.
import assert from 'node:assert/strict'
import { Fixture, NEW, OLD, RULE } from './fixture.ts'

describe('npm run passwords, where something fails', () => {
  let fixture: Fixture

  beforeEach(async () => {
    fixture = await Fixture.open()
  })
  afterEach(() => fixture.close())

  it('stops at the first locked user, and does not pass them', async () => {
    fixture.app.settings.failedLoginsLock = 2
    fixture.addUsers(2, RULE, 'rule', 1_700_000_000_000)
    const after = fixture.addUsers(40, OLD, 'old', 1_700_000_000_001)
    const { report } = await fixture.run(['--apply', '--concurrency', '1'])
    assert.equal(report.stopped?.code, 'locked')
    assert.match(report.stopped?.reason ?? '', /3036/)
    assert.deepEqual([report.moved, report.finished, report.canBeRetired], [0, false, []])
    assert.ok(after.every((email) => fixture.isOn(email, OLD)))
  })

  it('says so where the API key may not find users, and logs nobody in', async () => {
    fixture.addUsers(2, OLD, 'old')
    fixture.app.settings.findAllowed = false
    const { report } = await fixture.run()
    assert.match(report.stopped?.reason ?? '', /may not find users.*BACKENDLESS_API_KEY/)
    assert.ok(!fixture.takeRequests().includes('POST /users/login'))
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

  it('does not count as moved whom the login after the change gives no answer', async () => {
    fixture.addUsers(1, OLD, 'old')
    // With the current password, with the older one, and then the proof, sent three times.
    fixture.app.faults.add({ route: 'POST /users/login', nth: 3, times: 3, fault: { kind: 'reset' } })
    const { report } = await fixture.run()
    assert.deepEqual([report.moved, report.failed, report.canBeRetired], [0, { unproved_no_answer: 1 }, []])
    assert.equal((await fixture.run()).report.current, 1)
  })

  it('counts as failed whom the login after the change answers the row of another user', async () => {
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

  it('finds out by a login what became of a change without an answer', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'old')
    fixture.app.faults.add({ route: 'PUT /users/*', times: 1, fault: { kind: 'reset', after: true } })
    const { report } = await fixture.run()
    assert.deepEqual([report.moved, report.failed], [1, {}])
    assert.ok(fixture.isOn(email, NEW))
  })

  it('touches no row but the one that it asked for', async () => {
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
