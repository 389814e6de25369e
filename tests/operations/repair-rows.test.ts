// `--repair` if it is not clear which row a login opens.
import assert from 'node:assert/strict'
import { Problem } from '../../operations/problem.ts'
import { deployAgain } from '../management.ts'
import { THEIRS, useAccounts } from './accounts.ts'
import { NEW } from './fixture.ts'

describe('npm run passwords -- --repair, where rows could be taken for each other', () => {
  const accounts = useAccounts()

  /** A second row that Backendless now treats as the same identity, although it did not when the row was created. */
  function twin(email: string): void {
    accounts.fixture.app.settings.compare = 'exact'
    accounts.fixture.app.addUser({ email, password: THEIRS })
    accounts.fixture.app.settings.compare = 'ignoreCase'
  }

  const rowId = (email: string) => {
    const { compare } = accounts.fixture.app.settings
    accounts.fixture.app.settings.compare = 'exact'
    const id = accounts.fixture.app.user(email)?.objectId
    accounts.fixture.app.settings.compare = compare
    assert.ok(id)
    return id
  }

  const changes = () => accounts.fixture.app.requests.filter(({ method }) => method === 'PUT').length

  it('refuses where two rows have the identity, and names them', async () => {
    twin('User0@example.com')
    await assert.rejects(accounts.repair(['user0@example.com'], 'yes'), (error) => {
      const ids = ['user0@example.com', 'User0@example.com'].map((email) => rowId(email))
      return error instanceof Problem && ids.every((id) => error.message.includes(id))
    })
    assert.equal(changes(), 0)
    assert.ok(!accounts.written.includes('Type yes'))
  })

  it('sets no password on a row that a login may not open: one of two rows, or one that no search finds', async () => {
    twin('User0@example.com')
    accounts.fixture.app.settings.compare = 'exact'
    accounts.fixture.app.addUser({ email: 'Alone@example.com', password: THEIRS })
    const report = await accounts.repair(['--all'], accounts.fixture.app.appId)
    assert.ok(typeof report !== 'string')
    assert.deepEqual([report.moved, report.skipped, report.finished], [4, {}, true])
    assert.deepEqual(report.failed, { other_row: 1, not_found: 1 })
    // A sign-in may open the unchanged row if a login compares more loosely than a search.
    assert.deepEqual(report.canBeRetired, [])
    assert.equal(changes(), 4)
    assert.ok(accounts.fixture.app.passwordIs('User0@example.com', THEIRS))
    assert.ok(accounts.fixture.isOn('user0@example.com', NEW))

    accounts.fixture.app.settings.compare = 'ignoreCase'
    const loose = await accounts.repair(['--all'], accounts.fixture.app.appId)
    assert.ok(typeof loose !== 'string')
    assert.deepEqual([loose.moved, loose.failed, loose.canBeRetired], [4, { other_row: 2 }, []])
  })

  it('sets no password on rows that Auth0 distinguishes and Backendless does not, and continues', async () => {
    const { settings } = accounts.fixture.app
    const stack = accounts.fixture.stack.bind(accounts.fixture)
    accounts.fixture.stack = () => ({ ...stack(), identity: 'user_id', identityColumn: 'auth0Id' })
    await deployAgain(
      accounts.fixture.auth0,
      accounts.fixture.actionId,
      accounts.fixture.deployment(accounts.fixture.passwords, {
        identity: 'user_id',
        identityColumn: 'auth0Id',
      }),
    )
    settings.identityColumn = 'auth0Id'
    settings.compare = 'exact'
    for (const auth0Id of ['auth0|ab', 'auth0|Ab'])
      accounts.fixture.app.addUser({ auth0Id, password: THEIRS })
    settings.compare = 'ignoreCase'
    accounts.fixture.app.addUser({ auth0Id: 'auth0|cd', password: THEIRS })
    await assert.rejects(accounts.repair(['auth0|Ab'], 'yes'), /More than one row/)
    await assert.rejects(accounts.repair(['auth0|CD'], 'yes'), /row of another identity/)
    assert.equal(changes(), 0)

    const report = await accounts.repair(['--all', '--concurrency', '1'], accounts.fixture.app.appId)

    assert.ok(typeof report !== 'string')
    assert.deepEqual([report.stopped, report.moved, changes()], [undefined, 1, 1])
    assert.deepEqual([report.failed, report.skipped], [{ other_row: 2 }, { no_identity: 4 }])
    settings.compare = 'exact'
    for (const identity of ['auth0|ab', 'auth0|Ab'])
      assert.ok(accounts.fixture.app.passwordIs(identity, THEIRS))
  })

  it('does not search for an identity that could be read in two ways', async () => {
    const email = 'a\\b@example.com'
    accounts.fixture.app.addUser({ email, password: THEIRS })
    await assert.rejects(accounts.repair([email], 'yes'), /not confirmed/)
    const report = await accounts.repair(['--all'], accounts.fixture.app.appId)
    assert.ok(typeof report !== 'string')
    assert.deepEqual([report.moved, report.failed], [4, { backslash: 1 }])
    assert.ok(accounts.fixture.app.passwordIs(email, THEIRS))
  })
})
