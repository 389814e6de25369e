import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { type LocalAuth0, loginEvent, startAuth0 } from '../src/index.ts'
import { handler, run } from './deploy.ts'

const name = 'https://example.com/v'
const claim = (value: string) => `api.idToken.setCustomClaim('${name}', ${value})`
const wait = (milliseconds: string) => `await new Promise((resolve) => setTimeout(resolve, ${milliseconds}))`

describe('local Auth0: running Actions', () => {
  let auth0: LocalAuth0
  before(async () => {
    auth0 = await startAuth0({ buildMs: 4, triggerTimeoutMs: 160, tenant: 'acme' })
  })
  after(() => auth0.close())

  it('interleaves executions in one instance, which share the module scope', async () => {
    await run(
      auth0,
      handler(
        `open += 1; most = Math.max(most, open); ${wait('40')}; open -= 1; ${claim('most')}`,
        'let open = 0, most = 0',
      ),
    )
    const results = await Promise.all([1, 2, 3].map(() => auth0.signIn(loginEvent())))
    assert.deepEqual(
      results.map(({ idToken }) => idToken[name]),
      [3, 3, 3],
    )
  })

  it('attributes console output to the execution that wrote it', async () => {
    await run(
      auth0,
      handler(
        `console.log('in', event.user.user_id); ${wait('20')}; console.error('out', event.user.user_id)`,
      ),
    )
    const users = ['a', 'b', 'c']
    const results = await Promise.all(users.map((id) => auth0.signIn(loginEvent({ user: { user_id: id } }))))
    assert.deepEqual(
      results.map(({ logs }) => logs.map(({ text }) => text)),
      users.map((id) => [`in ${id}\nout ${id}`]),
    )
  })

  it('keeps 256 characters of each Action, by the name of the Action', async () => {
    const noisy = {
      name: 'Noisy',
      code: handler("console.log('x'.repeat(200)); console.log('y'.repeat(200))"),
    }
    await run(auth0, noisy, { name: 'Quiet', code: handler("console.info('%s-%d', 'q', 1)") })
    const { logs } = await auth0.signIn(loginEvent())
    assert.deepEqual(
      logs.map(({ action, text }) => [action, text.length]),
      [
        ['Noisy', 256],
        ['Quiet', 3],
      ],
    )
  })

  it('continues the function after a deny, and runs no later Action', async () => {
    await run(
      auth0,
      handler(
        "api.access.deny('no'); await null; console.log('still here'); api.user.setAppMetadata('seen', true)",
      ),
      handler("console.log('later')"),
    )
    const result = await auth0.signIn(loginEvent())
    assert.deepEqual([result.outcome, result.reason, result.ranActions.length], ['denied', 'no', 1])
    assert.equal(result.logs[0]?.text, 'still here')
    assert.deepEqual(result.appMetadata, { seen: true })
  })

  it('issues no claims when the sign-in is denied', async () => {
    await run(auth0, handler(claim('1')), handler("api.access.deny('no')"))
    assert.deepEqual((await auth0.signIn(loginEvent())).idToken, {})
  })

  it('fails the sign-in with the message of an uncaught error, and runs no later Action', async () => {
    await run(
      auth0,
      handler(`${claim('1')}; throw new TypeError('https://x/?key=1')`),
      handler("console.log('later')"),
    )
    const result = await auth0.signIn(loginEvent())
    assert.deepEqual([result.outcome, result.reason, result.idToken], ['error', 'https://x/?key=1', {}])
    assert.equal(result.ranActions.length, 1)
  })

  it('continues after an error in another execution', async () => {
    await run(
      auth0,
      handler(
        `if (event.user.user_id === 'bad') throw new Error('bad'); ${wait('10')}; ${claim('++n')}`,
        'let n = 0',
      ),
    )
    const bad = auth0.signIn(loginEvent({ user: { user_id: 'bad' } }))
    const good = auth0.signIn(loginEvent())
    assert.deepEqual([(await bad).outcome, (await good).idToken[name]], ['error', 1])
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], 2)
  })

  it('counts the time limit over all Actions together', async () => {
    await run(auth0, handler(wait('100')), handler(wait('100')), handler("console.log('third')"))
    const result = await auth0.signIn(loginEvent())
    assert.equal(result.outcome, 'error')
    assert.match(result.reason ?? '', /exceeded allowed execution time/)
    assert.equal(result.ranActions.length, 2)
    assert.ok(result.milliseconds > 150 && result.milliseconds < 1000, `${result.milliseconds}`)
  })

  it('ends an instance whose Action blocks it, and serves the next sign-in from a new one', async () => {
    await run(auth0, handler(`if (event.stats.logins_count === 1) for (;;) {}\n${claim('++n')}`, 'let n = 0'))
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], 1)
    const blocked = await auth0.signIn(loginEvent({ stats: { logins_count: 1 } }))
    assert.equal(blocked.outcome, 'error')
    await pause(220)
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], 1)
  })

  it('keeps an instance in which an execution only waited too long', async () => {
    await run(
      auth0,
      handler(
        `n += 1; if (event.stats.logins_count === 1) await new Promise(() => {})\n${claim('n')}`,
        'let n = 0',
      ),
    )
    assert.equal((await auth0.signIn(loginEvent({ stats: { logins_count: 1 } }))).outcome, 'error')
    await pause(220)
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], 2)
  })

  it('reports an unhandled rejection, and continues', async () => {
    await run(auth0, {
      name: 'Careless',
      code: handler(`Promise.reject(new Error('stray')); ${wait('20')}; ${claim('1')}`),
    })
    const result = await auth0.signIn(loginEvent())
    assert.deepEqual([result.outcome, result.reason], ['error', 'stray'])
    assert.deepEqual(auth0.strayErrors.at(-1), { action: 'Careless', message: 'stray' })
    assert.equal((await auth0.signIn(loginEvent())).reason, 'stray')
  })

  it('continues after an exception in a timer after the Action has returned', async () => {
    await run(
      auth0,
      handler(`setTimeout(() => { throw new Error('late') }, 1); ${claim('++n')}`, 'let n = 0'),
    )
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], 1)
    await pause(40)
    assert.equal(auth0.strayErrors.at(-1)?.message, 'late')
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], 1)
  })

  it('continues after an Action has ended its process', async () => {
    await run(auth0, handler(`if (event.stats.logins_count === 1) process.exit(0); ${claim('1')}`))
    assert.equal((await auth0.signIn(loginEvent({ stats: { logins_count: 1 } }))).outcome, 'error')
    assert.equal((await auth0.signIn(loginEvent())).outcome, 'continue')
  })

  it('ignores calls that an Action makes after it returned', async () => {
    await run(
      auth0,
      handler(`setTimeout(() => { ${claim('2')}; api.access.deny('late') }, 5); ${claim('1')}`),
      handler(wait('30')),
    )
    const result = await auth0.signIn(loginEvent())
    assert.deepEqual([result.outcome, result.idToken[name]], ['continue', 1])
  })

  it('gives an Action only its own secrets, which it cannot change', async () => {
    const code = handler(`'use strict'
      const refused = []
      for (const change of [() => { event.secrets.A = 'x' }, () => { event.secrets = {} }, () => { delete event.secrets.A }]) {
        try { change() } catch (error) { refused.push(error.name) }
      }
      console.log(JSON.stringify(event.secrets), refused.join())`)
    await run(
      auth0,
      { code, secrets: [{ name: 'A', value: '1' }] },
      { code: handler('console.log(JSON.stringify(event.secrets))'), secrets: [{ name: 'B', value: '2' }] },
    )
    const { logs } = await auth0.signIn(loginEvent())
    assert.deepEqual(
      logs.map(({ text }) => text),
      ['{"A":"1"} TypeError,TypeError,TypeError', '{"B":"2"}'],
    )
  })

  it('gives each Action its own copy of the event, with the name of the tenant', async () => {
    await run(
      auth0,
      handler("event.user.email = 'changed'"),
      handler(claim('[event.user.email, event.tenant.id]')),
    )
    const event = loginEvent()
    assert.deepEqual((await auth0.signIn(event)).idToken[name], ['ada@example.com', 'acme'])
    assert.equal(event.user.email, 'ada@example.com')
  })

  it('shows later Actions the metadata that earlier ones wrote', async () => {
    await run(
      auth0,
      handler("api.user.setUserMetadata('a', 1); api.transaction.setMetadata('t', 'x')"),
      handler(claim('[event.user.user_metadata.a, event.transaction.metadata.t]')),
    )
    assert.deepEqual((await auth0.signIn(loginEvent())).idToken[name], [1, 'x'])
  })
})

describe('local Auth0: loginEvent', () => {
  it('merges changes one level deep, and removes what is undefined', () => {
    const event = loginEvent({ user: { email: undefined, name: 'Ada' }, transaction: undefined })
    assert.equal('email' in event.user, false)
    assert.equal('transaction' in event, false)
    assert.deepEqual(
      [event.user.name, event.user.email_verified, event.connection.strategy],
      ['Ada', true, 'auth0'],
    )
  })
})
