// Builds and deployments take a moment: callers have to poll, as they do at Auth0.
import { isAvailable } from '../dependencies.ts'
import type { FaultRules } from '../faults.ts'
import { checkSyntax } from '../host/module.ts'
import { type Action, type Status, timestamp, type Version } from './action.ts'

export class Builds {
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #latest = new WeakMap<Action, symbol>()
  readonly #milliseconds: number
  readonly #faults: FaultRules
  readonly #onLive: () => void

  constructor(milliseconds: number, faults: FaultRules, onLive: () => void) {
    this.#milliseconds = milliseconds
    this.#faults = faults
    this.#onLive = onLive
  }

  /** Builds the draft: pending, building, and built or (after a second try) failed. A later build overtakes it. */
  build(action: Action): void {
    const fails = this.#faults.pickBuild() || !isBuildable(action)
    const steps: Status[] = fails ? ['building', 'retrying', 'building', 'failed'] : ['building', 'built']
    const build = Symbol()
    this.#latest.set(action, build)
    const next = () => {
      const status = steps.shift()
      if (status === undefined || this.#latest.get(action) !== build) return
      action.status = status
      this.#later(this.#milliseconds / 2, next)
    }
    this.#later(this.#milliseconds / 2, next)
  }

  /** Lets a version run, once it is ready to. Until then the one before it goes on running. */
  deploy(action: Action, version: Version): void {
    this.#later(this.#milliseconds, () => {
      if (action.deployedVersion !== version) return
      if (action.liveVersion) action.liveVersion.deployed = false
      version.deployed = true
      version.updatedAt = timestamp()
      action.liveVersion = version
      this.#onLive()
    })
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #later(milliseconds: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, milliseconds)
    this.#timers.add(timer)
  }
}

function isBuildable({ code, dependencies }: Action): boolean {
  try {
    checkSyntax(code)
  } catch {
    return false
  }
  return dependencies.every(isAvailable)
}
