// The interface of the local Auth0: its options, and what a test can do with it.
import type { PostLoginEvent } from './event.ts'
import type { Faults } from './faults.ts'
import type { StrayError } from './host/pool.ts'
import type { TenantLogs } from './logs/tenant-logs.ts'
import type { RecordedRequest } from './management/server.ts'
import type { TriggerResult } from './trigger.ts'
import type { UserDirectory } from './users/directory.ts'

export interface Auth0Options {
  /** Default: a free port. */
  readonly port?: number
  /** The tenant's name in events. Default: that of the event, `local` from `loginEvent`. */
  readonly tenant?: string
  readonly triggerTimeoutMs?: number
  /** Duration of a build, and of a deployment, in milliseconds. Default: 30. */
  readonly buildMs?: number
  /** The whole environment of the processes that run Actions. Default: empty. */
  readonly hostEnvironment?: Readonly<Record<string, string>>
  /**
   * The clock of the header `Date`, in milliseconds. Default: `Date.now`. If it runs ahead, every version of an Action looks
   * older by the difference.
   */
  readonly now?: () => number
  /** PEM. With it, the client can sign in to the Management API with its private key instead of its secret. */
  readonly clientPublicKey?: string
}

/** An Action of the tenant, for assertions. It has the names of secrets, not their values. */
export interface StoredAction {
  readonly id: string
  readonly name: string
  readonly code: string
  readonly runtime: string
  readonly dependencies: readonly { readonly name: string; readonly version: string }[]
  readonly secrets: readonly string[]
  readonly status: string
  /** The version that runs. */
  readonly deployed?: {
    readonly id: string
    readonly number: number
    readonly code: string
    readonly secrets: readonly string[]
  }
}

export interface LocalAuth0 {
  /** `localhost:PORT` */
  readonly domain: string
  readonly certificateFile: string
  /** In PEM, for TLS options. */
  readonly certificate: string
  /** Has the four scopes for Actions, `read:logs` and `read:users`. */
  readonly apiToken: string
  readonly client: { readonly id: string; readonly secret: string }
  /** What a provider process needs: AUTH0_DOMAIN, AUTH0_API_TOKEN, SSL_CERT_FILE. */
  readonly environment: Readonly<Record<string, string>>
  /** Every answered call, oldest first. */
  readonly requests: RecordedRequest[]
  readonly faults: Faults
  /** Errors of Actions that no caller awaits. */
  readonly strayErrors: readonly StrayError[]
  actions(): StoredAction[]
  /** Returns a secret's value in the version that runs. Auth0 itself never shows it. */
  secretOf(actionName: string, secretName: string): string | undefined
  /**
   * Installs an Action from the Marketplace, as the dashboard does, and returns its id. It is deployed but not bound.
   * @param code default: an Action that does nothing.
   */
  installFromMarketplace(name: string, code?: string): string
  /** Returns the bindings of post-login, in order. */
  bindings(): { actionId: string; displayName: string }[]
  tokenWith(scopes: string[]): string
  /** The tenant's log entries, and the executions that they refer to. */
  readonly logs: TenantLogs
  /** The users that the Management API shows. */
  readonly directory: UserDirectory
  /**
   * Runs the post-login trigger: every bound Action in order, as deployed. Writes the tenant's log, and stores the user with
   * the metadata that the Actions wrote.
   */
  signIn(event: PostLoginEvent): Promise<TriggerResult>
  /** Every Action gets a new instance at its next execution. */
  restartHosts(): Promise<void>
  /** Ends the server and all processes, and removes the certificate. */
  close(): Promise<void>
}
