// What a run records for the next one.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { NEW, OLD, PasswordsFixture, RULE, type RunRecord } from './fixture.ts'

describe('npm run passwords, over several runs', () => {
  let fixture: PasswordsFixture

  beforeEach(async () => {
    fixture = await PasswordsFixture.open()
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

  it('continues where it was interrupted', async () => {
    const emails = fixture.addUsers(30, OLD, 'old')
    const first = await interruptAfter(5)

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

  it('begins again after a roll-back and a second rotation, with the same passwords in the same order', async () => {
    const emails = fixture.addUsers(12, OLD, 'old')
    const first = await interruptAfter(4)
    assert.ok(first.report.moved < 12)
    const ids = JSON.parse(fixture.state())
    await fixture.up(OLD, NEW, RULE)
    // Sign-ins of those days.
    for (const email of emails) await fixture.setPassword(email, OLD)
    await fixture.up(NEW, OLD, RULE)

    const { report, output } = await fixture.run()

    assert.notEqual(JSON.parse(fixture.state()).deployed, ids.deployed)
    assert.match(output, /Every user is looked at anew.*the Action was deployed since/)
    assert.deepEqual([report.moved, report.current, report.finished], [12, 0, true])
    assert.ok(emails.every((email) => fixture.isOn(email, NEW)))
    assert.deepEqual(report.canBeRetired, ['1', 'rule'])
  })

  it('forgets who was not ours under another version', async () => {
    const [email = ''] = fixture.addUsers(1, 'their own password', 'own')
    assert.equal((await fixture.run()).report.notOurs, 1)
    await fixture.setPassword(email, OLD)
    await fixture.up(NEW, OLD, RULE)
    const { report } = await fixture.run()
    assert.deepEqual([report.moved, report.notOurs], [1, 0])
    assert.equal(JSON.parse(fixture.state()).pass, 1)
  })

  it('does not say that it begins again if nothing was deployed since', async () => {
    fixture.addUsers(1, OLD, 'old')
    await fixture.run()
    assert.doesNotMatch((await fixture.run()).output, /anew/)
    assert.equal(JSON.parse(fixture.state()).pass, 2)
  })

  it('begins again if an older version of the command wrote the state file', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'old')
    await fixture.run()
    const { deployed: _, ...state } = JSON.parse(fixture.state())
    const first = { ...state, version: 1, passwords: ['2026-11', '1', 'rule'], finished: false }
    writeFileSync(fixture.stateFile, JSON.stringify(first))
    await fixture.setPassword(email, OLD)
    const { report, output } = await fixture.run()
    assert.match(output, /Every user is looked at anew.*an older version of this command/)
    assert.equal(report.moved, 1)
  })

  it('refuses a state file of another application, or one that cannot be read', async () => {
    fixture.addUsers(1, OLD, 'old')
    await fixture.run()
    const before = fixture.stack.bind(fixture)
    fixture.stack = () => ({ ...before(), appId: new Secret('another application') })
    await assert.rejects(fixture.run(), /is of another application/)
    fixture.stack = before
    writeFileSync(fixture.stateFile, fixture.state().slice(0, -20))
    await assert.rejects(fixture.run(), /cannot be read/)
  })

  /** Runs the command until this many users are moved, and interrupts it. */
  async function interruptAfter(count: number): Promise<RunRecord> {
    const controller = new AbortController()
    const changes = () => fixture.app.requests.filter(({ method }) => method === 'PUT').length
    const timer = setInterval(() => changes() >= count && controller.abort(), 1)
    try {
      return await fixture.run(['--apply', '--rate', '200'], { signal: controller.signal })
    } finally {
      clearInterval(timer)
    }
  }
})
