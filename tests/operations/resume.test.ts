// What one run remembers for the next.
import assert from 'node:assert/strict'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { Fixture, NEW, OLD } from './fixture.ts'

describe('npm run passwords, over several runs', () => {
  let fixture: Fixture

  beforeEach(async () => {
    fixture = await Fixture.open()
  })
  afterEach(() => fixture.close())

  it('does not try a user on none of the passwords again', async () => {
    fixture.addUsers(2, 'their own password', 'own')
    fixture.addUsers(1, NEW, 'current')
    await fixture.run()
    fixture.takeRequests()

    const { report } = await fixture.run()

    assert.equal(fixture.takeRequests().filter((each) => each === 'POST /users/login').length, 1)
    assert.deepEqual([report.notOurs, report.current], [2, 1])
  })

  it('goes on where it was interrupted', async () => {
    const emails = fixture.addUsers(30, OLD, 'old')
    const controller = new AbortController()
    const timer = setInterval(() => {
      if (emails.filter((email) => fixture.isOn(email, NEW)).length >= 5) controller.abort()
    }, 1)
    const first = await fixture.run(['--apply', '--rate', '200'], { signal: controller.signal })
    clearInterval(timer)

    assert.equal(first.report.stopped?.code, 'interrupted')
    assert.equal(first.report.finished, false)
    assert.deepEqual(first.report.canBeRetired, [])
    assert.ok(first.report.moved >= 5 && first.report.moved < 30)
    fixture.takeRequests()

    const { report } = await fixture.run()
    assert.deepEqual([report.finished, report.moved, report.current], [true, 30, 0])
    assert.equal(report.requests.change, 30 - first.report.moved)
    assert.ok(emails.every((email) => fixture.isOn(email, NEW)))
  })

  it('refuses a state file of other passwords or of another application', async () => {
    fixture.addUsers(1, OLD, 'old')
    await fixture.run()
    fixture.passwords = [NEW, OLD]
    await assert.rejects(fixture.run(), /is of the passwords 2026-11, 1, rule/)
    const before = fixture.stack.bind(fixture)
    fixture.stack = () => ({ ...before(), appId: new Secret('another application') })
    await assert.rejects(fixture.run(), /is of another application/)
  })
})
