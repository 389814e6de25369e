import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readPackage } from './engine.ts'
import { type Stack, succeeded } from './stack.ts'
import { actionNamed, bindOnly, bindOtherTeamsAction, boundIds, editInDashboard } from './tenant.ts'
import { useWorkspace } from './workspace.ts'

describe('pulumi up, the stack of one environment', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let stack: Stack
  /** Another team's Action, and one of the Marketplace. */
  let others: readonly string[]

  const login = () => actionNamed(workspace().auth0, stack.actionName)

  before(async () => {
    const { auth0 } = workspace()
    others = [await bindOtherTeamsAction(auth0), auth0.installFromMarketplace('Consent')]
    await bindOnly(auth0, ...others)
    stack = await workspace().stack('dev')
    workspace().auth0.requests.length = 0
  })

  it('previews an empty stack without a request to the tenant', async () => {
    const { output } = succeeded(await stack.preview('--diff'))
    assert.match(output, /\+ 5 to create/)
    assert.deepEqual(workspace().auth0.requests, [])
  })

  it('creates and deploys the Action and binds it after the other team’s and that of the Marketplace', async () => {
    const { auth0 } = workspace()
    succeeded(await stack.up())
    const action = login()
    assert.equal(action.runtime, 'node22')
    assert.deepEqual(action.dependencies, [{ name: 'axios', version: readPackage().dependencies.axios }])
    assert.deepEqual(action.deployed?.code, action.code)
    assert.deepEqual([...(action.deployed?.secrets ?? [])].sort(), [
      'BACKENDLESS_API_KEY',
      'BACKENDLESS_APP_ID',
      'PASSWORD_1',
    ])
    assert.equal(auth0.secretOf(stack.actionName, 'BACKENDLESS_API_KEY'), stack.apiKey)
    assert.match(auth0.secretOf(stack.actionName, 'PASSWORD_1') ?? '', /^[A-Za-z0-9]{64}$/)
    assert.deepEqual(boundIds(auth0), [...others, action.id])
    assert.equal(auth0.actions().length, 3)
  })

  it('sees nothing to change afterwards, neither in the state nor in the tenant', async () => {
    const { requests } = workspace().auth0
    requests.length = 0
    const previews = await Promise.all([
      stack.preview('--expect-no-changes'),
      stack.preview('--expect-no-changes', '--refresh'),
    ])
    for (const preview of previews) {
      assert.doesNotMatch(succeeded(preview).output, /to (create|update|replace|delete)/)
    }
    assert.ok(requests.length > 0 && requests.every(({ method }) => method === 'GET'))
  })

  /** Returns the changed lines of a preview, which must update only the Action. */
  function changedLines(output: string): string[] {
    assert.match(output, /~ 1 to update\n +4 unchanged/)
    const changed = output.split('\n').filter((line) => /^ *[-+] /.test(line))
    return changed.map((line) => line.replace(/ +/g, ' ').trim())
  }

  it('shows a changed setting as one changed line of the code', async () => {
    stack.configure({ onFailure: 'skip' })
    const { output } = succeeded(await stack.preview('--diff'))
    stack.configure({ onFailure: 'deny' })
    assert.deepEqual(changedLines(output), ['- "onFailure": "deny",', '+ "onFailure": "skip",'])
    assert.doesNotMatch(output, /warning/)
  })

  it('shows another application as one changed line, and warns of what it means', async () => {
    const appId = stack.setting('appId')
    const other = randomUUID()
    workspace().secrets.add(other)
    stack.configure({ appId: other })
    const { output } = succeeded(await stack.preview('--diff'))
    stack.configure({ appId })
    const [before = '', after = '', ...more] = changedLines(output)
    assert.match(before, /^- "appIdFingerprint": "[0-9a-f]{12}",$/)
    assert.match(after, /^\+ "appIdFingerprint": "[0-9a-f]{12}",$/)
    assert.deepEqual(more, [])
    assert.match(
      output,
      /warning: appId is another Backendless application .*Every password that is derived per user changes/,
    )
  })

  it('sees an edit in the dashboard and a lost binding, and restores both', async () => {
    const { auth0 } = workspace()
    const { id, code } = login()
    await editInDashboard(auth0, id, `${code}\n// Only a quick fix.\n`)
    await bindOnly(auth0, ...others)
    auth0.requests.length = 0

    const { output } = succeeded(await stack.preview('--refresh', '--diff'))
    assert.match(output, /- \/\/ Only a quick fix\./)
    assert.match(output, /\+ auth0:index\/triggerAction:TriggerAction: \(create\)/)
    assert.match(output, /\+ 1 to create\n +~ 1 to update/)
    assert.ok(auth0.requests.every(({ method }) => method === 'GET'))

    succeeded(await stack.up('--refresh'))
    assert.equal(login().code, code)
    assert.equal(login().deployed?.code, code)
    assert.deepEqual(boundIds(auth0), [...others, id])
  })

  it('keeps every secret out of the state and all output', () => {
    assert.ok(workspace().secrets.size >= 4)
    assert.deepEqual(workspace().leaks(), [])
  })
})
