// `npm run bench:passwords`: how fast users are moved, what each costs, and whether memory grows with their number.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Secret } from '../actions/backendless-login/secret.ts'
import { Application } from '../operations/passwords/application.ts'
import { Pace } from '../operations/passwords/pace.ts'
import { openState } from '../operations/passwords/state.ts'
import { sweep } from '../operations/passwords/sweep.ts'
import type { StackReading } from '../operations/stack/reading.ts'
import type { UsersOrder } from './passwords-backendless.ts'

const CONCURRENCY = 16
const CURRENT = 'made-up-current-password'
const OLDER = 'made-up-older-password'

interface Measured {
  readonly users: number
  readonly onOld: number
  readonly usersPerSecond: number
  readonly requestsPerUser: number
  readonly heldHeapMiB: number
}

async function measure(users: number, onOld: number): Promise<Measured> {
  const child = fork(fileURLToPath(new URL('passwords-backendless.ts', import.meta.url)))
  const order: UsersOrder = { users, onOld, current: CURRENT, older: OLDER }
  child.send(order)
  const [{ url, appId, apiKey }] = await once(child, 'message')
  const stack: StackReading = {
    serverUrl: url,
    appId: new Secret(appId),
    apiKey: new Secret(apiKey),
    identity: 'email',
    identityColumn: 'email',
    ownerColumn: '',
    passwords: [
      { id: '2', perUser: true, value: new Secret(CURRENT) },
      { id: '1', perUser: true, value: new Secret(OLDER) },
    ],
    retired: [],
    actionId: 'none',
  }
  const app = new Application(stack, { pace: new Pace(1_000_000, CONCURRENCY) })
  const state = openState('/nonexistent/state.json', stack, { deployed: 'none' })
  let peak = 0
  let pages = 0
  const began = performance.now()
  const stop = await sweep({
    app,
    stack,
    state,
    apply: true,
    concurrency: CONCURRENCY,
    activeWithinMs: undefined,
    signal: new AbortController().signal,
    startedAt: Date.now(),
    onStart: () => {},
    onUser: () => {},
    save: () => {
      // Without garbage that was not collected yet.
      pages += 1
      if (pages % 10 !== 1) return
      globalThis.gc?.()
      peak = Math.max(peak, process.memoryUsage().heapUsed)
    },
  })
  const seconds = (performance.now() - began) / 1000
  child.disconnect()
  if (stop || state.current + state.moved !== users || state.moved !== onOld) {
    throw new Error(
      `Of ${users} users ${state.current} were current and ${state.moved} moved. ${stop?.reason ?? ''}`,
    )
  }
  const requests = Object.values(app.requests).reduce((sum, count) => sum + count, 0)
  return {
    users,
    onOld,
    usersPerSecond: Math.round(users / seconds),
    requestsPerUser: Math.round((requests / users) * 100) / 100,
    heldHeapMiB: Math.round(peak / 2 ** 20),
  }
}

const sizes = process.argv.slice(2).map(Number)
const rows: Measured[] = []
for (const users of sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]) {
  rows.push(await measure(users, 0), await measure(users, users))
  console.table(rows.slice(-2))
}
