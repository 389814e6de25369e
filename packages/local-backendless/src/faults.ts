// What a test makes go wrong: rules that pick requests, and how each spoils them.

/**
 * `resetMidway`, `drip` and `rewrite` spoil the real answer, so their request is always processed. The others come before
 * it is (`delay`, and one `informational` answer, are processed afterwards), unless `after` is set: then the request is
 * processed, and only its answer is lost, late or replaced.
 */
export type Fault = (
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hang' }
  /** Cuts the connection instead of an answer. */
  | { readonly kind: 'reset' }
  /** Cuts it after the head and half of the body. */
  | { readonly kind: 'resetMidway' }
  /** The head, then a byte of the body every `ms`. */
  | { readonly kind: 'drip'; readonly ms: number }
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body?: string | Buffer | object
      readonly headers?: Readonly<Record<string, string>>
    }
  /** The real answer with another body, or with further headers. */
  | {
      readonly kind: 'rewrite'
      readonly body?: (real: Buffer) => string | Buffer
      readonly headers?: Readonly<Record<string, string>>
    }
  /** A 1xx answer ahead of the real one; with `everyMs`, one after another and nothing else. */
  | { readonly kind: 'informational'; readonly status: number; readonly everyMs?: number }
  /** These bytes, whatever they are, instead of an answer; then the connection is closed, if `end` says so. */
  | { readonly kind: 'raw'; readonly bytes: string; readonly end?: boolean }
  /** A Backendless error; text and status are the usual ones unless given. */
  | { readonly kind: 'code'; readonly code: number; readonly status?: number; readonly message?: string }
) & { readonly after?: boolean }

export interface FaultRule {
  /** Method and path without app id and key, `*` for any run of characters: `POST /users/login`, `* /data/*`, `*`. */
  readonly route: string
  /** The first matching request (from 1) that is spoiled; alone, it is the only one. Default: every one. */
  readonly nth?: number
  /** How many are spoiled. */
  readonly times?: number
  readonly fault: Fault
}

export interface Faults {
  /** Gives a function that removes the rule. Where several rules fit a request, the first added wins. */
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

  /** Counts a request that has arrived, and says what becomes of it. */
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

const SPOILS_ANSWERS: ReadonlySet<Fault['kind']> = new Set(['resetMidway', 'drip', 'rewrite'])

/** Whether a fault strikes before the request is processed. */
export function comesBefore(fault: Fault): boolean {
  return fault.after !== true && !SPOILS_ANSWERS.has(fault.kind)
}
