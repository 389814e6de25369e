// `--repair <identity>` and the owner of the row, with the deployed Action.
import assert from 'node:assert/strict'
import { loginEvent } from '@backendless-login/local-auth0'
import { deployAgain } from '../management.ts'
import { SETTINGS } from '../settings.ts'
import { useAccounts } from './accounts.ts'

const CLAIM = SETTINGS.claim
const EMAIL = 'user0@example.com'
const COLUMN = 'auth0Id'

describe('npm run passwords -- --repair, with an owner column', () => {
  const accounts = useAccounts()

  /** The row of EMAIL belongs to a user who no longer exists. */
  async function owned(): Promise<void> {
    const { fixture } = accounts
    fixture.app.addColumns(COLUMN)
    fixture.ownerColumn = COLUMN
    await deployAgain(fixture.auth0, fixture.actionId, fixture.deployment(fixture.passwords))
    const { objectId } = fixture.app.user(EMAIL) ?? {}
    const answer = await fetch(
      `${fixture.app.url}/${fixture.app.appId}/${fixture.app.keys.codeRunner}/users/${objectId}`,
      {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ [COLUMN]: 'auth0|gone' }),
      },
    )
    assert.equal(answer.status, 200)
  }

  const owner = () => accounts.fixture.app.user(EMAIL)?.[COLUMN]
  const signIn = async (user_id: string) => {
    const user = { user_id, email: EMAIL, identities: [] }
    const client = { client_id: SETTINGS.clients[0] ?? '' }
    const { idToken, reason = '' } = await accounts.fixture.auth0.signIn(loginEvent({ user, client }))
    return { email: accounts.fixture.app.ownerOf(String(idToken[CLAIM]))?.email, reason }
  }

  it('sets the owner that --owner names: that user gets in, and nobody else', async () => {
    await owned()
    const done = await accounts.repair([EMAIL, '--owner', 'auth0|new'], 'yes')
    assert.match(accounts.written, /Owner \(auth0Id\): auth0\|gone\. It is set to auth0\|new/)
    assert.match(String(done), /Its owner \(auth0Id\) is auth0\|new/)
    assert.equal(owner(), 'auth0|new')
    assert.match((await signIn('auth0|other')).reason, /^owner_mismatch: /)
    assert.equal((await signIn('auth0|new')).email, EMAIL)
  })

  it('clears the owner without --owner, and the next sign-in with the address claims the row', async () => {
    await owned()
    const done = await accounts.repair([EMAIL], 'yes')
    assert.match(String(done), /is cleared, and the next sign-in with this address claims the row/)
    assert.ok(!owner())
    assert.equal((await signIn('auth0|next')).email, EMAIL)
    assert.equal(owner(), 'auth0|next')
  })

  it('leaves the owners alone with --all', async () => {
    await owned()
    const report = await accounts.repair(['--all'], accounts.fixture.app.appId)
    assert.ok(typeof report !== 'string')
    assert.equal(report.moved, 4)
    assert.equal(owner(), 'auth0|gone')
  })

  it('refuses --owner where no owner column is deployed, and changes nothing', async () => {
    await assert.rejects(
      accounts.repair([EMAIL, '--owner', 'auth0|new'], 'yes'),
      /has no owner column.*Set `ownerColumn`/,
    )
    assert.ok(!accounts.fixture.app.requests.some(({ method }) => method === 'PUT'))
  })

  it('refuses where the table has no such column', async () => {
    const { fixture } = accounts
    fixture.ownerColumn = 'missing'
    await deployAgain(fixture.auth0, fixture.actionId, fixture.deployment(fixture.passwords))
    await assert.rejects(
      accounts.repair([EMAIL], 'yes'),
      /shows no column missing.*Create it in the Users table/,
    )
  })
})
