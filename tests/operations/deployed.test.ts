// What has to be deployed before anybody is moved.
import assert from 'node:assert/strict'
import { Problem } from '../../operations/problem.ts'
import { deployAgain, restoreVersion, until } from '../management.ts'
import { bind, Fixture, NEW, OLD, RULE } from './fixture.ts'

describe('npm run passwords, before it begins', () => {
  let fixture: Fixture

  beforeEach(async () => {
    fixture = await Fixture.open()
  })
  afterEach(() => fixture.close())

  it('refuses to run where the deployed Action does not know a password, or is not bound', async () => {
    fixture.addUsers(1, OLD, 'old')
    await deployAgain(fixture.auth0, fixture.actionId, fixture.deployment([OLD, RULE]))
    await assert.rejects(
      fixture.run(),
      (error) => error instanceof Problem && /does not know password 2026-11/.test(error.message),
    )
    await deployAgain(fixture.auth0, fixture.actionId, fixture.deployment(fixture.passwords))
    await bind(fixture.auth0, [])
    await assert.rejects(fixture.run(), /not bound/)
    assert.deepEqual(fixture.takeRequests(), [])
  })

  it('refuses where the deployed version has another order or form of the passwords, or another server', async () => {
    fixture.addUsers(1, OLD, 'old')
    const { actionId, passwords } = fixture
    for (const [deployed, settings, sentence] of [
      [[OLD, NEW, RULE], {}, /deployed 1 \(per user\), 2026-11 .*configured 2026-11 \(per user\), 1 /],
      [[NEW, { ...OLD, perUser: false }, RULE], {}, /deployed .* 1 \(shared\).*configured .* 1 \(per user\)/],
      [[NEW, OLD, RULE, { ...OLD, id: 'older' }], {}, /deployed .*, older \(per user\)/],
      [passwords, { identity: 'user_id' }, /identity: deployed user_id, configured email/],
      [passwords, { identityColumn: 'auth0Id' }, /identityColumn: deployed auth0Id, configured email/],
      [
        passwords,
        { serverUrl: 'https://eu.example' },
        /serverUrl: deployed https:\/\/eu.example, configured http/,
      ],
    ] as const) {
      await deployAgain(fixture.auth0, actionId, fixture.deployment(deployed, settings))
      await assert.rejects(fixture.run(), (error) => error instanceof Problem && sentence.test(error.message))
    }
    assert.deepEqual(fixture.takeRequests(), [])
  })

  it('requires that a password is put back that a restored version knows and the configuration does not use', async () => {
    await fixture.up(OLD, NEW, RULE)
    const [older, both] = [fixture.deployedVersion(), await fixture.up(NEW, OLD, RULE)]
    await fixture.up(NEW)
    for (const [version, sentence] of [
      [older, /moves users to password 1, which .*put 1, rule back into `passwords`, below 2026-11/],
      [both, /knows password 1, rule, which .*put 1, rule back into `passwords`, below 2026-11/],
    ] as const) {
      await restoreVersion(fixture.auth0, fixture.actionId, version)
      await assert.rejects(fixture.run(), (error) => error instanceof Problem && sentence.test(error.message))
    }
  })

  it('refuses where the dashboard restored the version before the last `up`, and says how to continue', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'old')
    await fixture.up(OLD, NEW, RULE)
    const [before, after] = [fixture.deployedVersion(), await fixture.up(NEW, OLD, RULE)]
    await restoreVersion(fixture.auth0, fixture.actionId, before)
    await assert.rejects(
      fixture.run(),
      /`npx pulumi up --refresh`.*an older version was restored: deploy the last version again in the dashboard/,
    )
    assert.ok(fixture.isOn(email, OLD))
    await restoreVersion(fixture.auth0, fixture.actionId, after)
    assert.equal((await fixture.run()).report.moved, 1)
  })

  it('refuses where the settings of the deployed version cannot be read, and says why', async () => {
    fixture.addUsers(1, OLD, 'old')
    const { code } = fixture.deployment(fixture.passwords)
    for (const [edited, sentence] of [
      [`// Edited.\n${code}`, /cannot be read: its code does not begin with them/],
      ['exports.onExecutePostLogin = async () => {}', /cannot be read: its code does not begin with them/],
      [code.replace('"perUser": true', '"perUser": !0'), /cannot be read: they are no JSON/],
      [code.replace('"perUser": true', '"perUser": 1'), /somebody edited passwords\.0\.perUser/],
      [code.replace('"identity"', '"pepper": "x",\n  "identity"'), /another version of this program.*pepper/],
      [code.replace('"identity": "email",', ''), /another version of this program.*identity/],
    ] as const) {
      assert.notEqual(edited, code)
      await deployAgain(fixture.auth0, fixture.actionId, { code: edited })
      await assert.rejects(fixture.run(), (error) => error instanceof Problem && sentence.test(error.message))
    }
    assert.deepEqual(fixture.takeRequests(), [])
  })

  it('reads the Action with client credentials too, and says what is missing or refused', async () => {
    const { id, secret } = fixture.auth0.client
    const client = { AUTH0_API_TOKEN: '', AUTH0_CLIENT_ID: id, AUTH0_CLIENT_SECRET: secret }
    assert.ok((await fixture.run([], { environment: client })).report.finished)
    for (const [environment, sentence] of [
      [{ AUTH0_DOMAIN: '' }, /AUTH0_DOMAIN is not set/],
      [{ AUTH0_API_TOKEN: '' }, /needs AUTH0_API_TOKEN, or AUTH0_CLIENT_ID/],
      [{ AUTH0_API_TOKEN: 'expired' }, /refused the token/],
      [{ AUTH0_API_TOKEN: fixture.auth0.tokenWith([]) }, /lacks the scope read:actions/],
      [{ ...client, AUTH0_CLIENT_SECRET: 'wrong' }, /refused AUTH0_CLIENT_ID/],
      [{ AUTH0_DOMAIN: 'localhost:1' }, /cannot be reached/],
    ] as const) {
      await assert.rejects(fixture.run([], { environment }), sentence)
    }
  })
})

describe('npm run passwords, when something is deployed meanwhile', () => {
  let fixture: Fixture

  beforeEach(async () => {
    fixture = await Fixture.open()
  })
  afterEach(() => fixture.close())

  const changes = () => fixture.app.requests.filter(({ method }) => method === 'PUT').length

  it('stops within a page, and the next run handles every user again', async () => {
    const emails = fixture.addUsers(250, OLD, 'old')
    const run = fixture.run()
    await until(() => changes() > 5)
    await fixture.up(NEW, OLD, RULE)
    const { report } = await run
    assert.equal(report.stopped?.code, 'redeployed')
    assert.ok(report.moved < 100, `${report.moved} users were moved`)
    assert.deepEqual([report.finished, report.canBeRetired], [false, []])

    const again = await fixture.run()
    assert.deepEqual([again.report.moved + again.report.current, again.report.finished], [250, true])
    assert.ok(emails.every((email) => fixture.isOn(email, NEW)))
  })

  it('continues while Auth0 does not answer for a moment, and stops if it stays silent', async () => {
    fixture.addUsers(900, NEW, 'current')
    const run = fixture.run(['--apply'])
    await until(() => fixture.app.requests.length > 5)
    await fixture.auth0.close()
    const { length } = fixture.app.requests
    const { report } = await run
    assert.deepEqual([report.stopped?.code, report.finished], ['deployment_unclear', false])
    assert.ok(fixture.app.requests.length > length + 20)
  })
})
