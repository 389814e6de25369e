// The doctor over a stack that the real engine deployed.
import assert from 'node:assert/strict'
import { type LocalBackendless, startBackendless } from '@backendless-login/local-backendless'
import { type EndedPulumi, runCommand } from './engine.ts'
import { refused, type Stack, succeeded } from './stack.ts'
import { useWorkspace } from './workspace.ts'

describe('npm run doctor, over a stack', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let app: LocalBackendless
  let stack: Stack

  before(async () => {
    app = await startBackendless({ multipleLogins: true })
    stack = await workspace().stack('dev', { appId: app.appId, serverUrl: app.url })
    await stack.setSecret('apiKey', app.keys.rest)
    workspace().secrets.add(app.keys.rest)
  })
  after(() => app?.close())

  async function doctor(...args: string[]): Promise<EndedPulumi> {
    const { folder: cwd, environment, runs } = workspace()
    const run = await runCommand('operations/doctor/main.ts', ['--stack', 'dev', ...args], {
      cwd,
      environment,
    })
    runs.push(run)
    return run
  }

  it('finds nothing before and after the first deployment, then an edit without its up', async () => {
    const before = succeeded(await doctor())
    assert.match(before.stdout, /not checked +deployed +The stack has no Action/)
    succeeded(await stack.up())
    const after: { ok: boolean; checks: { name: string; result: string }[] } = JSON.parse(
      succeeded(await doctor('--json')).stdout,
    )
    const ok = after.checks.filter(({ result }) => result === 'ok').map(({ name }) => name)
    for (const name of [
      'config',
      'scopes',
      'action name',
      'deployed',
      'code',
      'runtime',
      'secrets',
      'bound',
    ]) {
      assert.ok(ok.includes(name), name)
    }
    stack.configure({ onFailure: 'skip' })
    assert.match(refused(await doctor()).stdout, /failed +code /)
    assert.deepEqual(workspace().leaks(), [])
  })
})
