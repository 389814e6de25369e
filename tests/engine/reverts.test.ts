// docs/runbook.md, "A wrong deployment": the effect of reverting each step of a rotation.
import assert from 'node:assert/strict'
import { refused, type Stack, succeeded } from './stack.ts'
import { useWorkspace } from './workspace.ts'

const ADDED = [{ id: '1' }, { id: '2' }]
const ACTIVATED = [{ id: '2' }, { id: '1' }]
const RETIRED = [{ id: '2' }, { id: '1', retired: true }]

describe('pulumi, the revert of a step of a rotation', function () {
  this.timeout(180_000)
  const workspace = useWorkspace()
  let stack: Stack

  const secretOf = (id: string) => workspace().auth0.secretOf(stack.actionName, `PASSWORD_${id}`)
  async function up(...steps: (readonly object[])[]): Promise<void> {
    for (const passwords of steps) {
      stack.configure({ passwords })
      succeeded(await stack.up())
    }
  }

  before(async () => {
    stack = await workspace().stack('dev')
    await up([{ id: '1' }], ADDED)
  })

  it('is refused for step 1, with what to do instead: retire the new entry, then remove it', async () => {
    stack.configure({ passwords: [{ id: '1' }] })
    const { output } = refused(await stack.preview())
    assert.match(output, /2 is in use in what is deployed, and its entry is gone: put the entry back\./)
    assert.match(output, /add `retired: true` to it once no user is on it, `up`, and remove it then/)
    const first = secretOf('1')
    await up([{ id: '1' }, { id: '2', retired: true }], [{ id: '1' }])
    assert.deepEqual([secretOf('1'), secretOf('2')], [first, undefined])
    assert.deepEqual(await stack.generatedPasswords(), [first])
  })

  it('puts the old entry back on top for step 2, and back into use for step 4, with the same values', async () => {
    await up(ADDED)
    const values = [secretOf('1'), secretOf('2')]
    await up(ACTIVATED, ADDED)
    assert.deepEqual([secretOf('1'), secretOf('2')], values)
    await up(ACTIVATED, RETIRED)
    assert.equal(secretOf('1'), undefined)
    await up(ACTIVATED)
    assert.deepEqual([secretOf('1'), secretOf('2')], values)
    assert.deepEqual(await stack.protectedPasswords(), ['1', '2'])
  })

  it('restores an entry for step 5, but not its value', async () => {
    const first = secretOf('1')
    await up(RETIRED, [{ id: '2' }], RETIRED)
    assert.equal(secretOf('1'), undefined)
    assert.ok(!(await stack.generatedPasswords()).includes(first))
  })

  it('is refused by Pulumi, in words that must not be followed, for an entry that was never deployed', async () => {
    stack.configure({ passwords: [{ id: '3' }, { id: '2', retired: true }] })
    refused(await stack.up())
    stack.configure({ passwords: [{ id: '2' }] })
    const { output } = refused(await stack.preview())
    assert.match(output, /cannot be deleted\s+because it is protected\..*pulumi state unprotect/s)
    await up([{ id: '2' }, { id: '3', retired: true }], [{ id: '2' }])
  })

  it('shows a secret in no file and no output', () => {
    assert.deepEqual(workspace().leaks(), [])
  })
})
