// What 10,000 sign-ins that fail in different ways leave behind: sockets, timers and memory.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '@backendless-login/local-backendless'
import { deployedAction, type SignIn } from './action.ts'
import { heldNow } from './flatness.ts'
import { type Measurement, row } from './measure.ts'
import { type Network, openNetwork, type ServerIdentity } from './network.ts'

const FAILED_SIGN_INS = 10_000
const LANES = 100
/** In milliseconds: how long each sign-in waits for a silent service. */
const BUDGET_MS = 400
const NO_GROWTH = { atMost: 1 }

/** `wrong password`: no fault; Backendless answers 3003. */
type Way = 'wrong password' | 'refused connection' | Fault

/** Between two faults there is an answer, because an instance stops sending requests to a service that seems to be down. */
const WAYS: readonly Way[] = [
  'refused connection',
  'wrong password',
  { kind: 'hang' },
  'wrong password',
  { kind: 'reset' },
  'wrong password',
  { kind: 'answer', status: 500 },
  'wrong password',
]

export async function faults(identity: ServerIdentity): Promise<Measurement[]> {
  const network = await openNetwork(identity, LANES, 0)
  const lanes = new Lanes(network)
  try {
    for (const way of WAYS) await lanes.fail(way)
    const before = await afterwards()
    const rounds = Math.ceil(FAILED_SIGN_INS / LANES / WAYS.length)
    const sent = lanes.sent
    for (let round = 0; round < rounds; round += 1) {
      for (const way of WAYS) await lanes.fail(way)
    }
    const after = await afterwards()
    const failed = lanes.sent - sent
    if (failed < FAILED_SIGN_INS) throw new Error(`Only ${failed} sign-ins sent a request`)
    const compare = (name: 'sockets' | 'timers' | 'heapMiB', unit: string, goal: Measurement['goal']) =>
      row(
        {
          name: `faults/${name}`,
          what: `${name}, after 10,000 failed sign-ins / before`,
          unit,
          ...(goal ? { goal } : {}),
        },
        after[name],
        before[name],
      )
    return [
      compare('sockets', '', NO_GROWTH),
      compare('timers', '', NO_GROWTH),
      compare('heapMiB', 'MiB', { atMost: 1.1 }),
    ]
  } finally {
    network.close()
  }
}

/** Waits until the last connection has ended, on both sides of the network. */
async function afterwards() {
  await sleep(1_000)
  return heldNow()
}

/** Instances of the Action that run at the same time, each with one sign-in at a time. */
class Lanes {
  readonly #network: Network
  readonly #fresh: () => SignIn
  readonly #instances: SignIn[]
  /** Number of sign-ins that failed after a request. Those that failed without one do not count. */
  sent = 0

  constructor(network: Network) {
    this.#network = network
    this.#fresh = deployedAction(
      { ...network, password: 'not the one that they have' },
      {
        budgetMs: BUDGET_MS,
      },
    )
    this.#instances = Array.from({ length: LANES }, () => this.#fresh())
  }

  async fail(way: Way): Promise<void> {
    if (way === 'refused connection') await this.#network.refuseConnections()
    else if (way !== 'wrong password') await this.#network.injectFault(way)
    await Promise.all(this.#instances.map((_, lane) => this.#failOnce(lane)))
    if (way === 'refused connection') await this.#network.acceptConnections()
    else if (way !== 'wrong password') await this.#network.injectFault()
  }

  async #failOnce(lane: number): Promise<void> {
    const signIn = this.#instances[lane] ?? this.#fresh()
    const ended = await signIn({ user: { email: this.#network.emails[lane] } })
    if (ended.userToken !== undefined) throw new Error('A sign-in that was to fail gave a token')
    if (ended.requests === 0) {
      // This instance sent no request because its circuit is open, so a new instance takes its place.
      this.#instances[lane] = this.#fresh()
      return this.#failOnce(lane)
    }
    this.sent += 1
  }
}
