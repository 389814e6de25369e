// docs/state.md without a vault: the state and the passwords are lost, and every account gets a new password.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { loginEvent } from '@backendless-login/local-auth0'
import { type LocalBackendless, startBackendless } from '@backendless-login/local-backendless'
import { passwords } from '../../operations/passwords/command.ts'
import { readPasswordsOptions } from '../../operations/passwords/options.ts'
import { readStack } from '../../operations/stack/reading.ts'
import { importWhatExists, loseState } from './lost-state.ts'
import { type Stack, succeeded } from './stack.ts'
import { actionNamed, boundIds } from './tenant.ts'
import { useWorkspace } from './workspace.ts'

const CLAIM = 'https://api.backendless.com/userToken'
const USERS = ['ada@example.com', 'grace@example.com', 'lin@example.com']

describe('pulumi, after the state and the passwords were lost', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let app: LocalBackendless
  let stack: Stack
  let actionId: string

  async function ownerOfToken(email: string): Promise<unknown> {
    const { idToken } = await workspace().auth0.signIn(loginEvent({ user: { email } }))
    return app.ownerOf(String(idToken[CLAIM]))?.email
  }

  before(async () => {
    app = await startBackendless({ multipleLogins: true, maxConcurrentLogins: 100 })
    stack = await workspace().stack('dev', { appId: app.appId, serverUrl: app.url, clients: ['*'] })
    await stack.setSecret('apiKey', app.keys.rest)
    for (const key of [app.keys.rest, app.keys.codeRunner]) workspace().secrets.add(key)
    succeeded(await stack.up())
    for (const email of USERS) assert.equal(await ownerOfToken(email), email)
    actionId = actionNamed(workspace().auth0, stack.actionName).id
    loseState(workspace())
  })
  after(() => app?.close())

  it('imports what exists, and makes new passwords, with which nobody gets in', async () => {
    await importWhatExists(workspace(), actionId)
    succeeded(await stack.up())
    assert.deepEqual(boundIds(workspace().auth0), [actionId])
    for (const email of USERS) assert.equal(await ownerOfToken(email), undefined)
  })

  it('gives every account back with --repair --all, and everybody gets in', async () => {
    const options = readPasswordsOptions(['--stack', 'dev', '--repair', '--all', '--rate', '1000'])
    assert.ok(options)
    const { folder } = workspace()
    const environment = {
      ...process.env,
      ...workspace().environment,
      BACKENDLESS_CODERUNNER_KEY: app.keys.codeRunner,
    }
    const report = await passwords(
      { ...options, stateFile: join(folder, 'repair.json') },
      {
        environment,
        signal: new AbortController().signal,
        output: { isTTY: false, write: () => true },
        read: (name) => readStack(name, { folder, environment }),
        ask: async () => app.appId,
      },
    )
    assert.ok(typeof report === 'object')
    assert.deepEqual([report.finished, report.moved, report.failed], [true, USERS.length, {}])
    for (const email of USERS) assert.equal(await ownerOfToken(email), email)
  })

  it('shows a secret in no file and no output', () => {
    assert.deepEqual(workspace().leaks(), [])
  })
})
