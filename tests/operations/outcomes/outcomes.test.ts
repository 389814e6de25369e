import assert from 'node:assert/strict'
import type { OutcomesReport } from '../../../operations/outcomes/command.ts'
import { Problem, UsageError } from '../../../operations/problem.ts'
import { firstSignIn, REFRESH } from '../../actions/sign-in.ts'
import { OUTCOMES_CLIENT, useOutcomes } from './fixture.ts'

describe('npm run outcomes', () => {
  const fixture = useOutcomes()
  const user = (email: string, more: object = {}) => ({ user: { email, user_id: `auth0|${email}`, ...more } })
  const unverified = (email: string) => user(email, { email_verified: false })

  it('says that nobody signed in where nobody did', async () => {
    const { text, report } = await fixture().run(['--fail-above', '1%'])
    assert.match(text, /Nobody signed in during this time/)
    assert.deepEqual(report.users, { kind: 'counted', byCode: {} })
  })

  it('counts denials by code, with share, references and what to do, for the stack’s clients alone', async () => {
    const { signIn, run } = fixture()
    for (const name of ['ada', 'grace', 'lin']) await signIn(firstSignIn(user(`${name}@example.com`).user))
    const denied = [await signIn(unverified('dora@example.com')), await signIn(unverified('dan@example.com'))]
    await signIn(unverified('other@example.com'), 'AnotherApplication')

    const { report, text } = await run()
    const { signIns, succeeded, denials } = report.period.tally
    assert.deepEqual([signIns, succeeded, denials.email_unverified?.count], [5, 3, 2])
    const references = denied.map(({ reason = '' }) => reason.slice(-6))
    assert.match(
      text,
      new RegExp(`email_unverified: 2 denied, 40\\.0 %, last .* references ${references.join(', ')}`),
    )
    assert.match(text, /Send the verification mail again/)
    assert.match(text, /▒/)
  })

  it('counts the users who have a problem, and lists them with their addresses only on request', async () => {
    const { run } = fixture()
    const { text, json, report } = await run()
    assert.deepEqual(report.users, { kind: 'counted', byCode: { email_unverified: 2 } })
    for (const output of [text, json]) assert.doesNotMatch(output, /@example\.com/)

    const listed = await run(['--users', 'email_unverified'])
    const today = new Date().toISOString().slice(0, 10)
    assert.match(
      listed.text,
      new RegExp(`auth0\\|dora@example\\.com {2}dora@example\\.com {2}since ${today}`),
    )
    assert.match((await run(['--users', 'account_disabled'])).text, /Nobody has the problem/)
  })

  it('names what it cannot count, each time', async () => {
    const { action, run, signIn } = fixture()
    action.app.faults.add({ route: '*', fault: { kind: 'answer', status: 503 } })
    await signIn(REFRESH)
    action.app.faults.clear()
    const { text, report } = await run()
    assert.equal(report.period.tally.succeeded, 4)
    assert.match(text, /sign-ins that continued without a token/)
    assert.match(text, /the tenant's logs begin there/)
    const withoutUsers = await run([], { scopes: ['read:logs'] })
    assert.match(withoutUsers.text, /not counted\. The Auth0 token lacks the scope read:users/)
  })

  it('fails above the share that --fail-above allows', async () => {
    const { run } = fixture()
    const { text, json } = await run(['--fail-above', '2%'])
    assert.match(
      text,
      /FAILED: 33\.3 % of the sign-ins failed because of an Action, and at most 2\.0 % are allowed/,
    )
    assert.equal(JSON.parse(json).ok, false)
    assert.match((await run(['--fail-above', '50%'])).text, /^Good: 33\.3 %/m)
  })

  it('waits while Auth0 limits the rate, and names a missing scope', async () => {
    const { action, run } = fixture()
    action.auth0.faults.add({ route: 'GET /logs', nth: 1, fault: { kind: 'answer', status: 429 } })
    assert.equal((await run()).report.period.tally.signIns, 6)
    await assert.rejects(run([], { scopes: ['read:users'] }), /lacks the scope read:logs/)
    await assert.rejects(
      run(['--users', 'email_missing'], { scopes: ['read:logs'] }),
      /lacks the scope read:users/,
    )
  })

  it('continues with --resume where an interruption stopped it, and counts nothing twice', async () => {
    const { run, signIn } = fixture()
    await assert.rejects(run(['--resume']), /Run it without --resume/)
    for (let index = 0; index < 110; index += 1) await signIn(user('ada@example.com'))
    const interrupted = new AbortController()
    interrupted.abort()
    await assert.rejects(run([], { signal: interrupted.signal }), Problem)
    assert.equal((await run(['--resume'])).report.period.tally.signIns, 116)
    await assert.rejects(run(['--resume']), /Run it without --resume/)
  })

  it('compares the time that it watches with the time before', async () => {
    const { run, signIn } = fixture()
    const watching = run(['--watch', '2s', '--fail-above', '5%'])
    await new Promise((resolve) => setTimeout(resolve, 800))
    await signIn(unverified('dora@example.com'))
    const { report, text } = await watching
    assert.equal(report.period.tally.signIns, 1)
    assert.equal(report.period.tally.denied, 1)
    assert.match(text, /before: [\s\S]*watched: [\s\S]*FAILED: 100\.0 %[\s\S]*Way back: revert the commit/)
  })

  it('counts failed executions by their class, with what to do', async () => {
    const { action, run } = fixture()
    const classes = ['action_timeout', 'action_error', 'rate_limited', 'platform_error'] as const
    for (const error_class of classes)
      action.auth0.logs.write({
        type: 'actions_execution_failed',
        client_id: OUTCOMES_CLIENT,
        details: { error_class },
      })
    for (let n = 0; n < 2; n += 1)
      action.auth0.logs.write({ type: 'resource_exhausted', client_id: OUTCOMES_CLIENT, details: {} })
    const { report, text } = await run()
    const once = Object.fromEntries(classes.map((name) => [name, 1]))
    assert.deepEqual(report.period.tally.failedExecutions, { ...once, resource_exhausted: 2 })
    assert.match(
      text,
      /resource_exhausted: 2 failed executions\n +The tenant reached its limit of executions/,
    )
    assert.match(text, /action_timeout: 1 failed execution\n +An Action ran into the limit of 20 seconds/)
  })

  for (const { trouble, fault, code, step } of [
    {
      trouble: 'Backendless is down',
      fault: { kind: 'answer', status: 503 },
      code: 'unavailable',
      step: /status page/,
    },
    {
      trouble: 'the key was revoked',
      fault: { kind: 'code', code: 2002 },
      code: 'misconfigured',
      step: /application id and key/,
    },
    {
      trouble: 'no user is on the password of the version',
      fault: { kind: 'code', code: 3003 },
      code: 'password_mismatch',
      step: /Never hand over the row unseen/,
    },
  ] as const) {
    it(`names the code and the next step where ${trouble}`, async () => {
      const { action, run, signIn } = fixture()
      const denied = (report: OutcomesReport) => report.period.tally.denials[code]?.count ?? 0
      const before = denied((await run()).report)
      action.app.faults.add({ route: '*', fault })
      const { reason } = await signIn(user('ada@example.com'))
      action.app.faults.clear()
      const { report, text } = await run()
      assert.equal(denied(report), before + 1, reason)
      assert.match(text, new RegExp(`^${code}: `, 'm'))
      assert.match(text, step)
    })
  }

  for (const args of [
    ['--since', '24'],
    ['--since', '31d'],
    ['--watch', '2h'],
    ['--watch', '1m', '--since', '1h'],
    ['--fail-above', '2'],
    ['--fail-above', '101%'],
    ['--users', 'unavailable'],
  ]) {
    it(`refuses ${args.join(' ')}`, async () => {
      await assert.rejects(fixture().run(args), UsageError)
    })
  }
})
