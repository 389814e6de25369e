// What the deployer and the process that runs the program tell each other. Secrets travel here and nowhere else.
import type { Outputs, Target } from './deployment.ts'

/** What a stack's state is to the engine, as far as a second deployment needs it. Keys are names of resources. */
export interface State {
  readonly passwords: Record<string, { readonly result: string; readonly keepers: string }>
  /** Ids of Actions. */
  readonly actions: Record<string, string>
}

export interface Order {
  readonly target: Pick<Target, 'domain' | 'apiToken' | 'certificate'>
  readonly config: Record<string, string>
  readonly secretKeys: readonly string[]
  readonly state: State
}

/** The state comes back after a failure too: what was made before it exists. */
export type Reply =
  | { readonly kind: 'done'; readonly outputs: Outputs; readonly state: State }
  | { readonly kind: 'failed'; readonly message: string; readonly state: State }
