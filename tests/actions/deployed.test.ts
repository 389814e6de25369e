// The main cases once more, with the deployed Action.
import assert from 'node:assert/strict'
import { type EventOverrides, loginEvent } from '@backendless-login/local-auth0'
import { useDeployedAction } from './deployed-action.ts'
import { firstSignIn, REFRESH } from './sign-in.ts'

const CLAIM = 'https://api.backendless.com/userToken'

describe('the deployed Action', () => {
  const action = useDeployedAction({ budgetMs: 3000 })
  afterEach(() => action().app.faults.clear())

  async function signIn(event: EventOverrides) {
    const before = action().app.requests.length
    const result = await action().auth0.signIn(loginEvent(event))
    const requests = action()
      .app.requests.slice(before)
      .map(({ method, path }) => `${method} ${path}`)
    return { ...result, requests, line: result.logs[0]?.text ?? '' }
  }

  it('registers a new user, and signs the same one in with one request', async () => {
    const first = await signIn(firstSignIn())
    assert.deepEqual(first.requests, ['POST /users/register', 'POST /users/login'])
    const second = await signIn({})
    assert.deepEqual(second.requests, ['POST /users/login'])
    for (const { idToken } of [first, second]) {
      assert.equal(action().app.ownerOf(String(idToken[CLAIM]))?.email, 'ada@example.com')
    }
  })

  it('keeps its connection from one sign-in to the next', async () => {
    await signIn({})
    await signIn({})
    assert.ok(action().app.requests.at(-1)?.reusedConnection)
  })

  it('puts the token into the ID token alone', async () => {
    const { accessToken, idToken } = await signIn({})
    assert.deepEqual([Object.keys(accessToken), Object.keys(idToken)], [[], [CLAIM]])
  })

  it('denies with a code, a sentence and the reference in the log', async () => {
    action().app.addUser({ email: 'eve@example.com', password: 'somebody else knows this' })
    const { outcome, reason = '', line } = await signIn({ user: { email: 'eve@example.com' } })
    assert.equal(outcome, 'denied')
    const reference = /^password_mismatch: .* Reference: (\w{6})$/.exec(reason)?.[1]
    assert.ok(reference && line.includes(` ref=${reference} `), `${reason} / ${line}`)
  })

  it('lets a refresh go on while Backendless hangs, within the budget', async () => {
    action().app.faults.add({ route: '*', fault: { kind: 'hang' } })
    const { outcome, idToken, milliseconds, line } = await signIn(REFRESH)
    const reference = / code=timeout ref=(\w{6}) /.exec(line)?.[1]
    assert.deepEqual([outcome, idToken], ['continue', { [`${CLAIM}Problem`]: `timeout ${reference}` }])
    assert.ok(milliseconds < 5000)
  })

  it('serves interleaved sign-ins without mixing up users, tokens or log lines', async () => {
    const users = Array.from({ length: 40 }, (_, index) => `user${index}@example.com`)
    const results = await Promise.all(
      users.map((email, index) =>
        action().auth0.signIn(
          loginEvent(
            index % 4 === 0
              ? { user: { email, email_verified: false } }
              : firstSignIn({ email, user_id: `auth0|${index}` }),
          ),
        ),
      ),
    )
    const references = new Set<string>()
    results.forEach(({ outcome, idToken, logs }, index) => {
      const owner = action().app.ownerOf(String(idToken[CLAIM]))?.email
      assert.deepEqual([outcome, owner], index % 4 === 0 ? ['denied', undefined] : ['continue', users[index]])
      assert.equal(logs.length, 1)
      const text = logs[0]?.text ?? ''
      assert.equal(text.trim().split('\n').length, 1)
      references.add(/ ref=(\w{6}) /.exec(text)?.[1] ?? '')
    })
    assert.equal(references.size, users.length)
    assert.deepEqual(action().auth0.strayErrors, [])
  })
})

describe('the deployed Action with an owner column', () => {
  const action = useDeployedAction({ ownerColumn: 'auth0Owner' })

  /** A user of the tenant, with the `app_metadata` that the Action has written so far. */
  function userWith(email: string, id: string) {
    return { email, id, app_metadata: {} }
  }

  async function signIn(user: ReturnType<typeof userWith>, first = false) {
    const { email, id, app_metadata } = user
    const identities = [{ provider: 'auth0', connection: 'Username-Password-Authentication', user_id: id }]
    const person = { email, user_id: `auth0|${id}`, identities, app_metadata }
    const event = loginEvent(first ? firstSignIn(person) : { user: person })
    const { idToken, logs, appMetadata } = await action().auth0.signIn(event)
    user.app_metadata = { ...app_metadata, ...appMetadata }
    const code = / code=(\S+)/.exec(logs[0]?.text ?? '')?.[1]
    return { code, row: action().app.ownerOf(String(idToken[CLAIM]))?.objectId }
  }

  it('lets a row follow its owner to a changed address, and keeps the next holder of the old one out of it', async () => {
    const ada = userWith('old@example.com', 'ada')
    const { row } = await signIn(ada, true)
    assert.ok(row)
    ada.email = 'new@example.com'
    const bob = userWith('old@example.com', 'bob')
    assert.deepEqual(await signIn(bob, true), { code: 'owner_mismatch', row: undefined })
    assert.deepEqual(await signIn(ada), { code: 'renamed', row })
    assert.deepEqual(await signIn(ada), { code: 'ok', row })
    const later = await signIn(bob)
    assert.equal(later.code, 'ok')
    assert.notEqual(later.row, row)
    assert.deepEqual(Object.values(ada.app_metadata), [{ identity: 'new@example.com' }])
  })
})
