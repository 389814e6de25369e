// Faults that a test injects: rules that select requests, and the fault that each gets.

/**
 * `resetMidway`, `drip` and `rewrite` change the real answer, so the request is processed. The others act before it would be
 * processed; only a `delay` and a single `informational` answer let it be processed afterwards. With `after`, the request is
 * processed first, and only its answer is lost, late or replaced.
 */
export type Fault = (
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hang' }
  /** Resets the connection instead of answering. */
  | { readonly kind: 'reset' }
  /** Resets the connection after the head and half of the body. */
  | { readonly kind: 'resetMidway' }
  /** Sends the head, then a byte of the body every `ms`. */
  | { readonly kind: 'drip'; readonly ms: number }
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body?: string | Buffer | object
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Sends the real answer with another body, or with more headers. */
  | {
      readonly kind: 'rewrite'
      readonly body?: (real: Buffer) => string | Buffer
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Sends a 1xx answer before the real one. With `everyMs`: sends 1xx answers without end, and never the real one. */
  | { readonly kind: 'informational'; readonly status: number; readonly everyMs?: number }
  /** Sends these bytes instead of an answer. `end`: closes the connection after them. */
  | { readonly kind: 'raw'; readonly bytes: string; readonly end?: boolean }
  /** Answers with a Backendless error. Default: the usual text and status of the code. */
  | { readonly kind: 'code'; readonly code: number; readonly status?: number; readonly message?: string }
) & { readonly after?: boolean }

export interface FaultRule {
  /** Method and path without app id and key, `*` for any characters: `POST /users/login`, `* /data/*`, `*`. */
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

  add({ route, nth, times, fault }: FaultRule): () => void {
    const from = nth ?? 1
    const until = from + (times ?? (nth === undefined ? Number.POSITIVE_INFINITY : 1))
    const rule: ActiveRule = { pattern: patternOf(route), from, until, fault, seen: 0 }
    this.#rules.add(rule)
    return () => {
      this.#rules.delete(rule)
    }
  }

  clear(): void {
    this.#rules.clear()
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
}

function patternOf(route: string): RegExp {
  const source = route.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${source}$`)
}

const CHANGES_ANSWER: ReadonlySet<Fault['kind']> = new Set(['resetMidway', 'drip', 'rewrite'])

/** True if a fault acts before the request is processed. */
export function actsBeforeProcessing(fault: Fault): boolean {
  return fault.after !== true && !CHANGES_ANSWER.has(fault.kind)
}
