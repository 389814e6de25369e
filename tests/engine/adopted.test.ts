import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { runCommand } from './engine.ts'
import { refused, type Stack, succeeded } from './stack.ts'
import { actionNamed } from './tenant.ts'
import { useWorkspace } from './workspace.ts'

describe('pulumi, a password that exists already', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  const value = `adopted ${randomUUID()}`
  let stack: Stack

  before(async () => {
    workspace().secrets.add(value)
    stack = await workspace().stack('dev')
  })

  it('is refused in plain text, without being repeated', async () => {
    const plain = `plain ${randomUUID()}`
    stack.configure({ passwords: [{ id: 'rule', value: plain }] })
    const { output } = refused(await stack.up())
    assert.match(output, /backendless-login:passwords\[0\]\.value stands in plain text/)
    assert.ok(!output.includes(plain))
    assert.deepEqual(workspace().auth0.requests, [])
  })

  it('is refused in plain text beside an encrypted one, by the commands too', async () => {
    const plain = `plain ${randomUUID()}`
    stack.configure({ passwords: [{ id: 'rule' }, { id: 'older', value: plain }] })
    await stack.setSecret('passwords[0].value', value)
    const { folder: cwd, environment } = workspace()
    const doctor = ['operations/doctor/main.ts', ['--stack', 'dev'], { cwd, environment }] as const
    for (const { output } of [refused(await stack.preview()), refused(await runCommand(...doctor))]) {
      assert.match(output, /backendless-login:passwords\[1\]\.value stands in plain text/)
      assert.ok(!output.includes(plain))
    }
  })

  it('reaches the Action, for everybody, once it is set as a secret', async () => {
    const { auth0 } = workspace()
    stack.configure({ passwords: [{ id: 'rule' }] })
    await stack.setSecret('passwords[0].value', value)
    succeeded(await stack.up('--diff'))
    assert.equal(auth0.secretOf(stack.actionName, 'PASSWORD_RULE'), value)
    const { deployed } = actionNamed(auth0, stack.actionName)
    assert.deepEqual([...(deployed?.secrets ?? [])].sort(), [
      'BACKENDLESS_API_KEY',
      'BACKENDLESS_APP_ID',
      'PASSWORD_RULE',
    ])
    assert.match(deployed?.code ?? '', /"id": "rule",\s+"perUser": false/)
  })

  it('must keep its value, and is not retired while it is on top', async () => {
    const plan = async (entries: readonly { id: string; value?: string; retired?: boolean }[]) => {
      await stack.adopt(entries)
      return refused(await stack.preview()).output
    }
    const other = `another ${randomUUID()}`
    workspace().secrets.add(other)
    assert.match(await plan([{ id: 'rule', value: other }]), /rule was adopted with another value/)
    assert.match(await plan([{ id: 'rule' }]), /rule was adopted, and has lost its value/)
    assert.match(
      await plan([{ id: '2' }, { id: 'rule', retired: true }]),
      /rule is on top in what is deployed/,
    )
    await stack.adopt([{ id: 'rule', value }])
    succeeded(await stack.preview('--expect-no-changes'))
  })

  it('is in plain text in no file and no output', () => {
    assert.ok(workspace().secrets.has(value))
    assert.deepEqual(workspace().leaks(), [])
  })
})
