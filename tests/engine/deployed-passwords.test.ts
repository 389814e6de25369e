// The program itself refuses a plan that would lock out users of a deployed password.
import assert from 'node:assert/strict'
import { importWhatExists, loseState } from './lost-state.ts'
import { refused, type Stack, succeeded } from './stack.ts'
import { actionNamed, editInDashboard } from './tenant.ts'
import { useWorkspace } from './workspace.ts'

const STEP_BY_STEP =
  /1 is on top in what is deployed, so its users cannot have been moved\. Put 2 on top and leave 1 in use, `up`, `npm run passwords`, then retire 1\./
const RETIRED_AT_ONCE = [{ id: '2' }, { id: '1', retired: true }]

describe('pulumi, a plan that would lock out users of a deployed password', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let stack: Stack

  const writes = () => workspace().auth0.requests.filter(({ method }) => method !== 'GET').length
  const known = () =>
    actionNamed(workspace().auth0, stack.actionName)
      .deployed?.secrets.filter((name) => name.startsWith('PASSWORD_'))
      .sort()

  async function up(passwords: readonly object[], ...flags: string[]): Promise<string> {
    stack.configure({ passwords })
    return succeeded(await stack.up(...flags)).output
  }

  /** Asserts that these passwords are refused, without a request that changes the tenant. */
  async function refuses(passwords: readonly object[], message: RegExp, run = stack.up.bind(stack)) {
    stack.configure({ passwords })
    const before = writes()
    const { output } = refused(await run())
    assert.match(output.replaceAll(/\s+/g, ' '), message)
    assert.doesNotMatch(output, /^ +at |node_modules|unhandled/im)
    assert.equal(writes(), before)
  }

  before(async () => {
    stack = await workspace().stack('dev')
  })

  it('is refused in a preview and in an up without one: a new one on top and the old one retired', async () => {
    await up([{ id: '1' }])
    await refuses(RETIRED_AT_ONCE, STEP_BY_STEP, () => stack.preview())
    await refuses(RETIRED_AT_ONCE, STEP_BY_STEP)
    assert.deepEqual(known(), ['PASSWORD_1'])
  })

  it('leaves the entry protected', async () => {
    assert.ok((await stack.protectedPasswords()).includes('1'))
  })

  it('is refused where the entry on top is retired in favour of the older one', async () => {
    await up([{ id: '1' }, { id: '2' }])
    await refuses(RETIRED_AT_ONCE, STEP_BY_STEP)
  })

  it('is refused where an entry in use is removed or renamed, also once it was unprotected', async () => {
    const gone = /2 is in use in what is deployed, and its entry is gone: put the entry back\./
    await refuses([{ id: '1' }, { id: 'second' }], gone)
    succeeded(await stack.unprotect())
    await refuses([{ id: '1' }], gone)
    await refuses([{ id: '2' }], /1 is on top in what is deployed, .* put the entry back\./)
    assert.deepEqual(known(), ['PASSWORD_1', 'PASSWORD_2'])
  })

  it('succeeds after the steps of the message', async () => {
    await up([{ id: '2' }, { id: '1' }])
    await up(RETIRED_AT_ONCE)
    assert.deepEqual(known(), ['PASSWORD_2'])
  })

  it('lets a retired entry be used again, on top too, and only the Action be updated', async () => {
    await up([{ id: '1' }, { id: '2' }], '--target', '**:Action::*')
    assert.deepEqual(known(), ['PASSWORD_1', 'PASSWORD_2'])
    await up([{ id: '1' }, { id: '2' }])
    assert.deepEqual(await stack.protectedPasswords(), ['1', '2'])
  })

  it('is refused in a stack that was renamed, and in one that was exported and imported', async () => {
    const { stdout } = succeeded(await workspace().pulumi(['stack', 'export', '--stack', 'dev']))
    succeeded(await workspace().pulumi(['stack', 'import', '--stack', 'dev'], { input: stdout }))
    await refuses(RETIRED_AT_ONCE, STEP_BY_STEP)
    succeeded(await workspace().pulumi(['stack', 'rename', '--stack', 'dev', 'other']))
    // The file of the configuration was renamed with it.
    const before = writes()
    const run = await workspace().pulumi(['up', '--yes', '--skip-preview', '--stack', 'other'])
    assert.match(refused(run).output.replaceAll(/\s+/g, ' '), STEP_BY_STEP)
    assert.equal(writes(), before)
    succeeded(await workspace().pulumi(['stack', 'rename', '--stack', 'other', 'dev']))
  })

  it('is not checked if the deployed code cannot be read, which a warning says', async () => {
    const { id } = actionNamed(workspace().auth0, stack.actionName)
    await editInDashboard(workspace().auth0, id, 'exports.onExecutePostLogin = async () => {}')
    const output = await up([{ id: '1' }, { id: '2' }], '--refresh')
    assert.match(
      output,
      /warning: Which passwords are in use cannot be read from the deployed Action: its code/,
    )
    assert.doesNotMatch(await up([{ id: '2' }, { id: '1' }]), /warning/)
  })

  it('is a warning where the state has no secrets, since the Action was imported', async () => {
    const { id } = actionNamed(workspace().auth0, stack.actionName)
    loseState(workspace())
    await importWhatExists(workspace(), id)
    stack.configure({ passwords: [{ id: '3' }, { id: '2', retired: true }] })
    const { output } = succeeded(await stack.preview())
    assert.match(output, /warning: The state has no secrets of the Action.*docs\/state\.md/)
    assert.match(output, /2 is on top in what is deployed/)
    assert.match(await up([{ id: '2' }, { id: '1' }]), /warning: The state has no secrets/)
    await refuses([{ id: '3' }, { id: '2', retired: true }], /2 is on top in what is deployed/)
  })

  it('shows a secret in no file and no output', () => {
    assert.deepEqual(workspace().leaks(), [])
  })
})
