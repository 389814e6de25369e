// A failed sign-in leaves nothing behind except connections that are kept for the next one.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault, LocalBackendless } from '@backendless-login/local-backendless'
import { backendless, closeAll, signIn } from '../sign-in.ts'
import { answer, MARKER } from './fault.ts'
import { startFaultyProxy } from './faulty-proxy.ts'
import { hostName, useTestNames } from './host-names.ts'

/** Number of sign-ins of each kind. */
const SIGN_INS = 100
/** Number of concurrent sign-ins, and so the limit of kept connections. */
const AT_ONCE = 25
/** Resources of the test runner itself. */
const OTHERS = 3
const SHORT_BUDGET_MS = 200

/** Returns the sockets, look-ups and timers that keep this process alive, of clients and of the server. */
function open(kind: 'sockets' | 'timers'): number {
  return process.getActiveResourcesInfo().filter((name) => {
    return kind === 'timers' ? name === 'Timeout' : /^(TCP|TLS|GetAddrInfo)(?!ServerWrap)/.test(name)
  }).length
}

describe('sign-ins that failed', () => {
  useTestNames()
  afterEach(closeAll)

  async function leaveNothing(app: LocalBackendless, serverUrl = app.url, budgetMs = 8000): Promise<void> {
    const before = { sockets: open('sockets'), timers: open('timers') }
    for (let done = 0; done < SIGN_INS; done += AT_ONCE) {
      const wave = Array.from({ length: AT_ONCE }, () => signIn({ app, settings: { serverUrl, budgetMs } }))
      for (const { code } of await Promise.all(wave)) assert.match(code ?? '', /^(unavail|time|bad|refused)/)
    }
    const left = () => ({
      sockets: Math.max(0, open('sockets') - before.sockets - AT_ONCE - OTHERS),
      timers: Math.max(0, open('timers') - before.timers - OTHERS),
    })
    for (let n = 0; n < 20 && left().sockets + left().timers > 0; n += 1) await sleep(50)
    assert.deepEqual(left(), { sockets: 0, timers: 0 })
  }

  const FAULTS: readonly [string, Fault, number?][] = [
    ['a reset', { kind: 'reset' }],
    ['half an answer', { kind: 'resetMidway' }],
    ['silence', { kind: 'hang' }, SHORT_BUDGET_MS],
    ['an answer that drips', { kind: 'drip', ms: 40 }, SHORT_BUDGET_MS],
    ['103 without end', { kind: 'informational', status: 103, everyMs: 40 }, SHORT_BUDGET_MS],
    ['101', { kind: 'raw', bytes: 'HTTP/1.1 101 Switch\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n' }],
    ['another protocol', { kind: 'raw', bytes: MARKER }],
    ['HTML', answer(200, '<html>')],
    ['a huge body', answer(200, 'a'.repeat(1_100_000))],
    ['503', answer(503)],
    ['400', answer(400)],
  ]
  for (const [title, fault, budgetMs] of FAULTS) {
    it(`leave no socket and no timer after ${title}`, async () => {
      const app = await backendless()
      app.faults.add({ route: '*', fault })
      await leaveNothing(app, app.url, budgetMs)
    })
  }

  it('leave no socket and no timer when connections are refused', async () => {
    const app = await backendless()
    await app.close()
    await leaveNothing(app)
  })

  for (const [title, resolution] of [
    ['without an address', 'ENOTFOUND'],
    ['that is looked up for too long', 400],
  ] as const) {
    it(`leave no socket and no timer after a name ${title}`, async () => {
      const app = await backendless()
      const url = `http://${hostName(() => resolution)}:${new URL(app.url).port}`
      await leaveNothing(app, url, typeof resolution === 'number' ? SHORT_BUDGET_MS : undefined)
    })
  }

  for (const protocol of ['http', 'https']) {
    it(`leave no socket and no timer after a connection that stays silent, ${protocol}`, async () => {
      const app = await backendless()
      const proxy = await startFaultyProxy(0, 0, { kind: 'ignoreAll' })
      try {
        await leaveNothing(app, `${protocol}://127.0.0.1:${proxy.port}`, SHORT_BUDGET_MS)
      } finally {
        proxy.close()
      }
    })
  }
})
