// Follows docs/state.md: the state is lost, and nobody is locked out.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { loginEvent } from '@backendless-login/local-auth0'
import { type LocalBackendless, startBackendless } from '@backendless-login/local-backendless'
import { importWhatExists, loseState } from './lost-state.ts'
import { refused, type Stack, succeeded } from './stack.ts'
import { actionNamed, boundIds } from './tenant.ts'
import { useWorkspace } from './workspace.ts'

const CLAIM = 'https://api.backendless.com/userToken'
const [ADA, GRACE, LIN] = ['ada@example.com', 'grace@example.com', 'lin@example.com']

describe('pulumi, after the state was lost', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let app: LocalBackendless
  let stack: Stack
  let vault: Readonly<Record<string, string>>
  let actionId: string

  async function getsIn(email: string): Promise<void> {
    const { idToken, logs } = await workspace().auth0.signIn(loginEvent({ user: { email } }))
    assert.equal(app.ownerOf(String(idToken[CLAIM]))?.email, email, logs[0]?.text)
  }

  const writes = () => workspace().auth0.requests.filter(({ method }) => method !== 'GET')

  before(async () => {
    app = await startBackendless({ multipleLogins: true, maxConcurrentLogins: 100 })
    stack = await workspace().stack('dev', { appId: app.appId, serverUrl: app.url, clients: ['*'] })
    await stack.setSecret('apiKey', app.keys.rest)
    workspace().secrets.add(app.keys.rest)
    succeeded(await stack.up())
    for (const email of [GRACE, LIN]) await getsIn(email)
    // During a rotation: users who have not signed in since are on the older password.
    stack.configure({ passwords: [{ id: '2' }, { id: '1' }] })
    succeeded(await stack.up())
    await getsIn(ADA)
    vault = JSON.parse(succeeded(await stack.output('passwords', '--json', '--show-secrets')).stdout)
    actionId = actionNamed(workspace().auth0, stack.actionName).id

    loseState(workspace())
  })
  after(() => app?.close())

  it('still lets users sign in', async () => {
    await getsIn(ADA)
    await getsIn(GRACE)
  })

  it('refuses an up that would create a second Action of the same name', async () => {
    succeeded(await workspace().pulumi(['stack', 'init', '--no-select', 'dev']))
    refused(await stack.up())
    assert.deepEqual(boundIds(workspace().auth0), [actionId])
    await getsIn(ADA)
    succeeded(await stack.unprotect())
    succeeded(await workspace().pulumi(['stack', 'rm', '--force', '--yes', '--preserve-config', 'dev']))
  })

  it('imports the Action and its binding without a change to the tenant', async () => {
    const before = writes().length
    await importWhatExists(workspace(), actionId)
    assert.equal(writes().length, before)
  })

  it('shows another application as a changed line, which the document says to look for', async () => {
    await stack.adopt(['2', '1'].map((id) => ({ id, value: vault[id] ?? '', perUser: true })))
    stack.configure({ appId: randomUUID() })
    for (const [index, id] of ['2', '1'].entries()) {
      await stack.setSecret(`passwords[${index}].value`, vault[id] ?? '')
    }
    const { output } = succeeded(await stack.preview('--diff'))
    assert.match(output, /- +"appIdFingerprint": "[0-9a-f]{12}",\s+\+ +"appIdFingerprint"/)
    assert.match(output, /warning: appId is another Backendless application/)
    assert.match(output, /warning: The state has no secrets of the Action/)
    stack.configure({ appId: app.appId })
  })

  it('adopts the passwords from the vault, updating the Action in place', async () => {
    const entries = ['2', '1'].map((id) => ({ id, value: vault[id] ?? '', perUser: true }))
    await stack.adopt(entries)
    const { output } = succeeded(await stack.preview('--diff'))
    assert.match(output, /\+ 2 to create\n +~ 1 to update\n/)
    assert.match(output, /\+ deploy : true\n +\+ secrets: \[secret\]/)
    assert.doesNotMatch(output, /~ code|replace/)
    const { code, deployed } = actionNamed(workspace().auth0, stack.actionName)
    succeeded(await stack.up())

    const action = actionNamed(workspace().auth0, stack.actionName)
    assert.deepEqual([action.id, action.code], [actionId, code])
    assert.deepEqual(action.deployed?.secrets, deployed?.secrets)
    assert.deepEqual(boundIds(workspace().auth0), [actionId])
    succeeded(await stack.preview('--refresh', '--expect-no-changes'))
  })

  it('lets everybody in, even users on the older password', async () => {
    for (const email of [ADA, GRACE, LIN]) await getsIn(email)
  })

  it('would let nobody in without perUser, which the preview shows', async () => {
    await stack.adopt(['2', '1'].map((id) => ({ id, value: vault[id] ?? '' })))
    const { output } = refused(await stack.preview())
    assert.match(output, /has had perUser: true, and now has perUser: false/)
  })

  it('shows a secret in no file and no output', () => {
    assert.deepEqual(workspace().leaks(), [])
  })
})
