// The conditions on the deployed version before a user is moved.
import assert from 'node:assert/strict'
import { Problem } from '../../operations/problem.ts'
import { appIdFingerprint } from '../../provisioning/fingerprint.ts'
import { deployAgain, restoreVersion, until } from '../management.ts'
import { bind, NEW, OLD, PasswordsFixture, RULE } from './fixture.ts'

/** What to do about a deployed version that is not the stack's. */
const TO_DO =
  /If the configuration is what you want, run `npx pulumi up --refresh`: .* If it finds no changes, an older version was restored: deploy the last version again in the dashboard/

describe('npm run passwords, before it begins', () => {
  let fixture: PasswordsFixture

  beforeEach(async () => {
    fixture = await PasswordsFixture.open()
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

  it('refuses where the deployed version is for another Backendless application', async () => {
    fixture.addUsers(1, OLD, 'old')
    const { actionId, passwords, app } = fixture
    const other = appIdFingerprint('7C29A5E4-1B38-4D06-9F2A-83E5D1B0C647')
    await deployAgain(fixture.auth0, actionId, fixture.deployment(passwords, { appIdFingerprint: other }))
    const ours = appIdFingerprint(app.appId)
    const sentence = `is for another Backendless application (appIdFingerprint ${other}) than the configured one (${ours})`
    await assert.rejects(
      fixture.run(),
      (error) => error instanceof Problem && error.message.includes(sentence) && TO_DO.test(error.message),
    )
    await assert.rejects(fixture.run([]), Problem)
    assert.deepEqual(fixture.takeRequests(), [])
    await deployAgain(fixture.auth0, actionId, fixture.deployment(passwords, { appIdFingerprint: ours }))
    assert.equal((await fixture.run()).report.moved, 1)
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

  it('says where the value of such a password is: in the stack, or in the vault alone', async () => {
    await fixture.up(OLD, RULE)
    const before = fixture.deployedVersion()
    await fixture.up(NEW)
    await restoreVersion(fixture.auth0, fixture.actionId, before)
    const vault = (id: string, perUser: boolean) =>
      `The stack no longer has the value of ${id}: take it from the vault (docs/state.md), and give the entry \`perUser: ${perUser}\`.`
    const message = async () => {
      const error: unknown = await fixture.run().catch((error) => error)
      return error instanceof Problem ? error.message : ''
    }
    fixture.retired = [OLD]
    assert.ok((await message()).endsWith(`and try again. ${vault('rule', false)}`))
    fixture.retired = []
    assert.ok((await message()).endsWith(`and try again. ${vault('1', true)} ${vault('rule', false)}`))
  })

  it('says which to give up where three passwords are in use, and none can be put back beside them', async () => {
    const [fourth, fifth] = ['4', '5'].map((id) => ({ ...NEW, id }))
    assert.ok(fourth && fifth)
    await fixture.up(NEW, OLD, RULE)
    const neighbour = fixture.deployedVersion()
    await fixture.up(fourth, NEW, OLD)
    fixture.retired = [RULE]
    await restoreVersion(fixture.auth0, fixture.actionId, neighbour)
    const then =
      / Then run this command with `--apply`: it finds the users who are on a retired password, and says how to put that back\.$/
    await assert.rejects(fixture.run(), (error) => {
      assert.ok(error instanceof Problem)
      assert.match(error.message, /It knows password rule, which the configuration does not use\. At most 3/)
      assert.match(error.message, /: deploy the last version again in the dashboard\. Then run/)
      assert.match(error.message, then)
      return true
    })
    fixture.passwords = [fifth, fourth, NEW]
    fixture.retired = [OLD, RULE]
    await fixture.up(OLD, RULE)
    fixture.passwords = [fifth, fourth, NEW]
    await assert.rejects(fixture.run(), (error) => {
      assert.ok(error instanceof Problem)
      assert.match(error.message, /It moves users to password 1, which .*At most 3 passwords can be in use/)
      assert.match(
        error.message,
        /let `passwords` begin with 5, 1, rule in this order, set `retired: true` at 4, 2026-11, and run `npx pulumi up`\. Then/,
      )
      assert.match(error.message, then)
      return true
    })
    assert.deepEqual(fixture.takeRequests(), [])
  })

  it('refuses where the dashboard restored the version before the last `up`, and says how to continue', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'old')
    await fixture.up(OLD, NEW, RULE)
    const [before, after] = [fixture.deployedVersion(), await fixture.up(NEW, OLD, RULE)]
    await restoreVersion(fixture.auth0, fixture.actionId, before)
    await assert.rejects(fixture.run(), TO_DO)
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
      await assert.rejects(
        fixture.run(),
        (error) => error instanceof Problem && sentence.test(error.message) && TO_DO.test(error.message),
      )
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
  let fixture: PasswordsFixture

  beforeEach(async () => {
    fixture = await PasswordsFixture.open()
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
