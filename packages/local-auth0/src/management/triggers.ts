// The triggers of Actions, as `GET /actions/triggers` of a tenant listed them in 2026.
import { ApiError } from './errors.ts'

/** Auth0 itself binds `entity-bound` triggers, through the resource that uses the Action. */
type BindingPolicy = 'trigger-bound' | 'entity-bound'

interface TriggerVersion {
  readonly id: TriggerId
  readonly version: string
  readonly status: 'CURRENT' | 'DEPRECATED'
  readonly runtimes: readonly string[]
  readonly default_runtime: string
  readonly binding_policy: BindingPolicy
  readonly compatible_triggers: readonly { readonly id: TriggerId; readonly version: string }[]
}

/** The last three are known from Auth0's SDKs. `TRIGGER_VERSIONS` lacks them, because no recorded list has them. */
export const TRIGGER_IDS = [
  'post-login',
  'credentials-exchange',
  'pre-user-registration',
  'post-user-registration',
  'post-change-password',
  'send-phone-message',
  'password-reset-post-challenge',
  'custom-phone-provider',
  'custom-email-provider',
  'custom-token-exchange',
  'event-stream',
  'password-hash-migration',
  'mcp-tool',
  'login-post-identifier',
  'signup-post-identifier',
  'post-credential-validation',
] as const
export type TriggerId = (typeof TRIGGER_IDS)[number]

const RECENT = ['node18-actions', 'node22']

export const TRIGGER_VERSIONS: readonly TriggerVersion[] = [
  deprecated('post-login', 'v1', ['node22'], 'node12'),
  deprecated('post-login', 'v2', ['node18', 'node22'], 'node16'),
  { ...current('post-login', 'v3'), compatible_triggers: [{ id: 'post-login', version: 'v2' }] },
  deprecated('credentials-exchange', 'v1', ['node22'], 'node12'),
  current('credentials-exchange', 'v2'),
  deprecated('pre-user-registration', 'v1', ['node22'], 'node12'),
  current('pre-user-registration', 'v2'),
  deprecated('post-user-registration', 'v1', ['node22'], 'node12'),
  current('post-user-registration', 'v2'),
  deprecated('post-change-password', 'v1', ['node22'], 'node12'),
  current('post-change-password', 'v2'),
  deprecated('send-phone-message', 'v1', ['node22'], 'node12'),
  current('send-phone-message', 'v2'),
  current('password-reset-post-challenge', 'v1'),
  current('custom-phone-provider', 'v1'),
  current('custom-email-provider', 'v1'),
  current('custom-token-exchange', 'v1', ['node18', 'node22'], 'entity-bound'),
  current('event-stream', 'v1', ['node22'], 'entity-bound'),
  current('password-hash-migration', 'v1', ['node22'], 'entity-bound'),
  current('mcp-tool', 'v1', ['node22'], 'entity-bound'),
]

/** Returns the version of a trigger for an Action that names none. */
export function currentVersion(id: TriggerId): string {
  return versionsOf(id).find(({ status }) => status === 'CURRENT')?.version ?? 'v1'
}

/** @throws ApiError 404 for a trigger that does not exist. */
export function checkTrigger(id: string): void {
  if (!TRIGGER_IDS.some((known) => known === id)) {
    throw new ApiError(404, `The trigger ${id} does not exist.`)
  }
}

/** @throws ApiError 404 for a trigger that does not exist, 400 for one whose bindings a tenant cannot change. */
export function checkBindable(id: string): void {
  checkTrigger(id)
  if (versionsOf(id).some(({ binding_policy }) => binding_policy === 'entity-bound')) {
    throw new ApiError(400, `The bindings of the trigger ${id} are managed by Auth0.`)
  }
}

function versionsOf(id: string): readonly TriggerVersion[] {
  return TRIGGER_VERSIONS.filter((trigger) => trigger.id === id)
}

function current(
  id: TriggerId,
  version: string,
  runtimes: readonly string[] = RECENT,
  binding_policy: BindingPolicy = 'trigger-bound',
): TriggerVersion {
  const defaults = { default_runtime: 'node22', compatible_triggers: [] }
  return { id, version, status: 'CURRENT', runtimes, binding_policy, ...defaults }
}

function deprecated(
  id: TriggerId,
  version: string,
  runtimes: readonly string[],
  default_runtime: string,
): TriggerVersion {
  const defaults = { binding_policy: 'trigger-bound', compatible_triggers: [] } as const
  return { id, version, status: 'DEPRECATED', runtimes, default_runtime, ...defaults }
}
