// Backendless goes silent from one moment to the next, under load, and comes back: the deployed Action on one instance.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LocalAuth0, loginEvent } from '@backendless-login/local-auth0'
import { useDeployedAction } from './deployed-action.ts'
import { firstSignIn } from './sign-in.ts'

const SIGN_INS_A_SECOND = 50
/** A busy machine gets fewer done; with less than this the numbers would say nothing. */
const FEWEST_A_SECOND = 35
const SILENT_MS = 9_000
/** From then on sign-ins have to end at once. */
const SETTLED_MS = 5_000

const MOST_IN_FLIGHT = 150
const LONGEST_MEDIAN_MS = 50
const LONGEST_RECOVERY_MS = 15_000

interface Ended {
  /** When it began, and ended, on the clock of this process. */
  readonly began: number
  readonly ended: number
  /** Inside the Action, by its log. */
  readonly ms: number
  readonly code: string
}

/** Signs users in at a steady rate; a tick that comes late is not made up for. */
class Load {
  readonly ended: Ended[] = []
  readonly #auth0: LocalAuth0
  readonly #users: readonly { email: string; user_id: string }[]
  readonly #timer = setInterval(() => void this.#signIn(), 1000 / SIGN_INS_A_SECOND)
  readonly #pending = new Set<Promise<void>>()
  #begun = 0
  mostInFlight = 0

  constructor(auth0: LocalAuth0, users: readonly { email: string; user_id: string }[]) {
    this.#auth0 = auth0
    this.#users = users
  }

  #signIn(): void {
    const signIn = this.#run().finally(() => this.#pending.delete(signIn))
    this.#pending.add(signIn)
    this.mostInFlight = Math.max(this.mostInFlight, this.#pending.size)
  }

  async #run(): Promise<void> {
    const began = performance.now()
    const user = this.#users[this.#begun++ % this.#users.length] ?? {}
    const { logs } = await this.#auth0.signIn(loginEvent({ user }))
    const [, code = '', ms] = / code=(\S+) .* ms=(\d+)/.exec(logs[0]?.text ?? '') ?? []
    this.ended.push({ began, ended: performance.now(), ms: Number(ms), code })
  }

  begunBetween(from: number, to: number): Ended[] {
    return this.ended.filter(({ began }) => began >= from && began < to)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#pending)
  }
}

describe('an outage, live', () => {
  const action = useDeployedAction()

  it('holds few executions, fails fast, and lets users in again soon after', async () => {
    const users = Array.from({ length: 10 }, (_, n) => ({
      email: `u${n}@example.com`,
      user_id: `auth0|${n}`,
    }))
    for (const user of users) await action().auth0.signIn(loginEvent(firstSignIn(user)))
    const load = new Load(action().auth0, users)
    await sleep(1000)
    assert.ok(load.ended.length > 0 && load.ended.every(({ code }) => code === 'ok'))

    const silentAt = performance.now()
    const heal = action().app.faults.add({ route: '*', fault: { kind: 'hang' } })
    await sleep(SILENT_MS)
    heal()
    const backAt = performance.now()
    const firstToken = () => load.ended.find(({ began, code }) => began >= backAt && code === 'ok')
    while (!firstToken() && performance.now() - backAt < LONGEST_RECOVERY_MS) await sleep(50)
    const tokenAt = firstToken()?.ended ?? Number.POSITIVE_INFINITY
    await sleep(500)
    await load.stop()

    const settled = load.begunBetween(silentAt + SETTLED_MS, backAt)
    const perSecond = (settled.length * 1000) / (backAt - silentAt - SETTLED_MS)
    assert.ok(perSecond > FEWEST_A_SECOND, `${perSecond} sign-ins a second`)
    assert.ok(load.mostInFlight <= MOST_IN_FLIGHT, `${load.mostInFlight} in flight`)
    assert.ok(median(settled) <= LONGEST_MEDIAN_MS, `median ${median(settled)} ms`)
    assert.ok(settled.every(({ code }) => code === 'unavailable' || code === 'timeout'))
    assert.ok(tokenAt - backAt <= LONGEST_RECOVERY_MS, `${tokenAt - backAt} ms until the first token`)
    const after = load.begunBetween(tokenAt, Number.POSITIVE_INFINITY)
    assert.ok(after.length > 0 && after.every(({ code }) => code === 'ok'))
    assert.deepEqual(action().auth0.strayErrors, [])
  }).timeout(60_000)
})

function median(signIns: readonly Ended[]): number {
  const sorted = signIns.map(({ ms }) => ms).toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY
}
