// Backendless suddenly stops answering under load, and comes back: the deployed Action on one instance.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LocalAuth0, loginEvent } from '@backendless-login/local-auth0'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { useDeployedAction } from './deployed-action.ts'
import { firstSignIn, LOGIN } from './sign-in.ts'

const USERS = Array.from({ length: 10 }, (_, n) => ({ email: `u${n}@example.com`, user_id: `auth0|${n}` }))

/** Without the silence rule, a hundred sign-ins a second make 250 requests wait. */
const MOST_WAITING = 80
const SILENT_MS = 6_000
/** In milliseconds: by then the circuit is open, and the earlier requests have ended. */
const SETTLED_MS = 4_000
const LONGEST_RECOVERY_MS = 15_000

/** Signs users in at a steady rate. A late tick is not made up for. */
class Load {
  /** The outcome codes, in the order in which the sign-ins ended. */
  readonly codes: string[] = []
  readonly #auth0: LocalAuth0
  readonly #app: LocalBackendless
  readonly #timer: NodeJS.Timeout
  readonly #running = new Set<Promise<void>>()
  begun = 0
  mostWaiting = 0

  constructor(auth0: LocalAuth0, app: LocalBackendless, signInsPerSecond: number) {
    this.#auth0 = auth0
    this.#app = app
    this.#timer = setInterval(() => this.#begin(), 1000 / signInsPerSecond)
  }

  #begin(): void {
    const signIn = this.#signIn().finally(() => this.#running.delete(signIn))
    this.#running.add(signIn)
    const waiting = this.#app.requests.filter(({ status, ms }) => status === 0 && ms === 0)
    this.mostWaiting = Math.max(this.mostWaiting, waiting.length)
  }

  async #signIn(): Promise<void> {
    const user = USERS[this.begun++ % USERS.length] ?? {}
    const { logs } = await this.#auth0.signIn(loginEvent({ user }))
    this.codes.push(/ code=(\S+)/.exec(logs[0]?.text ?? '')?.[1] ?? '')
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#running)
  }
}

describe('the deployed Action under load', function () {
  this.timeout(60_000)
  // A busy machine can stretch a pause of Backendless until it counts as silence.
  this.retries(2)
  const action = useDeployedAction()

  before(async () => {
    for (const user of USERS) await action().auth0.signIn(loginEvent(firstSignIn(user)))
  })
  beforeEach(() => {
    action().app.faults.clear()
    action().app.requests.length = 0
  })

  it('does not let sign-ins wait in vain in an outage, and lets users in again after it', async () => {
    const { app, auth0 } = action()
    const load = new Load(auth0, app, 100)
    await sleep(1000)
    assert.ok(load.codes.length > 0 && load.codes.every((code) => code === 'ok'))

    const begunBefore = load.begun
    const heal = app.faults.add({ route: '*', fault: { kind: 'hang' } })
    await sleep(SETTLED_MS)
    const sentUntilSettled = app.requests.length
    await sleep(SILENT_MS - SETTLED_MS)
    const [sent, begun, ended] = [app.requests.length, load.begun, load.codes.length]
    heal()
    const isBack = () => load.codes.slice(ended).includes('ok')
    for (let waited = 0; !isBack() && waited < LONGEST_RECOVERY_MS; waited += 50) await sleep(50)
    const endedUntilBack = load.codes.length
    await sleep(500)
    await load.stop()

    assert.ok(begun - begunBefore > 2 * MOST_WAITING, `only ${begun - begunBefore} sign-ins began`)
    assert.ok(load.mostWaiting <= MOST_WAITING, `${load.mostWaiting} requests waited at once`)
    assert.equal(sent - sentUntilSettled, 0)
    assert.ok(load.codes.slice(0, ended).every((code) => ['ok', 'timeout', 'unavailable'].includes(code)))
    const after = load.codes.slice(endedUntilBack)
    assert.ok(after.length > 0 && after.every((code) => code === 'ok'))
    assert.deepEqual(auth0.strayErrors, [])
  })

  it('refuses nobody when Backendless pauses for 400 ms again and again, at 50 sign-ins a second', async () => {
    const { app, auth0 } = action()
    const load = new Load(auth0, app, 50)
    for (let pauses = 0; pauses < 4; pauses += 1) {
      await sleep(500)
      const resume = app.faults.add({ route: '*', fault: { kind: 'delay', ms: 400 } })
      await sleep(400)
      resume()
    }
    await load.stop()
    assert.ok(load.mostWaiting >= 10, `only ${load.mostWaiting} requests waited at once`)
    assert.deepEqual(new Set(load.codes), new Set(['ok']))
  })

  it('refuses nobody while five requests take 700 ms, as on cold connections', async () => {
    const { app, auth0 } = action()
    app.faults.add({ route: LOGIN, nth: 1, times: 5, fault: { kind: 'delay', ms: 700 } })
    const signIn = (user: (typeof USERS)[number]) => auth0.signIn(loginEvent({ user }))
    const slow = USERS.slice(0, 5).map(signIn)
    while (app.requests.length < 5) await sleep(5)
    await sleep(550)
    for (const { logs } of await Promise.all([...slow, ...USERS.slice(5).map(signIn)])) {
      assert.match(logs[0]?.text ?? '', / code=ok /)
    }
  })
})
