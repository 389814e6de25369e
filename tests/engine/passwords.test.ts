import assert from 'node:assert/strict'
import { readStack } from '../../operations/stack/reading.ts'
import { refused, type Stack, succeeded } from './stack.ts'
import { bindOtherTeamsAction, boundIds } from './tenant.ts'
import { useWorkspace } from './workspace.ts'

describe('pulumi, the passwords of two stacks', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let otherId: string
  let dev: Stack
  let production: Stack

  const passwordOf = ({ actionName }: Stack) => workspace().auth0.secretOf(actionName, 'PASSWORD_1')
  const writes = () => workspace().auth0.requests.filter(({ method }) => method !== 'GET')

  before(async () => {
    otherId = await bindOtherTeamsAction(workspace().auth0)
    dev = await workspace().stack('dev')
    production = await workspace().stack('production')
    succeeded(await dev.up())
    succeeded(await production.up())
  })

  it('differ from one stack to the other', () => {
    assert.match(passwordOf(dev) ?? '', /^[A-Za-z0-9]{64}$/)
    assert.match(passwordOf(production) ?? '', /^[A-Za-z0-9]{64}$/)
    assert.notEqual(passwordOf(dev), passwordOf(production))
  })

  it('are not there for the commands after a first up in which Auth0 refused the Action', async () => {
    const taken = await workspace().stack('taken', { actionName: dev.actionName })
    assert.match(refused(await taken.up()).output, /already exists/)
    const { folder, environment } = workspace()
    await assert.rejects(readStack('taken', { folder, environment: { ...process.env, ...environment } }), {
      message: 'The Backendless login backendless-login has no Action yet. Run `npx pulumi up` first.',
    })
  })

  it('are an output that is shown only on request', async () => {
    const shown = succeeded(await dev.output('passwords', '--json', '--show-secrets'))
    assert.deepEqual(JSON.parse(shown.stdout), { 1: passwordOf(dev) })
    assert.equal(succeeded(await dev.output('passwords')).stdout.trim(), '[secret]')
    assert.match(succeeded(await dev.output()).stdout, /passwords +\[secret\]/)
  })

  it('are neither removed nor given another meaning', async () => {
    const before = writes().length
    dev.configure({ passwords: [{ id: '2' }] })
    const renamed = await dev.preview()
    dev.configure({ passwords: [{ id: '1', perUser: false }] })
    const flipped = await dev.preview()
    dev.configure({ passwords: [{ id: '1' }] })

    assert.match(refused(renamed).output, /1 is on top in what is deployed, .* put the entry back/)
    assert.match(refused(flipped).output, /1 has had perUser: true, and now has perUser: false\. An id never/)
    assert.doesNotMatch(flipped.output, /^ +at |node_modules|unhandled/im)
    assert.equal(writes().length, before)
  })

  it('keep their meaning while they are retired, and when they come back', async () => {
    const password = passwordOf(dev)
    const plan = async (passwords: readonly object[]) => {
      dev.configure({ passwords })
      return dev.preview()
    }
    const up = async (passwords: readonly object[]) => {
      dev.configure({ passwords })
      succeeded(await dev.up())
    }
    const flipped = [{ id: '2' }, { id: '1', perUser: false, retired: true }]
    await up([{ id: '2' }, { id: '1' }])
    assert.match(refused(await plan(flipped)).output, /1 has had perUser: true/)
    await up([{ id: '2' }, { id: '1', retired: true }])
    const before = writes().length
    assert.match(refused(await plan(flipped)).output, /1 has had perUser: true/)
    assert.match(
      refused(await plan([{ id: '2' }, { id: '1', perUser: false }])).output,
      /1 has had perUser: true/,
    )
    refused(await dev.up())
    assert.equal(writes().length, before)

    await up([{ id: '1' }, { id: '2' }])
    assert.equal(passwordOf(dev), password)
    await up([{ id: '1' }, { id: '2', retired: true }])
    await up([{ id: '1' }])
  })

  it('stay when destroy removes the rest of the stack', async () => {
    const password = passwordOf(dev)
    succeeded(await dev.destroy('--exclude-protected'))
    assert.equal(boundIds(workspace().auth0).length, 2)
    assert.ok(boundIds(workspace().auth0).includes(otherId))
    assert.deepEqual(actionNames(), ['Backendless login (production)', 'Consent of the legal team'])
    assert.deepEqual(await dev.generatedPasswords(), [password])
  })

  it('are removed too once they are unprotected', async () => {
    succeeded(await production.unprotect())
    succeeded(await production.destroy())
    assert.deepEqual(boundIds(workspace().auth0), [otherId])
    assert.deepEqual(actionNames(), ['Consent of the legal team'])
    assert.deepEqual(await production.generatedPasswords(), [])
  })

  it('are in plain text in no file and no output', () => {
    assert.ok([dev.apiKey, production.apiKey].every((key) => workspace().secrets.has(key)))
    assert.equal([...workspace().secrets].filter((secret) => /^[A-Za-z0-9]{64}$/.test(secret)).length, 3)
    assert.deepEqual(workspace().leaks(), [])
  })

  function actionNames(): string[] {
    const actions = workspace().auth0.actions()
    return actions.map(({ name }) => name).sort()
  }
})
