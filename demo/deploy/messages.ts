// The messages between the deployer and the process that runs the program. They contain secrets.
import type { Outputs, Target } from './deployment.ts'

/** The part of a stack's state that a second deployment needs. Keys are names of resources. */
export interface DeployState {
  readonly passwords: Record<
    string,
    { readonly result: string; readonly keepers: Readonly<Record<string, string>> }
  >
  readonly actions: Record<string, ActionState>
  /** Names of the bindings. */
  readonly bindings: Record<string, true>
}

export interface ActionState {
  readonly id: string
  /** The inputs that were applied. Absent if that failed. */
  readonly inputs?: ActionInputs
}

export interface ActionInputs {
  readonly code: string
  readonly secrets: readonly { readonly name: string; readonly value: string }[]
  readonly [input: string]: unknown
}

export interface DeployOrder {
  /** `plan`: returns what would change, and changes nothing. */
  readonly work: 'apply' | 'plan'
  readonly target: Pick<Target, 'domain' | 'apiToken' | 'certificate'>
  readonly config: Record<string, string>
  readonly secretKeys: readonly string[]
  readonly state: DeployState
}

/** The state is returned even after a failure, because it contains what was created before it. */
export type DeployReply =
  | {
      readonly kind: 'done'
      readonly outputs: Outputs
      readonly state: DeployState
      /** Lines without secrets. */
      readonly plan: readonly string[]
    }
  | { readonly kind: 'failed'; readonly message: string; readonly state: DeployState }
