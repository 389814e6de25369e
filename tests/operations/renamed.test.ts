// Rows that a sign-in renames while the command sets their password.
import assert from 'node:assert/strict'
import { until } from '../management.ts'
import { THEIRS, useAccounts } from './accounts.ts'
import { NEW, OLD, PasswordsFixture } from './fixture.ts'

describe('npm run passwords, beside a sign-in that renames the row', () => {
  let fixture: PasswordsFixture

  beforeEach(async () => {
    fixture = await PasswordsFixture.open({ multipleLogins: true, maxConcurrentLogins: 100 })
  })
  afterEach(() => fixture.close())

  it('sets the password of the row’s new address', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'ada')
    fixture.app.faults.add({ route: 'PUT /users/*', nth: 1, fault: { kind: 'delay', ms: 200 } })
    const run = fixture.run()
    await until(() => fixture.app.requests.some(({ method }) => method === 'PUT'))
    await fixture.rename(email, 'lovelace@example.com', NEW)
    const { report } = await run
    assert.ok(fixture.isOn('lovelace@example.com', NEW))
    assert.deepEqual([report.moved, report.failed, report.stopped], [1, {}, undefined])
    assert.deepEqual(fixture.app.sessionsOf('lovelace@example.com'), [])
  })

  it('does not stop the pass where the row is renamed, or deleted, just after the change', async () => {
    const [email = ''] = fixture.addUsers(1, OLD, 'ada')
    fixture.app.faults.add({ route: 'GET /users/logout', nth: 1, fault: { kind: 'delay', ms: 200 } })
    const run = fixture.run()
    await until(() => fixture.isOn(email, NEW))
    await fixture.rename(email, 'lovelace@example.com', NEW)
    const { report } = await run
    assert.deepEqual([report.finished, report.failed], [true, { renamed: 1 }])
    assert.equal((await fixture.run()).report.current, 1)
  })

  it('completes the change if it has to stop', async () => {
    fixture.addUsers(1, OLD, 'ada')
    fixture.app.faults.add({
      route: 'PUT /users/*',
      fault: { kind: 'rewrite', body: () => JSON.stringify({ email: 'two\nlines@example.com' }) },
    })
    const { report } = await fixture.run()
    assert.deepEqual([report.failed, report.canBeRetired], [{ renamed: 1 }, []])
    assert.deepEqual(fixture.app.sessionsOf('ada0@example.com'), [])
  })
})

describe('npm run passwords -- --repair, beside a sign-in that renames the row', () => {
  const accounts = useAccounts()

  it('reads the row again, and sets the password of its new address', async () => {
    const { fixture } = accounts
    fixture.app.faults.add({ route: 'PUT /users/*', nth: 1, fault: { kind: 'delay', ms: 200 } })
    const repair = accounts.repair(['user0@example.com'], 'yes')
    await until(() => fixture.app.requests.some(({ method }) => method === 'PUT'))
    await fixture.rename('user0@example.com', 'lovelace@example.com', OLD)
    assert.match(String(await repair), /^Done: /)
    assert.ok(fixture.isOn('lovelace@example.com', NEW))
    assert.ok(!fixture.app.passwordIs('lovelace@example.com', THEIRS))
  })
})
