// A rotation while people sign in: at each step, after a step back, and with old and new instances.
import assert from 'node:assert/strict'
import { type LocalAuth0, loginEvent, startAuth0 } from '@backendless-login/local-auth0'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { deployEmbedded } from '../../demo/deploy/index.ts'
import { call } from '../management.ts'
import { backendless, closeAll } from './sign-in.ts'

const CLAIM = 'https://api.backendless.com/userToken'
const STEPS = [
  [{ id: '1' }],
  [{ id: '1' }, { id: '2' }],
  [{ id: '2' }, { id: '1' }],
  [{ id: '2' }, { id: '1', retired: true }],
  [{ id: '2' }],
]

describe('a rotation, live', function () {
  this.timeout(60_000)
  let auth0: LocalAuth0
  let app: LocalBackendless

  beforeEach(async () => {
    auth0 = await startAuth0()
    app = await backendless()
  })
  afterEach(() => Promise.all([auth0.close(), closeAll()]))

  async function deploy(passwords: readonly object[]): Promise<string> {
    const config = { appId: app.appId, serverUrl: app.url, clients: ['*'], passwords }
    await deployEmbedded({ auth0, config, secretConfig: { apiKey: app.keys.rest } })
    return auth0.actions()[0]?.deployed?.id ?? ''
  }

  /** Restores a version, as in the dashboard: Version History, Deploy. */
  async function deployVersion(version: string): Promise<void> {
    const action = auth0.actions()[0]?.id
    await call(auth0, 'POST', `/actions/actions/${action}/versions/${version}/deploy`)
    while (!auth0.actions()[0]?.deployed) await new Promise((resolve) => setTimeout(resolve, 10))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }

  async function letIn(email: string): Promise<void> {
    const { outcome, idToken, reason } = await auth0.signIn(loginEvent({ user: { email } }))
    assert.equal(outcome, 'continue', `${email}: ${reason}`)
    assert.equal(app.ownerOf(String(idToken[CLAIM]))?.email, email)
  }

  it('lets everybody in at each of the five steps', async () => {
    for (const [index, passwords] of STEPS.entries()) {
      await deploy(passwords)
      // A user who signs in at every step, and one who is new at this step.
      await letIn('ada@example.com')
      await letIn(`new${index}@example.com`)
      // The users of steps 1 and 2 sign in once more before the old password is retired.
      if (index === 2) for (const before of [0, 1]) await letIn(`new${before}@example.com`)
    }
    for (const index of STEPS.keys()) await letIn(`new${index}@example.com`)
  })

  it('lets everybody in after an older version was restored in the dashboard, at each of the five steps', async () => {
    let previous = await deploy(STEPS[0] ?? [])
    await letIn('ada@example.com')
    for (const [index, passwords] of STEPS.slice(1).entries()) {
      const version = await deploy(passwords)
      await letIn('ada@example.com')
      await letIn(`new${index}@example.com`)
      await deployVersion(previous)
      for (const email of ['ada@example.com', `new${index}@example.com`]) await letIn(email)
      await deployVersion(version)
      for (const email of ['ada@example.com', `new${index}@example.com`]) await letIn(email)
      previous = auth0.actions()[0]?.deployed?.id ?? ''
    }
  })

  it('moves users back when the old entry is put on top again', async () => {
    await deploy([{ id: '1' }, { id: '2' }])
    await letIn('ada@example.com')
    await deploy([{ id: '2' }, { id: '1' }])
    await letIn('ada@example.com')
    await letIn('new@example.com')
    await deploy([{ id: '1' }, { id: '2' }])
    for (const email of ['ada@example.com', 'new@example.com']) {
      const before = app.requests.length
      await letIn(email)
      await letIn(email)
      const puts = app.requests.slice(before).filter(({ method }) => method === 'PUT')
      assert.equal(puts.length, 1)
    }
  })

  it('lets everybody in while old and new instances overlap', async () => {
    await deploy([{ id: '1' }, { id: '2' }])
    const users = Array.from({ length: 8 }, (_, index) => `user${index}@example.com`)
    for (const email of users) await letIn(email)
    const running = users.flatMap((email) => [letIn(email), letIn(email)])
    await deploy([{ id: '2' }, { id: '1' }])
    await Promise.all([...running, ...users.map((email) => letIn(email))])
    for (const email of users) await letIn(email)
  })
})
