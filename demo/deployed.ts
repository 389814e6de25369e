// The deployment on the demo's tenant, and the changes that a visitor can plan and deploy.
import { type Deployment, deployEmbedded, type Outputs, planEmbedded } from './deploy/index.ts'
import { type PasswordEntry, type ShownStep, stepToShow } from './rotation.ts'

export const CHANGES = ['rotation', 'skipRefresh', 'onFailure'] as const
export type DeploymentChange = (typeof CHANGES)[number]

/** The keys of the configuration that the page changes. */
interface Settings {
  readonly passwords: readonly PasswordEntry[]
  readonly skipRefresh: boolean
  readonly onFailure: 'deny' | 'skip'
}

export interface DeployedState extends Settings {
  readonly next: ShownStep
}

/** The settings after a change. `moved`: the third step of a rotation is done, which deploys nothing. */
interface Planned {
  readonly settings: Settings
  readonly moved: boolean
}

export class DeployedProgram {
  readonly #deployment: Deployment
  #settings: Settings
  #moved = false
  #outputs: Outputs = {}
  #queue: Promise<unknown> = Promise.resolve()

  constructor(deployment: Deployment) {
    this.#deployment = deployment
    const onFailure = deployment.config.onFailure === 'skip' ? 'skip' : 'deny'
    this.#settings = { passwords: [{ id: '1' }], skipRefresh: false, onFailure }
  }

  get state(): DeployedState {
    return { ...this.#settings, next: stepToShow(this.#settings.passwords, this.#moved) }
  }

  /** The password that new users get. @throws Error before the first deployment. */
  get currentPassword(): { readonly id: string; readonly value: string } {
    const { passwords } = this.#outputs
    const id = this.#settings.passwords[0]?.id ?? ''
    const value = typeof passwords === 'object' && passwords !== null ? Reflect.get(passwords, id) : undefined
    if (typeof value !== 'string') throw new Error('The program has deployed no password.')
    return { id, value }
  }

  /** The first deployment. Returns the stack's outputs. */
  start(): Promise<Outputs> {
    return this.#deploy(this.#settings)
  }

  /** Returns what the change would do to the tenant, one line for each resource. @throws DeployError */
  plan(change: DeploymentChange): Promise<string> {
    const { settings } = this.#after(change)
    if (settings === this.#settings) return Promise.resolve('Nothing is deployed by this step.')
    return this.#inTurn(() => planEmbedded(this.#with(settings)))
  }

  /** @throws DeployError. The state is then unchanged. */
  async deploy(change: DeploymentChange): Promise<DeployedState> {
    await this.#inTurn(async () => {
      const { settings, moved } = this.#after(change)
      if (settings !== this.#settings) await this.#deploy(settings)
      this.#settings = settings
      this.#moved = moved
    })
    return this.state
  }

  async #deploy(settings: Settings): Promise<Outputs> {
    this.#outputs = await deployEmbedded(this.#with(settings))
    return this.#outputs
  }

  #after(change: DeploymentChange): Planned {
    const [settings, moved] = [this.#settings, this.#moved]
    switch (change) {
      case 'skipRefresh':
        return { settings: { ...settings, skipRefresh: !settings.skipRefresh }, moved }
      case 'onFailure':
        return {
          settings: { ...settings, onFailure: settings.onFailure === 'deny' ? 'skip' : 'deny' },
          moved,
        }
      case 'rotation': {
        const { step, passwords } = stepToShow(settings.passwords, moved)
        return { settings: passwords ? { ...settings, passwords } : settings, moved: step === 3 }
      }
      default:
        return change satisfies never
    }
  }

  #with(settings: Settings): Deployment {
    return { ...this.#deployment, config: { ...this.#deployment.config, ...settings } }
  }

  /** One deployment at a time. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => {})
    return turn
  }
}
