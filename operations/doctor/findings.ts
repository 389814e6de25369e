import { Problem } from '../problem.ts'
import { CHECKS, type CheckName, isCheckName } from './checks.ts'

export type Result = 'ok' | 'warning' | 'failed' | 'not checked'

/** What came of one check. */
export interface Finding {
  readonly name: CheckName
  readonly result: Result
  /** A sentence, or several; never with a secret in it. */
  readonly finding: string
  /** Only where something has to be done. */
  readonly toDo?: string
}

/** Collects what the checks find, each once. */
export class Findings {
  readonly #found = new Map<CheckName, Finding>()

  ok(name: CheckName, finding: string): void {
    this.#found.set(name, { name, result: 'ok', finding })
  }

  warning(name: CheckName, finding: string): void {
    this.#found.set(name, { name, result: 'warning', finding, toDo: CHECKS[name].toDo })
  }

  failed(name: CheckName, finding: string): void {
    this.#found.set(name, { name, result: 'failed', finding, toDo: CHECKS[name].toDo })
  }

  /** Of these, those that have no result yet. The reason says how to have them checked. */
  notChecked(names: readonly CheckName[], reason: string): void {
    for (const name of names) {
      if (!this.#found.has(name)) this.#found.set(name, { name, result: 'not checked', finding: reason })
    }
  }

  /** A Problem of `check` is what the check `name` has found. Gives false then, for those that build on it. */
  async attempt(name: CheckName, check: () => Promise<void>): Promise<boolean> {
    try {
      await check()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.failed(name, error.message)
    }
    return this.result(name) !== 'failed'
  }

  result(name: CheckName): Result | undefined {
    return this.#found.get(name)?.result
  }

  /** In the order of the catalogue. @throws Error where a check has no result: it would pass without a word. */
  all(): readonly Finding[] {
    return Object.keys(CHECKS)
      .filter(isCheckName)
      .map((name) => {
        const finding = this.#found.get(name)
        if (!finding) throw new Error(`The check ${name} has no result.`)
        return finding
      })
  }
}
