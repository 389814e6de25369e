// `node bench/many-instances.ts`: how many executions wait while Backendless is silent, by the number of instances. It simulates
// them with the real circuit breakers, a simulated clock and no sockets, and prints the table of docs/availability.md.
import { pathToFileURL } from 'node:url'
import { REQUEST_MS } from '../actions/backendless-login/budget.ts'
import { CircuitBreaker } from '../actions/backendless-login/circuit.ts'

/** Auth0's limit on the concurrent executions of a public tenant. */
const TENANT_LIMIT = 250
const LATENCY_MS = 100
const SILENT_FROM_MS = 2_000
const SILENT_UNTIL_MS = 32_000

const LOADS: readonly (readonly [signInsPerSecond: number, instances: number])[] = [
  ...[1, 5, 10, 20].map((instances) => [100, instances] as const),
  ...[5, 10, 20, 50].map((instances) => [400, instances] as const),
  ...[10, 20, 50, 100, 200].map((instances) => [1000, instances] as const),
]

export interface Outage {
  /** The highest number of concurrent executions. */
  readonly mostInFlight: number
  /** The same, from ten seconds after the silence began: only probes wait by then. */
  readonly mostInFlightLater: number
}

interface Ending {
  readonly instance: CircuitBreaker
  readonly signIn: object
  readonly health: 'up' | 'down'
}

/** Simulates sign-ins at a steady rate, each at a random instance, with Backendless silent for half a minute. */
export function simulate(signInsPerSecond: number, instances: number): Outage {
  let now = 0
  const breakers = Array.from({ length: instances }, () => new CircuitBreaker(() => now))
  const random = randomNumbers(1)
  const endings = new Map<number, Ending[]>()
  let [inFlight, mostInFlight, mostInFlightLater, begun] = [0, 0, 0, 0]
  for (; now < SILENT_UNTIL_MS; now += 1) {
    for (const { instance, signIn, health } of endings.get(now) ?? []) {
      inFlight -= 1
      instance.report(signIn, health)
    }
    endings.delete(now)
    for (; begun < (now * signInsPerSecond) / 1000; begun += 1) {
      const instance = breakers[Math.floor(random() * instances)]
      const signIn = {}
      if (!instance?.admits(signIn)) continue
      inFlight += 1
      const isAnswered = now + LATENCY_MS < SILENT_FROM_MS
      const endsAt = now + (isAnswered ? LATENCY_MS : REQUEST_MS)
      const health = isAnswered ? 'up' : 'down'
      endings.set(endsAt, [...(endings.get(endsAt) ?? []), { instance, signIn, health }])
    }
    mostInFlight = Math.max(mostInFlight, inFlight)
    if (now >= SILENT_FROM_MS + 10_000) mostInFlightLater = Math.max(mostInFlightLater, inFlight)
  }
  return { mostInFlight, mostInFlightLater }
}

/** Marsaglia's xorshift: the same numbers from 0 to 1 in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** The rows of the table in docs/availability.md. */
export function availabilityRows(): string[] {
  return LOADS.map(([rate, instances]) => {
    const { mostInFlight, mostInFlightLater } = simulate(rate, instances)
    const holds = mostInFlight < TENANT_LIMIT ? 'yes' : '**no**'
    const cells = [rate, instances, rate / instances, mostInFlight, mostInFlightLater, holds]
    return `| ${cells.join(' | ')} |`
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(availabilityRows().join('\n'))
