import assert from 'node:assert/strict'
import { until } from '../../management.ts'
import { bind } from '../fixture.ts'
import { DoctorFixture } from './fixture.ts'

describe('npm run doctor, over Backendless', () => {
  let fixture: DoctorFixture

  beforeEach(async () => {
    fixture = await DoctorFixture.open()
  })
  afterEach(() => fixture.close())

  it('fails for a configuration that is not usable, and checks nothing that needs it', async () => {
    fixture.raw = { ...fixture.raw, budgetMs: '1' }
    const findings = await fixture.fails({ config: /budgetMs must be 1000 or more/ })
    const unchecked = findings.filter(({ result }) => result === 'not checked').map(({ name }) => name)
    assert.ok(unchecked.includes('backendless') && unchecked.includes('code'))
    assert.equal(fixture.app.requests.length, 0)
  })

  it('fails where nothing answers, or something else does', async () => {
    fixture.app.faults.add({ route: '*', fault: { kind: 'reset' } })
    await fixture.fails({ backendless: /gave no answer/ })
    fixture.app.faults.clear()
    fixture.app.faults.add({ route: '*', fault: { kind: 'answer', status: 200, body: { hello: 1 } } })
    await fixture.fails({ backendless: /Nothing at serverUrl answers as Backendless does \(answered 200\)/ })
  })

  it('warns of slow answers, and fails for those that no sign-in waits for', async () => {
    fixture.app.faults.add({ route: 'GET /users/isvalid*', nth: 2, fault: { kind: 'delay', ms: 1_050 } })
    await fixture.warns({ 'response time': /took 1\d{3} ms/ })
    fixture.app.faults.add({ route: 'GET /users/isvalid*', nth: 2, fault: { kind: 'delay', ms: 2_550 } })
    await fixture.fails({ 'response time': /A sign-in waits 2500 ms/ })
  })

  it('fails for a key that Backendless does not know', async () => {
    fixture.app.faults.add({ route: '*', fault: { kind: 'code', code: 2002 } })
    await fixture.fails({ application: /does not know the application id or the key \(.*2002\)/ })
  })

  it('fails where registration is closed, whether or not that has a code', async () => {
    fixture.app.settings.registration = 'closed'
    await fixture.fails({ registration: /closed for this key \(answered 403, code 3009\)/ })
    fixture.app.settings.closedHasCode = false
    await fixture.fails({ registration: /closed for this key \(answered 403/ })
    await fixture.fails({ registration: /403 to the registration of a throw-away user/ }, ['--try-user'])
  })

  it('fails where an empty registration is accepted, and warns of an answer that does not tell', async () => {
    const route = 'POST /users/register'
    fixture.app.faults.add({ route, fault: { kind: 'answer', status: 200, body: {} } })
    await fixture.fails({ registration: /accepted a registration without identity and password/ })
    fixture.app.faults.clear()
    fixture.app.faults.add({ route, fault: { kind: 'code', code: 3021 } })
    await fixture.warns({ registration: /3021 .*to an empty registration, which does not tell/ })
  })

  it('warns of a configuration that opens more than it needs to', async () => {
    fixture.raw = { ...fixture.raw, clients: '["*"]' }
    fixture.only('warning', await fixture.run(), { config: /clients/ })
  })

  it('fails where a second login is refused, and warns where it ends the first session', async () => {
    Object.assign(fixture.app.settings, { multipleLogins: false, logoutLastUser: true })
    await fixture.fails({ 'multiple logins': /code 3002 to a second login/ }, ['--try-user'])
    fixture.app.settings.logoutLastUser = false
    await fixture.warns({ 'multiple logins': /ended the first session/ }, ['--try-user'])
    // After the three requests of the response time.
    fixture.app.faults.add({ route: 'GET /users/isvalid*', nth: 4, fault: { kind: 'reset' } })
    await fixture.warns({ 'multiple logins': /did not say whether the first session/ }, ['--try-user'])
  })

  it('fails where a new user cannot log in before confirming an address', async () => {
    fixture.app.settings.confirmation = true
    const findings = await fixture.fails({ 'multiple logins': /3087 .*wants e-mail addresses confirmed/ }, [
      '--try-user',
    ])
    assert.equal(findings.find(({ name }) => name === 'lock-out')?.result, 'not checked')
  })

  it('fails where the lock-out leaves no room for a sign-in, or none for a rotation', async () => {
    fixture.app.settings.successForgetsFailures = true
    fixture.app.settings.failedLoginsLock = 2
    await fixture.fails({ 'lock-out': /After 2 failed logins .*3036/ }, ['--try-user'])
    fixture.app.settings.failedLoginsLock = 3
    await fixture.fails({ rotation: /After 3 failed logins.*3036/ }, ['--try-user'])
    fixture.raw = { ...fixture.raw, passwords: '[{"id":"2"},{"id":"1"}]' }
    fixture.actionId = undefined
    await fixture.fails({ 'lock-out': /After 3/, 'action name': /another Action/ }, ['--try-user'])
  })

  it('warns where a user can have a new password sent', async () => {
    fixture.app.settings.recovery = true
    await fixture.warns({ 'recovery mails': /Anyone can have a new password sent/ }, ['--try-user'])
    fixture.app.faults.add({ route: '* /users/restorepassword/*', fault: { kind: 'code', code: 999 } })
    await fixture.warns({ 'recovery mails': /999.*did not say that recovery is off/ }, ['--try-user'])
  })

  it('deletes both throw-away users, and names those that it may not delete', async () => {
    await fixture.warns({}, ['--try-user'])
    assert.deepEqual(await fixture.throwAwayUsers(), [])
    fixture.app.settings.deleteAllowed = false
    await fixture.warns(
      {
        'throw-away user':
          /^The throw-away user [-0-9A-F]{36} stays: .*1014.*\nThe throw-away user [-0-9A-F]{36} stays: .*1014/,
      },
      ['--try-user'],
    )
  })

  it('deletes a throw-away user whose registration was not answered', async () => {
    fixture.app.faults.add({ route: 'POST /users/register', nth: 2, fault: { kind: 'reset', after: true } })
    await fixture.fails({ registration: /gave no answer to the registration of a throw-away user/ }, [
      '--try-user',
    ])
    assert.deepEqual(await fixture.throwAwayUsers(), [])
  })

  it('deletes the throw-away users if it is interrupted', async () => {
    const { length } = process.listeners('SIGTERM')
    const run = assert.rejects(fixture.run(['--try-user']), /^Problem: Interrupted\. .*deleted\.$/)
    await until(() =>
      fixture.app.requests.some(({ method, status }) => method === 'PUT' && status !== undefined),
    )
    process.emit('SIGTERM')
    await run
    assert.deepEqual(await fixture.throwAwayUsers(), [])
    assert.equal(process.listeners('SIGTERM').length, length)
  })

  it('sends the requests that its document names', async () => {
    await fixture.warns({}, ['--try-user'])
    const sent = (method: string, path: string) =>
      fixture.app.requests.filter((one) => one.method === method && one.path.startsWith(path))
    const logins = sent('POST', '/users/login')
    assert.deepEqual([logins.length, logins.filter(({ status }) => status === 401).length], [14, 5])
    assert.deepEqual([sent('PUT', '/').length, sent('DELETE', '/data/Users/').length], [8, 2])
  })

  it("fails where one user may write another's row, and says by which request", async () => {
    fixture.app.settings.ownRowOnly = false
    await fixture.fails(
      { 'other rows': /PUT \/users\/<objectId>, PUT \/data\/Users\/<objectId>, .* without a user token/ },
      ['--try-user'],
    )
    fixture.app.settings.passwordChange = false
    await fixture.fails({ 'other rows': /could write/, 'own password': /3024/ }, ['--try-user'])
    assert.deepEqual(await fixture.throwAwayUsers(), [])
  })

  it("warns where it cannot be told whether one user may write another's row", async () => {
    fixture.app.faults.add({ route: 'PUT /data/Users/*', nth: 1, fault: { kind: 'code', code: 999 } })
    await fixture.warns({ 'other rows': /code 999 to PUT \/data\/Users/ }, ['--try-user'])
  })

  it('fails where users may not change their own password, or where the new one does not open the row', async () => {
    const own = 'PUT /users/*'
    fixture.app.faults.add({ route: own, nth: 3, fault: { kind: 'code', code: 3029 } })
    await fixture.fails({ 'own password': /3029 .*a rotation can move nobody/ }, ['--try-user'])
    fixture.app.faults.clear()
    const row = { ___class: 'Users' }
    fixture.app.faults.add({ route: own, nth: 3, fault: { kind: 'answer', status: 200, body: row } })
    await fixture.fails({ 'own password': /3003 to the login with it\. A rotation would lock/ }, [
      '--try-user',
    ])
    fixture.app.faults.clear()
    fixture.app.faults.add({ route: own, nth: 3, fault: { kind: 'code', code: 999 } })
    await fixture.warns({ 'own password': /999 .*does not tell whether they may/ }, ['--try-user'])
  })

  it('says what becomes of the session when a user changes their own password', async () => {
    const session = async () =>
      (await fixture.run(['--try-user'])).find(({ name }) => name === 'own password')?.finding ?? ''
    assert.match(await session(), /The session before it lives on\.$/)
    fixture.app.settings.passwordChangeKillsTokens = true
    assert.match(await session(), /has ended, and a rotation logs in again\.$/)
  })

  it('fails where a row cannot follow a changed address, if an owner column asks for it', async () => {
    fixture.app.faults.add({ route: 'PUT /users/*', nth: 4, fault: { kind: 'code', code: 3018 } })
    await fixture.warns({ 'own identity': /3018 .*Only `ownerColumn` needs it/ }, ['--try-user'])
    fixture.app.faults.clear()
    fixture.app.addColumns('auth0Id')
    fixture.raw = { ...fixture.raw, ownerColumn: 'auth0Id' }
    fixture.actionId = undefined
    fixture.app.faults.add({ route: 'PUT /users/*', nth: 4, fault: { kind: 'code', code: 3018 } })
    await fixture.fails(
      { 'own identity': /3018 .*No row follows a changed address/, 'action name': /another Action/ },
      ['--try-user'],
    )
  })

  it('says how identities are compared, and warns where addresses with capitals are not found', async () => {
    const comparison = async () =>
      (await fixture.run(['--try-user'])).find(({ name }) => name === 'comparison')
    assert.match(
      (await comparison())?.finding ?? '',
      /loosely: upper and lower case and accents do not count/,
    )
    fixture.app.settings.compare = 'ignoreCase'
    assert.match((await comparison())?.finding ?? '', /loosely: upper and lower case do not count/)
    fixture.app.settings.compare = 'exact'
    await fixture.warns({ comparison: /exactly\. .*whose address has capitals/ }, ['--try-user'])
    fixture.app.faults.add({ route: 'POST /users/login', nth: 4, fault: { kind: 'code', code: 999 } })
    await fixture.warns({ comparison: /did not say/ }, ['--try-user'])
  })

  it('fails for an owner column that is not there, and warns of a column of the profile', async () => {
    await bind(fixture.auth0, [])
    fixture.actionId = undefined
    const isTaken = { 'action name': /another Action/ }
    fixture.raw = { ...fixture.raw, profile: '{"nickname":"nickname","name":"name"}' }
    const findings = await fixture.fails(isTaken)
    fixture.only('warning', findings, { columns: /^The table Users has no column nickname\.$/ })
    fixture.raw = { ...fixture.raw, ownerColumn: 'auth0Id' }
    await fixture.fails({ ...isTaken, columns: /has no column auth0Id, nickname\.$/ })
    fixture.app.addColumns('auth0Id', 'nickname')
    fixture.only('warning', await fixture.fails(isTaken), {})
  })

  it('looks at the row of a throw-away user where the key may not find users', async () => {
    fixture.app.settings.findAllowed = false
    fixture.actionId = undefined
    fixture.raw = { ...fixture.raw, ownerColumn: 'auth0Id' }
    const isTaken = { 'action name': /another Action/ }
    const unchecked = (await fixture.fails(isTaken)).filter(({ result }) => result === 'not checked')
    for (const name of ['columns', 'row owners'] as const) {
      assert.match(unchecked.find((each) => each.name === name)?.finding ?? '', /no permission FIND/)
    }
    await fixture.fails({ ...isTaken, columns: /no column auth0Id/ }, ['--try-user'])
    fixture.app.addColumns('auth0Id')
    await fixture.fails(isTaken, ['--try-user'])
  })

  it('says how far it read where Backendless stops listing rows', async () => {
    fixture.app.faults.add({ route: 'GET /data/Users', fault: { kind: 'code', code: 999 } })
    const unchecked = (await fixture.warns({})).filter(({ result }) => result === 'not checked')
    const finding = (name: string) => unchecked.find((each) => each.name === name)?.finding ?? ''
    assert.match(finding('columns'), /999.* to a list of users/)
    assert.match(finding('row owners'), /999.* after 0 rows/)
  })

  it('warns of rows that another user owns, read in pages as short as Backendless makes them', async () => {
    fixture.app.settings.maxPageSize = 2
    for (let n = 0; n < 6; n += 1) {
      fixture.app.addUser({
        email: `u${n}@example.com`,
        password: 'x',
        objectId: `ID-${n}`,
        ownerId: `ID-${n % 4}`,
      })
    }
    await fixture.warns({
      'row owners': /^Another user owns 2 of 7 rows: ID-4 \(ownerId ID-0\), ID-5 \(ownerId ID-1\)\.$/,
    })
  })

  it('reads the first 100 pages, and says so, unless every row is asked for', async () => {
    fixture.app.settings.maxPageSize = 1
    for (let n = 0; n < 120; n += 1) {
      // Rows of one millisecond are sorted by objectId.
      const objectId = `ID-${String(n).padStart(3, '0')}`
      const ownerId = n < 110 ? objectId : 'ID-000'
      fixture.app.addUser({ email: `u${n}@example.com`, password: 'x', objectId, ownerId })
    }
    const owners = (await fixture.run()).find(({ name }) => name === 'row owners')
    assert.equal(owners?.result, 'not checked')
    assert.match(owners?.finding ?? '', /^No other user owns any of the first 100 rows \(--all-rows/)
    await fixture.warns({ 'row owners': /owns 10 of 121 rows: .*, and others\.$/ }, ['--all-rows'])
  })

  it('writes nothing unless it is told to', async () => {
    await fixture.run()
    const writes = fixture.app.requests.filter(({ method }) => method !== 'GET')
    assert.deepEqual(
      writes.map(({ method, path, status }) => [method, path, status]),
      [['POST', '/users/register', 400]],
    )
  })
})
