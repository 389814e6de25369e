// Orders to fail, for tests of how a client bears it.

/** One way the Management API shall answer instead of doing what was asked. */
export interface Fault {
  /** `'PATCH /actions/triggers/:trigger/bindings'`, or a pattern for `METHOD /path` (the path after /api/v2). */
  readonly call: string | RegExp
  /** How many calls fail before it works again; 1 unless told. */
  readonly times?: number
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The orders in force. The first one that fits a call answers it. */
export class Faults {
  #orders: { readonly fault: Fault; readonly pattern: RegExp; left: number }[] = []
  #failingBuilds = 0

  add(fault: Fault): void {
    const pattern = typeof fault.call === 'string' ? patternOf(fault.call) : fault.call
    this.#orders.push({ fault, pattern, left: fault.times ?? 1 })
  }

  /** The next builds end in `failed`: that many, or with `true` every one until `clear`. */
  failBuilds(count: number | true): void {
    this.#failingBuilds = count === true ? Number.POSITIVE_INFINITY : count
  }

  clear(): void {
    this.#orders = []
    this.#failingBuilds = 0
  }

  /** The fault that answers this call, used up by one. */
  take(call: string): Fault | undefined {
    const order = this.#orders.find(({ pattern, left }) => left > 0 && call.search(pattern) !== -1)
    if (order) order.left -= 1
    return order?.fault
  }

  takeBuild(): boolean {
    if (this.#failingBuilds <= 0) return false
    this.#failingBuilds -= 1
    return true
  }
}

function patternOf(call: string): RegExp {
  const source = call.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')
  return new RegExp(`^${source}$`)
}
