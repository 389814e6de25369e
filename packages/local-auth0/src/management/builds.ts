// Builds and deployments take a moment, so callers have to poll, as with Auth0. A build installs the modules but does not
// parse the code: a syntax error shows at the first sign-in.
import { isAvailable } from '../dependencies.ts'
import type { FaultRules } from '../faults.ts'
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

  /**
   * Builds the draft: pending, building, then built or (after a second try) failed. A later build replaces it.
   * @param version one that was requested together with the draft. It is built too, and then runs at once.
   */
  build(action: Action, version?: Version): void {
    const fails = this.#faults.pickBuild() || !action.dependencies.every(isAvailable)
    const steps: Status[] = fails ? ['building', 'retrying', 'building', 'failed'] : ['building', 'built']
    const build = Symbol()
    this.#latest.set(action, build)
    const next = () => {
      const status = steps.shift()
      if (status === undefined) return
      if (version) this.#step(action, version, status)
      if (this.#latest.get(action) === build) action.status = status
      if (status === 'built') action.dependencies = action.dependencies.map(withoutRegistry)
      this.#later(this.#milliseconds / 2, next)
    }
    this.#later(this.#milliseconds / 2, next)
  }

  /** Deploys a version. The previous version runs until this one is ready. */
  deploy(action: Action, version: Version): void {
    this.#later(this.#milliseconds, () => this.#goLive(action, version))
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #step(action: Action, version: Version, status: Status): void {
    version.status = status
    version.updatedAt = timestamp()
    if (status === 'built') this.#goLive(action, version)
  }

  #goLive(action: Action, version: Version): void {
    if (action.deployedVersion !== version) return
    if (action.liveVersion) action.liveVersion.deployed = false
    version.deployed = true
    version.updatedAt = timestamp()
    action.liveVersion = version
    this.#onLive()
  }

  #later(milliseconds: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, milliseconds)
    this.#timers.add(timer)
  }
}

/** Auth0 shows the registry of a module only until the module is installed. */
function withoutRegistry({ name, version }: Action['dependencies'][number]) {
  return { name, version }
}
