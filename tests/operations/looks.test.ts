// When the command checks the deployed version, and what it does if that changed.
import assert from 'node:assert/strict'
import { loginEvent } from '@backendless-login/local-auth0'
import { passwordsExitCode } from '../../operations/passwords/report.ts'
import { restoreVersion, until } from '../management.ts'
import { THEIRS, useAccounts } from './accounts.ts'
import { NEW, OLD, PasswordsFixture, RULE } from './fixture.ts'

/** No check by time. */
const NEVER_MS = 1e6

describe('npm run passwords, its looks at the deployment', () => {
  let fixture: PasswordsFixture

  beforeEach(async () => {
    fixture = await PasswordsFixture.open()
  })
  afterEach(() => fixture.close())

  const changes = () => fixture.app.requests.filter(({ method }) => method === 'PUT').length

  it('calls nothing retirable if the dashboard restored a version and back, and users signed in between', async () => {
    fixture.watchMs = NEVER_MS
    await fixture.up(OLD, NEW, RULE)
    const [before, after] = [fixture.deployedVersion(), await fixture.up(NEW, OLD, RULE)]
    const emails = fixture.addUsers(40, OLD, 'old')
    const run = fixture.run(['--apply', '--rate', '100'])
    await until(() => changes() > 8)
    const early = emails.filter((email) => fixture.isOn(email, NEW)).slice(0, 3)
    // None of them is being handled any more.
    await until(() => changes() > 20)
    await restoreVersion(fixture.auth0, fixture.actionId, before)
    for (const email of early) await fixture.setPassword(email, OLD)
    await restoreVersion(fixture.auth0, fixture.actionId, after)
    const { report } = await run
    assert.deepEqual([report.stopped?.code, report.finished, report.canBeRetired], ['redeployed', false, []])
    assert.match(report.stopped?.reason ?? '', /Run this again/)

    const again = await fixture.run()
    assert.deepEqual([again.report.moved, again.report.current], [3, 37])
    assert.deepEqual(again.report.canBeRetired, ['1', 'rule'])
  })

  it('moves no more users once a version is restored that does not know their new password', async () => {
    fixture.watchMs = 20
    await fixture.up(OLD, RULE)
    const [before] = [fixture.deployedVersion(), await fixture.up(NEW, OLD, RULE)]
    fixture.addUsers(300, OLD, 'old')
    const run = fixture.run(['--apply', '--rate', '300'])
    await until(() => changes() > 5)
    await restoreVersion(fixture.auth0, fixture.actionId, before)
    const restoredAt = changes()
    const { report } = await run
    assert.equal(report.stopped?.code, 'redeployed')
    assert.match(report.stopped?.reason ?? '', /does not know password 2026-11|is being deployed/)
    assert.ok(changes() - restoredAt < 20, `${changes() - restoredAt} more users were moved`)
    await assert.rejects(
      fixture.run(),
      /does not know password 2026-11.*deploy the last version again in the dashboard/,
    )
  })

  it('stops at its last check if the Action was deployed after the last user', async () => {
    fixture.watchMs = NEVER_MS
    fixture.addUsers(2, OLD, 'old')
    // The page after the last user.
    fixture.app.faults.add({ route: 'POST /data/Users/find', nth: 2, fault: { kind: 'delay', ms: 300 } })
    const run = fixture.run()
    await until(() => changes() === 2)
    await fixture.up(NEW, OLD, RULE)
    const { report } = await run
    assert.deepEqual([report.stopped?.code, report.moved, report.canBeRetired], ['redeployed', 2, []])
  })

  it('does not finish while Auth0 does not say what is deployed', async () => {
    fixture.watchMs = 50
    fixture.addUsers(2, OLD, 'old')
    fixture.app.faults.add({ route: 'POST /data/Users/find', nth: 2, fault: { kind: 'delay', ms: 300 } })
    const run = fixture.run()
    await until(() => changes() === 2)
    fixture.auth0.faults.add({ route: 'GET /actions/actions/*', fault: { kind: 'answer', status: 503 } })
    const { report } = await run
    assert.deepEqual([report.stopped?.code, report.finished], ['deployment_unclear', false])
    assert.deepEqual(report.canBeRetired, [])
  })

  it('waits at its end for Auth0 to answer again', async () => {
    fixture.watchMs = 20
    fixture.silenceMs = 10_000
    fixture.addUsers(2, OLD, 'old')
    fixture.app.faults.add({ route: 'POST /data/Users/find', nth: 2, fault: { kind: 'delay', ms: 300 } })
    const run = fixture.run()
    await until(() => changes() === 2)
    fixture.auth0.faults.add({
      route: 'GET /actions/actions/*',
      times: 3,
      fault: { kind: 'answer', status: 429 },
    })
    const { report } = await run
    assert.deepEqual([report.stopped, report.finished, report.canBeRetired], [undefined, true, ['1', 'rule']])
  })

  it('checks before a request that has waited for its turn, even at a low rate', async () => {
    fixture.watchMs = 50
    fixture.addUsers(4, OLD, 'old')
    const run = fixture.run(['--apply', '--concurrency', '1', '--rate', '4'])
    await until(() => fixture.app.requests.some(({ path }) => path === '/users/login'))
    await fixture.up(OLD, NEW, RULE)
    const { report } = await run
    assert.deepEqual([report.stopped?.code, report.moved, changes()], ['redeployed', 0, 0])
  })

  it('stops where the token it was given has expired, since it cannot see what is deployed', async () => {
    fixture.watchMs = 1
    fixture.addUsers(20, OLD, 'old')
    const run = fixture.run(['--apply', '--rate', '200'])
    await until(() => changes() > 2)
    fixture.auth0.faults.add({ route: 'GET /actions/actions/*', fault: { kind: 'answer', status: 401 } })
    const { report, output } = await run
    assert.deepEqual([report.stopped?.code, report.finished], ['deployment_unclear', false])
    assert.match(report.stopped?.reason ?? '', /refused the token/)
    assert.ok(report.moved < 20, `${report.moved} users were moved`)
    assert.deepEqual([report.canBeRetired, passwordsExitCode(report)], [[], 1])
    assert.ok(!output.includes(fixture.auth0.apiToken))
  })

  it('gets another token if the one for its client credentials has expired', async () => {
    fixture.watchMs = 1
    fixture.addUsers(20, OLD, 'old')
    const { id, secret } = fixture.auth0.client
    const environment = { AUTH0_API_TOKEN: '', AUTH0_CLIENT_ID: id, AUTH0_CLIENT_SECRET: secret }
    const run = fixture.run(['--apply', '--rate', '200'], { environment })
    await until(() => changes() > 2)
    fixture.auth0.faults.add({
      route: 'GET /actions/actions/*',
      times: 1,
      fault: { kind: 'answer', status: 401 },
    })
    const { report } = await run
    assert.deepEqual([report.finished, report.moved], [true, 20])
  })
})

