import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { refused, succeeded } from './stack.ts'
import { actionNamed, bindOtherTeamsAction, boundIds } from './tenant.ts'
import { useWorkspace } from './workspace.ts'

describe('pulumi, when something is wrong', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let otherId: string

  before(async () => {
    otherId = await bindOtherTeamsAction(workspace().auth0)
  })

  it('names all problems of the configuration, without a request to the tenant and without delay', async () => {
    const { auth0, secrets } = workspace()
    auth0.requests.length = 0
    const stack = await workspace().stack('wrong')
    const good = succeeded(await stack.preview())

    const apiKey = `no key ${randomUUID()}`
    secrets.add(apiKey)
    stack.configure({ clients: [], onFailure: 'perhaps', budgetMs: 50, claim: 'email', budgetMS: 8000 })
    await stack.setSecret('apiKey', apiKey)
    const bad = refused(await stack.up())

    for (const key of ['apiKey', 'clients', 'onFailure', 'budgetMs', 'claim', 'budgetMS']) {
      assert.match(bad.output, new RegExp(`backendless-login:${key} `))
    }
    assert.match(bad.output, /6 problems; nothing was changed/)
    assert.doesNotMatch(bad.output, /^ +at |node_modules|unhandled/im)
    assert.doesNotMatch(bad.output, /RandomPassword|auth0:index/)
    assert.deepEqual(auth0.requests, [])
    assert.ok(
      bad.milliseconds < 2 * good.milliseconds,
      `${bad.milliseconds} ms, good: ${good.milliseconds} ms`,
    )
  })

  it('does not bind an Action whose build failed, says so, and continues at the next up', async () => {
    const { auth0 } = workspace()
    const stack = await workspace().stack('broken')
    auth0.faults.failBuilds()
    const failed = refused(await stack.up())
    auth0.faults.clear()
    assert.match(failed.output, /Backendless login \(broken\)" failed to build/)
    assert.doesNotMatch(failed.output, /^ +at |node_modules/m)
    assert.deepEqual(boundIds(auth0), [otherId])
    assert.ok(!auth0.actions().some(({ id, deployed }) => id !== otherId && deployed))

    succeeded(await stack.up())
    const action = actionNamed(auth0, stack.actionName)
    assert.ok(action.deployed)
    assert.deepEqual(boundIds(auth0), [otherId, action.id])
  })

  it('shows no secret in any file or output', () => {
    assert.deepEqual(workspace().leaks(), [])
  })
})
