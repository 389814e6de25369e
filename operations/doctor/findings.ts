import { Problem } from '../problem.ts'
import { CHECKS, type CheckName, isCheckName } from './checks.ts'

export type Result = 'ok' | 'warning' | 'failed' | 'not checked'

/** The result of one check. */
export interface CheckResult {
  readonly name: CheckName
  readonly result: Result
  /** One or more sentences. Contains no secret. */
  readonly finding: string
  /** Present if there is something to do. */
  readonly toDo?: string
}

/** The results of all checks, one per check. */
export class Findings {
  readonly #found = new Map<CheckName, CheckResult>()

  ok(name: CheckName, finding: string): void {
    this.#found.set(name, { name, result: 'ok', finding })
  }

  warning(name: CheckName, finding: string): void {
    this.#found.set(name, { name, result: 'warning', finding, toDo: CHECKS[name].toDo })
  }

  failed(name: CheckName, finding: string): void {
    this.#found.set(name, { name, result: 'failed', finding, toDo: CHECKS[name].toDo })
  }

  /** Marks those checks of `names` that have no result yet. The reason says what they need. */
  notChecked(names: readonly CheckName[], reason: string): void {
    for (const name of names) {
      if (!this.#found.has(name)) this.#found.set(name, { name, result: 'not checked', finding: reason })
    }
  }

  /** Runs `check`. If it throws a Problem, the check `name` fails with its message. */
  async attempt(name: CheckName, check: () => Promise<void>): Promise<void> {
    try {
      await check()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.failed(name, error.message)
    }
  }

  result(name: CheckName): Result | undefined {
    return this.#found.get(name)?.result
  }

  sentence(name: CheckName): string | undefined {
    return this.#found.get(name)?.finding
  }

  /** In the order of the catalogue. @throws Error if a check has no result: it must not look as if it passed. */
  all(): readonly CheckResult[] {
    return Object.keys(CHECKS)
      .filter(isCheckName)
      .map((name) => {
        const finding = this.#found.get(name)
        if (!finding) throw new Error(`The check ${name} has no result.`)
        return finding
      })
  }
}
