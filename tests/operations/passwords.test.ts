import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { Problem } from '../../operations/problem.ts'
import { bind, deploy, Fixture, NEW, OLD, RULE } from './fixture.ts'

describe('npm run passwords', () => {
  let fixture: Fixture

  beforeEach(async () => {
    fixture = await Fixture.open()
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

  it('ends every session that it opened', async () => {
    const emails = [...fixture.addUsers(2, NEW, 'current'), ...fixture.addUsers(2, OLD, 'old')]
    await fixture.run()
    assert.deepEqual(
      emails.flatMap((email) => fixture.app.sessionsOf(email)),
      [],
    )
  })

  it('asks twice for a user on the current password, beside a share of a page', async () => {
    fixture.addUsers(150, NEW, 'current')
    const { report } = await fixture.run()
    const requests = fixture.takeRequests()
    assert.equal(requests.filter((each) => each === 'POST /users/login').length, 150)
    assert.equal(requests.filter((each) => each === 'GET /users/logout').length, 150)
    assert.equal(requests.filter((each) => each === 'POST /data/Users/find').length, 3)
    assert.equal(requests.length, 304)
    assert.deepEqual(report.requests, { find: 4, login: 150, change: 0, logout: 150 })
  })

  it('sees every user once where a page ends among users created at the same moment', async () => {
    fixture.addUsers(230, OLD, 'old', 1_700_000_000_000)
    const { report } = await fixture.run()
    assert.equal(report.moved, 230)
    assert.equal(report.requests.change, 230)
  })

  it('does not try a user on none of the passwords again', async () => {
    fixture.addUsers(2, 'their own password', 'own')
    fixture.addUsers(1, NEW, 'current')
    await fixture.run()
    fixture.takeRequests()

    const { report } = await fixture.run()

    assert.equal(fixture.takeRequests().filter((each) => each === 'POST /users/login').length, 1)
    assert.deepEqual([report.notOurs, report.current], [2, 1])
  })

  it('does not call a user not ours whom a sign-in moves between two of its logins', async () => {
    const [email = ''] = fixture.addUsers(1, NEW, 'moved')
    for (const nth of [1, 2, 3]) {
      // What it would have been told while the user was on a password that was tried too late.
      fixture.app.faults.add({ route: 'POST /users/login', nth, fault: { kind: 'code', code: 3003 } })
    }
    const { report } = await fixture.run()
    assert.deepEqual([report.current, report.notOurs], [1, 0])
    assert.ok(fixture.isOn(email, NEW))
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

  it('skips a row that no sign-in reaches, since another answers to the same address', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'ada')
    fixture.app.addUser({ email: 'Ada0@example.com', password: 'their own password' })
    const { report } = await fixture.run(['--apply', '--concurrency', '1'])
    assert.deepEqual([report.moved, report.skipped, report.failed], [1, { other_row: 1 }, {}])
    assert.ok(fixture.isOn(email, NEW))
    assert.ok(fixture.app.passwordIs('Ada0@example.com', 'their own password'))
    assert.deepEqual(report.canBeRetired, ['1', 'rule'])
  })

  it('refuses to run where the deployed Action does not know a password, or is not bound', async () => {
    fixture.addUsers(1, OLD, 'old')
    const bound = fixture.actionId
    fixture.actionId = await deploy(fixture.auth0, [OLD, RULE])
    await bind(fixture.auth0, [bound, fixture.actionId])
    await assert.rejects(
      fixture.run(),
      (error) => error instanceof Problem && /does not know password 2026-11/.test(error.message),
    )
    fixture.actionId = bound
    await bind(fixture.auth0, [])
    await assert.rejects(fixture.run(), /not bound/)
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

  it('refuses a state file of other passwords or of another application', async () => {
    fixture.addUsers(1, OLD, 'old')
    await fixture.run()
    fixture.passwords = [NEW, OLD]
    await assert.rejects(fixture.run(), /is of the passwords 2026-11, 1, rule/)
    const before = fixture.stack.bind(fixture)
    fixture.stack = () => ({ ...before(), appId: new Secret('another application') })
    await assert.rejects(fixture.run(), /is of another application/)
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