describe('npm run passwords, beside a sign-in that began under the version before', () => {
  let fixture: PasswordsFixture

  beforeEach(async () => {
    fixture = await PasswordsFixture.open()
    fixture.clock.aheadMs = 0
  })
  afterEach(() => fixture.close())

  it('begins when that sign-in must have ended, and leaves its user on the current password', async () => {
    const [email = ''] = fixture.addUsers(1, RULE, 'ada')
    await fixture.up(OLD, NEW, RULE)
    // The Action found the user on the shared password, and moves them to its current one.
    fixture.app.faults.add({ route: 'PUT /users/*', nth: 1, fault: { kind: 'delay', ms: 1_500 } })
    const signIn = fixture.auth0.signIn(loginEvent({ user: { email }, client: { client_id: 'shop' } }))
    await until(() => fixture.app.requests.some(({ method }) => method === 'PUT'))
    await fixture.up(NEW, OLD, RULE)
    fixture.versionAgeMs = 3_000

    const { report, output } = await fixture.run()

    const { logs } = await signIn
    assert.match(logs[0]?.text ?? '', /code=moved/)
    assert.match(output, /Waiting [1-4] seconds?: .*a sign-in that began before that/)
    assert.ok(fixture.isOn(email, NEW))
    assert.deepEqual([report.moved, report.finished], [1, true])
  })

  it('waits for the rest of a minute by Auth0’s clock', async () => {
    const waits: number[] = []
    fixture.wait = async (ms) => {
      waits.push(ms)
      fixture.clock.aheadMs += ms
    }
    fixture.addUsers(1, OLD, 'old')
    const { output } = await fixture.run()
    assert.ok(waits[0] !== undefined && waits[0] > 55_000 && waits[0] <= 61_000, String(waits))
    assert.match(output, /Waiting (5\d|6[01]) seconds: the Action was deployed less than 60 seconds ago/)
    waits.length = 0
    assert.doesNotMatch((await fixture.run()).output, /Waiting/)
    assert.deepEqual(waits, [])
  })

  it('waits again if the Action is deployed again meanwhile, and refuses if that version is not the stack’s', async () => {
    let waits = 0
    fixture.wait = async (ms) => {
      waits += 1
      fixture.clock.aheadMs += ms
      if (waits === 1) {
        fixture.clock.aheadMs = 0
        await fixture.up(NEW, OLD, RULE)
      }
    }
    const [email = ''] = fixture.addUsers(1, OLD, 'old')
    await fixture.run()
    assert.ok(waits >= 2)
    assert.ok(fixture.isOn(email, NEW))

    fixture.clock.aheadMs = 0
    fixture.wait = async () => {
      await fixture.up(OLD, NEW, RULE)
      fixture.passwords = [NEW, OLD, RULE]
    }
    await fixture.up(NEW, OLD, RULE)
    await assert.rejects(fixture.run(), /is not what the stack is configured to be/)
  })

  it('does not wait if it logs nobody in, and changes nothing if it is interrupted', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'old')
    assert.doesNotMatch((await fixture.run([])).output, /Waiting/)
    const controller = new AbortController()
    const run = fixture.run(['--apply'], { signal: controller.signal })
    setTimeout(() => controller.abort(), 100)
    await assert.rejects(run, /Interrupted\. Nothing was changed/)
    assert.ok(fixture.isOn(email, OLD))
  })
})

describe('npm run passwords -- --repair, after its question', () => {
  const accounts = useAccounts()

  for (const [what, args, answer] of [
    ['one account', ['user0@example.com'], () => 'yes'],
    ['all accounts', ['--all'], () => accounts.fixture.app.appId],
  ] as const) {
    it(`changes nothing of ${what} where its password was retired while the question was open`, async () => {
      accounts.fixture.watchMs = NEVER_MS
      const repair = accounts.repair(args, async () => {
        const { passwords } = accounts.fixture
        await accounts.fixture.up(OLD, RULE)
        accounts.fixture.passwords = passwords
        return answer()
      })
      await assert.rejects(repair, /Nothing was changed\. .*does not know password 2026-11/)
      assert.ok(accounts.fixture.app.passwordIs('user0@example.com', THEIRS))
    })
  }
})
