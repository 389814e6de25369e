// Runs the post-login trigger for a flow, and keeps its result until the tokens are issued.
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { PostLoginEvent } from '../event.ts'
import type { TriggerResult } from '../trigger.ts'
import { withMetadata } from '../users/metadata.ts'
import { type Flow, flowEvent, type SignIn } from './flow-event.ts'
import { Refused } from './refused.ts'
import { applyScopes } from './scopes.ts'

/** One run of the post-login trigger, for a page. Without the claims' values, because they contain tokens. */
export interface Execution {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number
  readonly flow: Flow
  readonly clientId: string
  readonly userId: string
  readonly loginsCount: number
  readonly outcome: TriggerResult['outcome']
  /** What the user reads if the outcome is not `continue`. */
  readonly reason?: string
  /** One entry per Action that wrote to its console. */
  readonly logs: TriggerResult['logs']
  readonly ranActions: readonly string[]
  /** Names of the claims that were set in the ID token. */
  readonly claims: readonly string[]
  readonly milliseconds: number
}

// Auth0 counts a login before the Actions run, even if they deny it. It does not count single sign-on or silent sign-ins
// (community 91318).
const COUNTED_FLOWS: ReadonlySet<Flow> = new Set(['login', 'password'])

// A code is valid for a minute, and its result is kept as long.
const CODE_MS = 60_000

/** What happens to the metadata that a denied sign-in wrote. Unconfirmed for Auth0. */
export type DeniedWrites = 'kept' | 'dropped'

export class Executions {
  readonly #trigger: (event: PostLoginEvent) => Promise<TriggerResult>
  readonly #tenant: string
  readonly #deniedWrites: DeniedWrites
  readonly #listeners = new Set<(execution: Execution) => void>()
  readonly #byRequest = new WeakMap<object, TriggerResult>()
  readonly #byCode = new Map<string, { readonly result: TriggerResult; readonly until: number }>()

  constructor(
    trigger: (event: PostLoginEvent) => Promise<TriggerResult>,
    tenant: string,
    deniedWrites: DeniedWrites,
  ) {
    this.#deniedWrites = deniedWrites
    this.#trigger = trigger
    this.#tenant = tenant
  }

  subscribe(listener: (execution: Execution) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Counts the login and runs the bound Actions. The metadata that they write is stored for the next sign-in.
   * @throws AccessDenied, which redirects to the application, or Refused at the token endpoint.
   */
  async run(ctx: KoaContextWithOIDC, signIn: SignIn): Promise<void> {
    const { flow, user, application } = signIn
    if (COUNTED_FLOWS.has(flow)) user.logins_count += 1
    const result = await this.#trigger(flowEvent(ctx, signIn, this.#tenant))
    const written = result.outcome === 'continue' || this.#deniedWrites === 'kept'
    if (written) {
      user.app_metadata = withMetadata(user.app_metadata, result.appMetadata)
      user.user_metadata = withMetadata(user.user_metadata, result.userMetadata)
    }
    const { outcome, reason, logs, ranActions, milliseconds } = result
    const execution: Execution = {
      at: Date.now(),
      flow,
      clientId: application.client_id,
      userId: user.user_id,
      loginsCount: user.logins_count,
      outcome,
      ...(reason === undefined ? {} : { reason }),
      logs,
      ranActions,
      claims: Object.keys(result.idToken),
      milliseconds,
    }
    for (const listener of this.#listeners) listener(execution)
    if (outcome !== 'continue') {
      const description = reason ?? 'The sign-in was denied.'
      if (flow === 'refresh' || flow === 'password') throw Refused.denied(description)
      throw new errors.AccessDenied(description)
    }
    this.#byRequest.set(ctx, result)
    await applyScopes(ctx, result.scopes)
  }

  /** Keeps the result of this request for the code with which it was answered. */
  keepForCode(ctx: KoaContextWithOIDC, code: string): void {
    const result = this.#byRequest.get(ctx)
    for (const [other, { until }] of this.#byCode) if (until < Date.now()) this.#byCode.delete(other)
    if (result) this.#byCode.set(code, { result, until: Date.now() + CODE_MS })
  }

  /** Returns the result for the tokens that this request issues. */
  resultFor(ctx: KoaContextWithOIDC): TriggerResult | undefined {
    const code = ctx.oidc.entities.AuthorizationCode?.jti
    return code === undefined ? this.#byRequest.get(ctx) : this.#byCode.get(code)?.result
  }
}
