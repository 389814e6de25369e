// The previews of the five steps of a rotation, and their effect on the tenant.
import assert from 'node:assert/strict'
import { refused, type Stack, succeeded } from './stack.ts'
import { useWorkspace } from './workspace.ts'

interface Step {
  readonly op: string
  readonly urn: string
}

describe('pulumi, a rotation', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let stack: Stack

  const knownPasswords = () => {
    const [action] = workspace().auth0.actions()
    return action?.deployed?.secrets.filter((name) => name.startsWith('PASSWORD_')).sort()
  }
  const passwordOf = (id: string) => workspace().auth0.secretOf(stack.actionName, `PASSWORD_${id}`)

  /** Returns the steps of a preview, without unchanged resources. */
  async function plan(passwords: readonly object[]): Promise<string[]> {
    stack.configure({ passwords })
    const { stdout } = succeeded(await stack.preview('--json'))
    const { steps }: { steps: Step[] } = JSON.parse(stdout)
    return steps
      .filter(({ op, urn }) => op !== 'same' && !urn.includes('pulumi:pulumi:Stack'))
      .map(({ op, urn }) => `${op} ${urn.split('::').at(-1)}`)
      .sort()
  }

  before(async () => {
    stack = await workspace().stack('dev')
    succeeded(await stack.up())
  })

  it('adds the new password as known but not used', async () => {
    const first = passwordOf('1')
    assert.deepEqual(await plan([{ id: '1' }, { id: '2' }]), [
      'create backendless-login-password-2',
      'update backendless-login',
    ])
    succeeded(await stack.up())
    assert.deepEqual(knownPasswords(), ['PASSWORD_1', 'PASSWORD_2'])
    assert.equal(passwordOf('1'), first)
  })

  it('puts it on top by updating the Action alone', async () => {
    const before = [passwordOf('1'), passwordOf('2')]
    assert.deepEqual(await plan([{ id: '2' }, { id: '1' }]), ['update backendless-login'])
    succeeded(await stack.up())
    assert.deepEqual([passwordOf('1'), passwordOf('2')], before)
  })

  it('refuses to lose an older password that is in use', async () => {
    stack.configure({ passwords: [{ id: '2' }] })
    const { output } = refused(await stack.preview())
    assert.match(output, /1 is in use in what is deployed, and its entry is gone: put the entry back/)
  })

  it('retires the old one, whose value stays in the state', async () => {
    const first = passwordOf('1')
    assert.deepEqual(await plan([{ id: '2' }, { id: '1', retired: true }]), ['update backendless-login'])
    succeeded(await stack.up())
    assert.deepEqual(knownPasswords(), ['PASSWORD_2'])
    assert.ok((await stack.generatedPasswords()).includes(first))
  })

  it('removes it', async () => {
    assert.deepEqual(await plan([{ id: '2' }]), ['delete backendless-login-password-1'])
    succeeded(await stack.up())
    assert.deepEqual(await stack.generatedPasswords(), [passwordOf('2')])
  })

  it('shows a secret in no file and no output', () => {
    assert.deepEqual(workspace().leaks(), [])
  })
})
