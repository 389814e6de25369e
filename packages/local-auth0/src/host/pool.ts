// The instances of all live versions: one process each, started at the first use.
import { type Dependency, MODULES_ROOT } from '../dependencies.ts'
import { Instance } from './instance.ts'

/** An error that no caller awaits: an unhandled rejection, or an exception in a timer. */
export interface StrayError {
  readonly action: string
  readonly message: string
}

export interface Deployed {
  readonly code: string
  readonly dependencies: readonly Dependency[]
  readonly id: string
  readonly actionName: string
}

export class InstancePool {
  readonly #instances = new Map<string, Instance>()
  readonly #retiring = new Set<Instance>()
  readonly #executable: string
  readonly #environment: Readonly<Record<string, string>>
  readonly strayErrors: StrayError[] = []

  /** @param executable the file that `writeExecutable` wrote. */
  constructor(executable: string, environment: Readonly<Record<string, string>>) {
    this.#executable = executable
    this.#environment = environment
  }

  /** Returns the instance of this version, or a new one if it has none or its process failed. */
  async instanceOf(version: Deployed): Promise<Instance> {
    const { id, actionName, code, dependencies } = version
    let instance = this.#instances.get(id)
    if (!instance?.usable) {
      instance = new Instance(
        { code, dependencies, root: MODULES_ROOT },
        this.#executable,
        this.#environment,
        (message) => this.strayErrors.push({ action: actionName, message }),
      )
      this.#instances.set(id, instance)
    }
    await instance.ready
    return instance
  }

  /** Ends the instance of a version that is no longer live. */
  async retire(versionId: string): Promise<void> {
    const instance = this.#instances.get(versionId)
    if (!instance) return
    this.#instances.delete(versionId)
    this.#retiring.add(instance)
    await instance.retire()
    if (!instance.running) this.#retiring.delete(instance)
  }

  /** Ends the instances of all versions but these. */
  async retain(versionIds: ReadonlySet<string>): Promise<void> {
    await Promise.all(
      [...this.#instances.keys()].filter((id) => !versionIds.has(id)).map((id) => this.retire(id)),
    )
  }

  /** Every version gets a new instance at its next execution. */
  async restart(): Promise<void> {
    await this.retain(new Set())
  }

  async close(): Promise<void> {
    await Promise.all([...this.#instances.values(), ...this.#retiring].map((instance) => instance.kill()))
    this.#instances.clear()
    this.#retiring.clear()
  }
}
