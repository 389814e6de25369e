// What is deployed to the demo's tenant, and the changes that a visitor can plan and deploy.
import { type Deployment, deployEmbedded, planEmbedded } from './deploy/index.ts'
import { nextStep, type PasswordEntry, type RotationStep } from './rotation.ts'

export type Change = 'rotation' | 'skipRefresh'

export interface DeployedState {
  readonly passwords: readonly PasswordEntry[]
  readonly skipRefresh: boolean
  readonly next: RotationStep
}

/** The state after a change. */
interface Planned {
  readonly passwords: readonly PasswordEntry[]
  readonly skipRefresh: boolean
  readonly moved: boolean
}

export class DeployedProgram {
  readonly #deployment: Deployment
  #passwords: readonly PasswordEntry[] = [{ id: '1' }]
  #skipRefresh = false
  #moved = false
  #queue: Promise<unknown> = Promise.resolve()

  constructor(deployment: Deployment) {
    this.#deployment = deployment
  }

  get state(): DeployedState {
    const next = nextStep(this.#passwords, this.#moved)
    return { passwords: this.#passwords, skipRefresh: this.#skipRefresh, next }
  }

  /** The first deployment. Returns the stack's outputs. */
  start() {
    return deployEmbedded(this.#with(this.state))
  }

  /** What the change would do to the tenant, one line for each resource. @throws DeployError */
  plan(change: Change): Promise<string> {
    const after = this.#after(change)
    if (after.moved !== this.#moved && after.passwords === this.#passwords)
      return Promise.resolve('Nothing is deployed by this step.')
    return this.#inTurn(() => planEmbedded(this.#with(after)))
  }

  /** @throws DeployError. The state is then unchanged. */
  async deploy(change: Change): Promise<DeployedState> {
    await this.#inTurn(async () => {
      const after = this.#after(change)
      if (after.passwords !== this.#passwords || after.skipRefresh !== this.#skipRefresh) {
        await deployEmbedded(this.#with(after))
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
