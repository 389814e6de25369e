// Two ways to deploy the program again and again: without the Pulumi engine, and with it.
import { type Deployment, deployEmbedded, type Outputs, PulumiStack, planEmbedded } from './deploy/index.ts'

export type Engine = 'embedded' | 'pulumi'

export interface Deployer {
  /** What `deploy` would change, for a reader and without secrets. @throws DeployError */
  plan(deployment: Deployment): Promise<string>
  /** @throws DeployError */
  deploy(deployment: Deployment): Promise<Outputs>
  /** Forgets what was deployed. */
  close(): void
}

export function deployerFor(engine: Engine): Deployer {
  return engine === 'pulumi' ? new PulumiDeployer() : EMBEDDED
}

const EMBEDDED: Deployer = { plan: planEmbedded, deploy: deployEmbedded, close: () => {} }

class PulumiDeployer implements Deployer {
  #stack: Promise<PulumiStack> | undefined

  async plan(deployment: Deployment): Promise<string> {
    return (await this.#open(deployment)).preview(deployment)
  }

  async deploy(deployment: Deployment): Promise<Outputs> {
    return (await this.#open(deployment)).up(deployment)
  }

  close(): void {
    void this.#stack?.then((stack) => stack.remove()).catch(() => {})
  }

  #open(deployment: Deployment): Promise<PulumiStack> {
    this.#stack ??= PulumiStack.create(deployment)
    return this.#stack
  }
}
