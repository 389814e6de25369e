// Faults that a test injects into the Management API: rules that select requests, and what happens to them. The rules have the
// form of those of the local Backendless.

/** An answer instead of the real one; the request is not processed. Default of `body`: Auth0's body for that status. */
export interface Fault {
  readonly kind: 'answer'
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface FaultRule {
  /** Method and path (after /api/v2, without the query), `*` for any characters: `GET /actions/actions/*`, `*`. */
  readonly route: string
  /** Number of the first matching request that fails, from 1. Without `times`, only that one fails. Default: all fail. */
  readonly nth?: number
  /** How many matching requests fail. Default: all, or one if `nth` is given. */
  readonly times?: number
  readonly fault: Fault
}

export interface Faults {
  /** Returns a function that removes the rule. If several rules select a request, the one added first applies. */
  add(rule: FaultRule): () => void
  /** Lets the next builds fail. @param times how many. Default: all until `clear`. */
  failBuilds(times?: number): void
  /** Removes all rules, and lets builds succeed. */
  clear(): void
}

interface ActiveRule {
  readonly pattern: RegExp
  readonly from: number
  readonly until: number
  readonly fault: Fault
  seen: number
}

export class FaultRules implements Faults {
  readonly #rules = new Set<ActiveRule>()
  #failingBuilds = 0

  add({ route, nth, times, fault }: FaultRule): () => void {
    const from = nth ?? 1
    const until = from + (times ?? (nth === undefined ? Number.POSITIVE_INFINITY : 1))
    const rule: ActiveRule = { pattern: patternOf(route), from, until, fault, seen: 0 }
    this.#rules.add(rule)
    return () => {
      this.#rules.delete(rule)
    }
  }

  failBuilds(times = Number.POSITIVE_INFINITY): void {
    this.#failingBuilds = times
  }

  clear(): void {
    this.#rules.clear()
    this.#failingBuilds = 0
  }

  /** Counts a request. Returns the fault to inject into it, if any. */
  pick(method: string, path: string): Fault | undefined {
    let picked: Fault | undefined
    for (const rule of this.#rules) {
      if (!rule.pattern.test(`${method} ${path}`)) continue
      rule.seen += 1
      if (rule.seen >= rule.from && rule.seen < rule.until) picked ??= rule.fault
    }
    return picked
  }

  /** Counts a build. Returns true if it has to fail. */
  pickBuild(): boolean {
    if (this.#failingBuilds <= 0) return false
    this.#failingBuilds -= 1
    return true
  }
}

function patternOf(route: string): RegExp {
  const source = route.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${source}$`)
}
