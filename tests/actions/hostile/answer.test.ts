// A Backendless that answers a login with a row that would send the next request to another path.
import assert from 'node:assert/strict'
import { ADA, backendless, closeAll, LOGIN, PASSWORD, type SignInRecord, signIn } from '../sign-in.ts'

/** A user on an older password, in a row with this objectId, who has to be moved. */
async function signInToRow(objectId: unknown): Promise<SignInRecord> {
  const app = await backendless()
  const body = { email: ADA, objectId, 'user-token': 'a-token' }
  app.faults.add({ route: LOGIN, nth: 1, fault: { kind: 'code', code: 3003 } })
  app.faults.add({ route: LOGIN, nth: 2, fault: { kind: 'answer', status: 200, body: JSON.stringify(body) } })
  const passwords = [
    { id: '2', perUser: true },
    { id: '1', perUser: false },
  ]
  return signIn({ app, settings: { passwords }, secrets: { PASSWORD_2: PASSWORD } })
}

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
      const login = await signInToRow(objectId)
      assert.deepEqual([login.claim, login.code, login.requests], ['a-token', 'not_moved', [LOGIN, LOGIN]])
    })
  }

  it('never leaves the path of the users', async () => {
    const objectId = '../../data/Users?where=%27/#'
    const login = await signInToRow(objectId)
    assert.equal(login.requests[2], `PUT /users/${encodeURIComponent(objectId)}`)
  })
})
