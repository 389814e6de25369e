import assert from 'node:assert/strict'
import { Fixture } from './fixture.ts'

describe('npm run doctor, over Backendless', () => {
  let fixture: Fixture

  beforeEach(async () => {
    fixture = await Fixture.open()
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
    await fixture.fails({ registration: /to the registration of a throw-away user/ }, ['--try-user'])
  })

  it('fails where a second login is refused, and warns where it ends the first session', async () => {
    Object.assign(fixture.app.settings, { multipleLogins: false, logoutLastUser: true })
    await fixture.fails({ 'multiple logins': /code 3002 to a second login/ }, ['--try-user'])
    fixture.app.settings.logoutLastUser = false
    await fixture.warns({ 'multiple logins': /ended the first session/ }, ['--try-user'])
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
  })

  it('deletes the throw-away user, and names the one that it may not delete', async () => {
    const rows = () => fixture.app.requests.filter(({ method }) => method === 'DELETE').length
    await fixture.warns({}, ['--try-user'])
    assert.equal(rows(), 1)
    fixture.app.settings.deleteAllowed = false
    await fixture.warns({ 'throw-away user': /^The throw-away user [-0-9A-F]{36} stays: .*1014/ }, [
      '--try-user',
    ])
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
