// A Backendless that answers a login with a row which is meant to lead the next request astray.
import assert from 'node:assert/strict'
import { backendless, closeAll, PASSWORD, signIn } from '../sign-in.ts'

const ADA = 'ada@example.com'
const LOGIN = 'POST /users/login'

describe('a login answered with a strange objectId', () => {
  afterEach(closeAll)

  for (const [what, objectId] of [
    ['the folder above', '..'],
    ['the folder itself', '.'],
    ['nothing', ''],
    ['half a character', '\ud800'],
    ['no text', 7],
  ] as const) {
    it(`lets the user in without a change of password where it is ${what}`, async () => {
      const app = await backendless()
      const body = { email: ADA, objectId, 'user-token': 'a-token' }
      app.faults.add({ route: LOGIN, nth: 1, fault: { kind: 'code', code: 3003 } })
      app.faults.add({
        route: LOGIN,
        nth: 2,
        fault: { kind: 'answer', status: 200, body: JSON.stringify(body) },
      })
      const passwords = [
        { id: '2', perUser: true },
        { id: '1', perUser: false },
      ]
      const login = await signIn({ app, settings: { passwords }, secrets: { PASSWORD_2: PASSWORD } })
      assert.deepEqual([login.claim, login.code, login.requests], ['a-token', 'not_moved', [LOGIN, LOGIN]])
    })
  }

  it('never leaves the path of the users', async () => {
    const app = await backendless()
    const objectId = '../../data/Users?where=%27/#'
    const body = { email: ADA, objectId, 'user-token': 'a-token' }
    app.faults.add({ route: LOGIN, nth: 1, fault: { kind: 'code', code: 3003 } })
    app.faults.add({
      route: LOGIN,
      nth: 2,
      fault: { kind: 'answer', status: 200, body: JSON.stringify(body) },
    })
    const passwords = [
      { id: '2', perUser: true },
      { id: '1', perUser: false },
    ]
    const login = await signIn({ app, settings: { passwords }, secrets: { PASSWORD_2: PASSWORD } })
    assert.equal(login.requests[2], `PUT /users/${encodeURIComponent(objectId)}`)
  })
})
