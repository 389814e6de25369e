// 250 concurrent sign-ins in one instance, the limit of a public tenant, for 20 seconds.
import { deployedAction, withToken } from './action.ts'
import { type Stretch, watch } from './flatness.ts'
import { type Measurement, median, row } from './measure.ts'
import { openNetwork, type ServerIdentity } from './network.ts'
import { Requests } from './requests.ts'

const IN_FLIGHT = 250
const QUARTERS = 4
const QUARTER_MS = 5_000
const FLAT = { atMost: 1.15 }

/** For bare requests before and after the sign-ins, so that a machine that slows down affects both. */
const BARE_MS = 8_000

export async function load(identity: ServerIdentity): Promise<Measurement[]> {
  const network = await openNetwork(identity, IN_FLIGHT)
  const signIn = deployedAction(network)()
  const bare = async () => {
    const requests = new Requests(network, 'warm')
    const sustained = await sustain(network.emails, (email) => requests.login(email), pause(BARE_MS))
    requests.close()
    return sustained
  }
  const ours = (work: Promise<unknown>) =>
    sustain(network.emails, async (email) => withToken(await signIn({ user: { email } })), work)
  try {
    await ours(pause(2_000))
    const before = await bare()
    // The first stretch opens the connections and is not counted.
    const watched = watch(QUARTERS, QUARTER_MS)
    const measured = await ours(watched)
    const after = await bare()
    const stretches = await watched
    return [
      row(
        {
          name: 'load/throughput',
          what: '250 at once / 250 bare requests',
          unit: 'per second',
          goal: { atLeast: 0.9 },
        },
        measured.perSecond,
        (before.perSecond + after.perSecond) / 2,
      ),
      // CPU time does not depend on other processes of the machine.
      row(
        { name: 'load/cpu', what: 'CPU time of a sign-in / of a bare request', unit: 'ms' },
        measured.cpuMs,
        (before.cpuMs + after.cpuMs) / 2,
      ),
      ...flatness(stretches),
    ]
  } finally {
    network.close()
  }
}

function flatness(stretches: readonly Stretch[]): Measurement[] {
  const [first, last] = [stretches[0], stretches.at(-1)]
  if (!first || !last) throw new Error('Nothing was watched')
  const compare = (name: string, what: string, unit: string, of: (stretch: Stretch) => number) =>
    row(
      { name: `load/${name}`, what: `${what}, last quarter / first`, unit, goal: FLAT },
      of(last),
      of(first),
    )
  return [
    compare('sockets', 'sockets', '', ({ sockets }) => median(sockets)),
    compare('heap', 'heap held', 'MiB', ({ held }) => held.heapMiB),
    compare('rss', 'resident memory', 'MiB', ({ rssMiB }) => median(rssMiB)),
    row(
      { name: 'load/delay', what: 'event-loop delay, last quarter / first', unit: 'ms', goal: FLAT },
      last.delay,
      first.delay,
    ),
  ]
}

interface Sustained {
  readonly perSecond: number
  /** CPU time of this process per sign-in. */
  readonly cpuMs: number
}

/** Signs each of `emails` in repeatedly until `work` ends. */
async function sustain(
  emails: readonly string[],
  signIn: (email: string) => Promise<unknown>,
  work: Promise<unknown>,
): Promise<Sustained> {
  let working = true
  let ended = 0
  const began = performance.now()
  const cpu = process.cpuUsage()
  const lanes = emails.map(async (email) => {
    while (working) {
      await signIn(email)
      ended += 1
    }
  })
  await Promise.race([work, Promise.all(lanes)])
  const perSecond = ended / ((performance.now() - began) / 1000)
  const { user, system } = process.cpuUsage(cpu)
  const cpuMs = (user + system) / 1000 / ended
  working = false
  await Promise.all(lanes)
  return { perSecond, cpuMs }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
