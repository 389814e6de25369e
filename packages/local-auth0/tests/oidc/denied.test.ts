import assert from 'node:assert/strict'
import { refusal } from '../../src/visitor/index.ts'
import { handler, run } from '../deploy.ts'
import { useTenant } from './tenant.ts'

describe('local Auth0: denied by an action', () => {
  const suite = useTenant()

  it('tells the application the reason, and runs no later action', async () => {
    await run(
      suite.running.auth0,
      handler("api.access.deny('Not today, Ada & co.')"),
      handler("throw new Error('later')"),
    )
    assert.deepEqual(await refusal(suite.visitor.as('ada@example.com')), {
      error: 'access_denied',
      error_description: 'Not today, Ada & co.',
    })
    const [execution] = suite.running.executions
    assert.deepEqual([execution?.outcome, execution?.ranActions.length], ['denied', 1])
  })

  it('keeps the session, so that the next attempt runs the actions without a form', async () => {
    await run(suite.running.auth0, handler("api.access.deny('no')"))
    await refusal(suite.visitor.as('ada@example.com'))
    assert.equal((await refusal(suite.visitor.silently())).error, 'access_denied')
    await run(suite.running.auth0, handler(''))
    assert.equal((await suite.visitor.silently({})).claims()?.sub, 'auth0|ada')
    assert.deepEqual(suite.flows(), ['login', 'silent', 'sso'])
  })

  it('counts the login all the same', async () => {
    await run(suite.running.auth0, handler('api.access.deny(String(event.stats.logins_count))'))
    const signIn = () => refusal(suite.visitor.as('ada@example.com', { prompt: 'login' }))
    const counts = [await signIn(), await signIn()].map(({ error_description }) => Number(error_description))
    assert.equal(counts[1], Number(counts[0]) + 1)
  })

  it('gives the message of an uncaught error', async () => {
    await run(suite.running.auth0, handler("throw new Error('out it comes')"))
    assert.deepEqual(await refusal(suite.visitor.as('ada@example.com')), {
      error: 'access_denied',
      error_description: 'out it comes',
    })
  })

  it('still writes the metadata', async () => {
    await run(
      suite.running.auth0,
      handler(`api.user.setAppMetadata('tries', (event.user.app_metadata.tries ?? 0) + 1)
        api.access.deny(String(event.user.app_metadata.tries ?? 0))`),
    )
    const reasons = [
      await refusal(suite.visitor.as("o'brien@example.com")),
      await refusal(suite.visitor.silently()),
    ]
    assert.deepEqual(
      reasons.map(({ error_description }) => error_description),
      ['0', '1'],
    )
  })
})
