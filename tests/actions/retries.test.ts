// Which requests are sent a second time, and which never are.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { FaultRule, LocalBackendless } from '@backendless-login/local-backendless'
import { FAILURES } from '../../actions/backendless-login/answers.ts'
import { ADA, backendless, closeAll, firstSignIn, LOGIN, passwordOf, REGISTER, signIn } from './sign-in.ts'

async function appWith(...rules: readonly FaultRule[]): Promise<LocalBackendless> {
  const app = await backendless()
  app.addUser({ email: ADA, password: passwordOf(app, ADA) })
  for (const rule of rules) app.faults.add(rule)
  return app
}

/** Signs in once, so that the next sign-in uses a kept-alive connection. */
async function warmUp(app: LocalBackendless): Promise<void> {
  app.addUser({ email: 'first@example.com', password: passwordOf(app, 'first@example.com') })
  assert.equal((await signIn({ app, event: { user: { email: 'first@example.com' } } })).code, 'ok')
}

describe('retries', () => {
  afterEach(closeAll)

  for (const status of [502, 503, 504]) {
    it(`repeats a login once after ${status}`, async () => {
      const app = await appWith({ route: LOGIN, nth: 1, fault: { kind: 'answer', status, body: '<html>' } })
      const { requests, code, lines } = await signIn({ app })
      assert.deepEqual([requests, code], [[LOGIN, LOGIN], 'ok'])
      assert.match(lines[0] ?? '', / requests=2 ms=\d+ retried=login/)
    })
  }

  it('repeats a request only once', async () => {
    const app = await appWith({ route: LOGIN, fault: { kind: 'answer', status: 503 } })
    const { requests, code } = await signIn({ app })
    assert.deepEqual([requests, code], [[LOGIN, LOGIN], 'unavailable'])
  })

  it('repeats one request in a sign-in, not one of each kind', async () => {
    const app = await backendless()
    app.faults.add({ route: LOGIN, nth: 1, fault: { kind: 'answer', status: 503 } })
    app.faults.add({ route: LOGIN, nth: 3, fault: { kind: 'answer', status: 503 } })
    const { requests, code } = await signIn({ app })
    assert.deepEqual([requests, code], [[LOGIN, LOGIN, REGISTER, LOGIN], 'unavailable'])
  })

  it('repeats a login at once when a kept-alive connection turns out to be closed', async () => {
    const app = await appWith()
    await warmUp(app)
    app.faults.add({ route: LOGIN, nth: 1, fault: { kind: 'reset' } })
    const { requests, code } = await signIn({ app })
    assert.deepEqual([requests, code], [[LOGIN, LOGIN], 'ok'])
  })

  it('repeats no login whose new connection is reset', async () => {
    const app = await appWith({ route: LOGIN, fault: { kind: 'reset' } })
    const { requests, code } = await signIn({ app })
    assert.deepEqual([requests, code], [[LOGIN], 'unavailable'])
  })

  for (const [what, after, expected] of [
    ['was not processed', false, [REGISTER, LOGIN, REGISTER, LOGIN]],
    ['was processed', true, [REGISTER, LOGIN]],
  ] as const) {
    it(`sends a login to see whether a registration on a stale connection ${what}`, async () => {
      const app = await backendless()
      await warmUp(app)
      app.faults.add({ route: REGISTER, nth: 1, fault: { kind: 'reset', after } })
      const { requests, code, claim } = await signIn({ app, event: firstSignIn() })
      assert.deepEqual([requests, code], [expected, 'ok'])
      assert.equal(app.ownerOf(String(claim))?.email, ADA)
    })
  }

  for (const [what, fault] of [
    ['429', { kind: 'answer', status: 429 }],
    ['999', { kind: 'code', code: 999 }],
    ['500', { kind: 'answer', status: 500 }],
    ['503 with a code of Backendless', { kind: 'code', code: 3022, status: 503 }],
    ['half an answer', { kind: 'resetMidway' }],
  ] as const) {
    it(`repeats no login after ${what}`, async () => {
      const app = await appWith({ route: LOGIN, fault })
      assert.deepEqual((await signIn({ app })).requests, [LOGIN])
    })
  }

  it('repeats nothing after silence', async () => {
    const app = await appWith({ route: LOGIN, nth: 1, fault: { kind: 'hang' } })
    assert.deepEqual((await signIn({ app })).requests, [LOGIN])
  })

  it('does not wait for a retry that does not fit into the budget', async () => {
    const app = await appWith({ route: LOGIN, fault: { kind: 'answer', status: 503 } })
    const { requests, code } = await signIn({ app, settings: { budgetMs: 250 } })
    assert.deepEqual([requests, code], [[LOGIN], 'unavailable'])
  })

  it('are those of docs/availability.md', async () => {
    const text = await readFile(new URL('../../docs/availability.md', import.meta.url), 'utf8')
    const documented = [...text.matchAll(/^\| `(\w+)` \| `(\w+)`: .* \| after (.*) \|$/gm)].map(
      ([, request, failure, when = '']) =>
        `${failure} ${request} ${when === 'a login that was answered with 3003' ? 'after_login' : Number.parseInt(when, 10)}`,
    )
    const coded = Object.entries(FAILURES).flatMap(([failure, row]) =>
      'retry' in row
        ? Object.entries(row.retry).map(([request, when]) => `${failure} ${request} ${when}`)
        : [],
    )
    assert.deepEqual(documented.toSorted(), coded.toSorted())
  })
})
