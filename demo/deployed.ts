// What is deployed to the demo's tenant, and what a visitor may change about it: by a plan first, then by a deployment.
import type { Deployment } from './deploy/index.ts'
import type { Deployer } from './deployer.ts'
import { nextStep, type PasswordEntry, type RotationStep } from './rotation.ts'

export type Change = 'rotation' | 'skipRefresh'

export interface DeployedState {
  readonly passwords: readonly PasswordEntry[]
  readonly skipRefresh: boolean
  readonly next: RotationStep
}

/** A change that was planned: deploying it needs no second thought about what it was. */
interface Planned {
  readonly passwords: readonly PasswordEntry[]
  readonly skipRefresh: boolean
  readonly moved: boolean
}

export class DeployedProgram {
  readonly #deployer: Deployer
  readonly #deployment: Deployment
  #passwords: readonly PasswordEntry[] = [{ id: '1' }]
  #skipRefresh = false
  #moved = false
  #queue: Promise<unknown> = Promise.resolve()

  constructor(deployer: Deployer, deployment: Deployment) {
    this.#deployer = deployer
    this.#deployment = deployment
  }

  get state(): DeployedState {
    const next = nextStep(this.#passwords, this.#moved)
    return { passwords: this.#passwords, skipRefresh: this.#skipRefresh, next }
  }

  /** The first deployment. Gives the stack's outputs. */
  start() {
    return this.#deployer.deploy(this.#with(this.state))
  }

  /** What the change would do to the tenant, in the words of the engine. @throws DeployError */
  plan(change: Change): Promise<string> {
    const after = this.#after(change)
    if (after.moved !== this.#moved && after.passwords === this.#passwords)
      return Promise.resolve('Nothing is deployed by this step.')
    return this.#inTurn(() => this.#deployer.plan(this.#with(after)))
  }

  /** @throws DeployError, and then nothing is changed here. */
  async deploy(change: Change): Promise<DeployedState> {
    await this.#inTurn(async () => {
      const after = this.#after(change)
      if (after.passwords !== this.#passwords || after.skipRefresh !== this.#skipRefresh) {
        await this.#deployer.deploy(this.#with(after))
      }
      this.#passwords = after.passwords
      this.#skipRefresh = after.skipRefresh
      this.#moved = after.moved
    })
    return this.state
  }

  #after(change: Change): Planned {
    const [passwords, skipRefresh] = [this.#passwords, this.#skipRefresh]
    if (change === 'skipRefresh') return { passwords, skipRefresh: !skipRefresh, moved: this.#moved }
    const next = nextStep(passwords, this.#moved)
    return { passwords: next.passwords ?? passwords, skipRefresh, moved: next.step === 3 }
  }

  #with({ passwords, skipRefresh }: Pick<Planned, 'passwords' | 'skipRefresh'>): Deployment {
    return { ...this.#deployment, config: { ...this.#deployment.config, passwords, skipRefresh } }
  }

  /** One deployment at a time. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => {})
    return turn
  }
}
