// `budgetMs` limits a sign-in, and 2,500 ms one request.
import assert from 'node:assert/strict'
import type { Fault, LocalBackendless } from '@backendless-login/local-backendless'
import {
  ADA,
  backendless,
  closeAll,
  firstSignIn,
  LOGIN,
  passwordOf,
  REGISTER,
  type SignInOptions,
  signIn,
} from '../sign-in.ts'
import { hostName, useTestNames } from './host-names.ts'

const BUDGET_MS = 700
/** In milliseconds: how much longer a sign-in may take on a busy machine. */
const TOLERANCE_MS = 750

describe('the time of a sign-in', () => {
  useTestNames()
  afterEach(closeAll)

  async function appWith(...faults: readonly Fault[]): Promise<LocalBackendless> {
    const app = await backendless()
    app.addUser({ email: ADA, password: passwordOf(app, ADA) })
    faults.forEach((fault, at) => void app.faults.add({ route: '*', nth: at + 1, fault }))
    return app
  }

  async function timed(options: SignInOptions) {
    const began = performance.now()
    const record = await signIn({ ...options, settings: { budgetMs: BUDGET_MS, ...options.settings } })
    return { ...record, spentMs: performance.now() - began }
  }

  it('is 2,500 ms for one request, and not the whole budget', async () => {
    const app = await appWith({ kind: 'hang' })
    const { code, spentMs } = await timed({ app, settings: { budgetMs: 8000 } })
    assert.equal(code, 'timeout')
    assert.ok(spentMs >= 2400 && spentMs < 2500 + TOLERANCE_MS, `${spentMs} ms`)
  })

  it('is not spent on a request that cannot be expected to finish', async () => {
    const app = await appWith({ kind: 'delay', ms: 450 })
    const { requests, code } = await timed({ app, event: firstSignIn(), settings: { budgetMs: 500 } })
    assert.deepEqual([requests, code], [[REGISTER], 'timeout'])
  })

  it('is not spent on a request if less time is left than the others took', async () => {
    const app = await appWith({ kind: 'delay', ms: 400 })
    const { requests, code, spentMs } = await timed({ app, event: firstSignIn() })
    assert.deepEqual([requests, code], [[REGISTER], 'timeout'])
    assert.ok(spentMs < BUDGET_MS, `${spentMs} ms`)
  })

  for (const [what, first, second] of [
    ['silence', { kind: 'answer', status: 503 }, { kind: 'hang' }],
    ['an answer that drips', { kind: 'answer', status: 504 }, { kind: 'drip', ms: 40 }],
    ['1xx without end', { kind: 'answer', status: 502 }, { kind: 'informational', status: 102, everyMs: 30 }],
  ] as const) {
    it(`limits a retry that meets ${what}`, async () => {
      const { requests, code, spentMs } = await timed({ app: await appWith(first, second) })
      assert.deepEqual([requests, code], [[LOGIN, LOGIN], 'timeout'])
      assert.ok(spentMs >= BUDGET_MS - 50 && spentMs < BUDGET_MS + TOLERANCE_MS, `${spentMs} ms`)
    })
  }

  it('limits a slow look-up, and the silence after it', async () => {
    const app = await appWith({ kind: 'hang' })
    const serverUrl = `http://${hostName(() => 300)}:${new URL(app.url).port}`
    const { requests, code, spentMs } = await timed({ app, settings: { serverUrl } })
    assert.deepEqual([requests, code], [[LOGIN], 'timeout'])
    assert.ok(spentMs >= BUDGET_MS - 50 && spentMs < BUDGET_MS + TOLERANCE_MS, `${spentMs} ms`)
  })

  it('limits a look-up that is not answered', async () => {
    const app = await appWith()
    const serverUrl = `http://${hostName(() => 5000)}:${new URL(app.url).port}`
    const { requests, code, spentMs } = await timed({ app, settings: { serverUrl } })
    assert.deepEqual([requests, code], [[], 'timeout'])
    assert.ok(spentMs < BUDGET_MS + TOLERANCE_MS, `${spentMs} ms`)
  })

  it('limits slow answers to many requests', async () => {
    const app = await backendless()
    app.faults.add({ route: '*', fault: { kind: 'delay', ms: 250 } })
    const { code, requests, spentMs } = await timed({ app })
    assert.deepEqual([requests, code], [[LOGIN, REGISTER], 'timeout'])
    assert.ok(spentMs < BUDGET_MS + TOLERANCE_MS, `${spentMs} ms`)
  })
})
