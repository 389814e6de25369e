// The bundle as Auth0 received it, in the Action host: the main cases once more.
import assert from 'node:assert/strict'
import { type EventOverrides, type LocalAuth0, loginEvent, startAuth0 } from '../../local/auth0/index.ts'
import type { LocalBackendless } from '../../local/backendless/index.ts'
import { deployEmbedded } from '../../local/deploy/index.ts'
import { backendless, closeAll, firstSignIn, REFRESH } from './sign-in.ts'

const CLAIM = 'https://api.backendless.com/userToken'

describe('the deployed Action', () => {
  let auth0: LocalAuth0
  let app: LocalBackendless

  before(async () => {
    auth0 = await startAuth0()
    app = await backendless()
    await deployEmbedded({
      auth0,
      config: { appId: app.appId, serverUrl: app.url, clients: ['*'], budgetMs: 3000 },
      secretConfig: { apiKey: app.keys.rest },
    })
  })
  after(() => Promise.all([auth0.close(), closeAll()]))
  afterEach(() => app.faults.clear())

  async function signIn(event: EventOverrides) {
    const before = app.requests.length
    const result = await auth0.signIn(loginEvent(event))
    const requests = app.requests.slice(before).map(({ method, path }) => `${method} ${path}`)
    return { ...result, requests, line: result.logs[0]?.text ?? '' }
  }

  it('registers a new user, and signs the same one in with one request', async () => {
    const first = await signIn(firstSignIn())
    assert.deepEqual(first.requests, ['POST /users/register', 'POST /users/login'])
    const second = await signIn({})
    assert.deepEqual(second.requests, ['POST /users/login'])
    for (const { idToken } of [first, second]) {
      assert.equal(app.ownerOf(String(idToken[CLAIM]))?.email, 'ada@example.com')
    }
  })

  it('keeps its connection from one sign-in to the next', async () => {
    await signIn({})
    await signIn({})
    assert.ok(app.requests.at(-1)?.reusedConnection)
  })

  it('puts the token into the ID token alone', async () => {
    const { accessToken, idToken } = await signIn({})
    assert.deepEqual([Object.keys(accessToken), Object.keys(idToken)], [[], [CLAIM]])
  })

  it('denies with a code, a sentence and the reference in the log', async () => {
    app.addUser({ email: 'eve@example.com', password: 'somebody else knows this' })
    const { outcome, reason = '', line } = await signIn({ user: { email: 'eve@example.com' } })
    assert.equal(outcome, 'denied')
    const reference = /^password_mismatch: .* Reference: (\w{6})$/.exec(reason)?.[1]
    assert.ok(reference && line.includes(` ref=${reference} `), `${reason} / ${line}`)
  })

  it('lets a refresh go on while Backendless hangs, within the budget', async () => {
    app.faults.add({ route: '*', fault: { kind: 'hang' } })
    const { outcome, idToken, milliseconds, line } = await signIn(REFRESH)
    assert.deepEqual([outcome, Object.keys(idToken)], ['continue', []])
    assert.match(line, / code=timeout /)
    assert.ok(milliseconds < 5000)
  })

  it('serves interleaved sign-ins without mixing up users, tokens or log lines', async () => {
    const users = Array.from({ length: 40 }, (_, index) => `user${index}@example.com`)
    const results = await Promise.all(
      users.map((email, index) =>
        auth0.signIn(
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
      const owner = app.ownerOf(String(idToken[CLAIM]))?.email
      assert.deepEqual([outcome, owner], index % 4 === 0 ? ['denied', undefined] : ['continue', users[index]])
      assert.equal(logs.length, 1)
      const text = logs[0]?.text ?? ''
      assert.equal(text.trim().split('\n').length, 1)
      references.add(/ ref=(\w{6}) /.exec(text)?.[1] ?? '')
    })
    assert.equal(references.size, users.length)
    assert.deepEqual(auth0.strayErrors, [])
  })
})
