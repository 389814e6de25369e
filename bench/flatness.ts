// What must not grow during sign-ins: sockets, timers, memory, and the delay of the event loop.
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Held {
  readonly sockets: number
  readonly timers: number
  readonly heapMiB: number
}

/** Returns what this process holds after a garbage collection. */
export function heldNow(): Held {
  if (!globalThis.gc) throw new Error('Run with --expose-gc: garbage would be counted as held')
  globalThis.gc()
  return { ...open(), heapMiB: process.memoryUsage().heapUsed / 2 ** 20 }
}

function open(): Pick<Held, 'sockets' | 'timers'> {
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  return { sockets: openSockets(), timers }
}

/** Counted by the system, because Node does not list connections that an agent keeps for later. */
function openSockets(): number {
  const descriptors = '/proc/self/fd'
  if (!existsSync(descriptors)) {
    return process.getActiveResourcesInfo().filter((name) => /^T(CP|LS)/.test(name)).length
  }
  return readdirSync(descriptors).filter((name) => {
    try {
      return readlinkSync(join(descriptors, name)).startsWith('socket:')
    } catch {
      return false // The descriptor of the listing itself, or one that was closed meanwhile.
    }
  }).length
}

/** Measurements of one stretch of time. */
export interface Stretch {
  readonly sockets: readonly number[]
  readonly rssMiB: readonly number[]
  /** Delay of the event loop in milliseconds: median and 99th percentile. */
  readonly delay: { readonly median: number; readonly p99: number }
  /** Measured at the end of the stretch. */
  readonly held: Held
}

const SAMPLE_MS = 250

/** Measures this process for `count` stretches of `milliseconds` each. */
export async function watch(count: number, milliseconds: number): Promise<Stretch[]> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  const stretches: Stretch[] = []
  delay.enable()
  for (let index = 0; index < count; index += 1) stretches.push(await stretch(delay, milliseconds))
  delay.disable()
  return stretches
}

async function stretch(delay: IntervalHistogram, milliseconds: number): Promise<Stretch> {
  const [sockets, rssMiB]: [number[], number[]] = [[], []]
  const until = performance.now() + milliseconds
  delay.reset()
  while (performance.now() < until) {
    await sleep(SAMPLE_MS)
    sockets.push(open().sockets)
    rssMiB.push(process.memoryUsage.rss() / 2 ** 20)
  }
  const [median, p99] = [delay.percentile(50) / 1e6, delay.percentile(99) / 1e6]
  return { sockets, rssMiB, delay: { median, p99 }, held: heldNow() }
}
