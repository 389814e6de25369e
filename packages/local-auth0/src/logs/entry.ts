// Tenant log entries of sign-ins, in the shape that Auth0 documents.
import type { PostLoginEvent } from '../event.ts'
import { TIMEOUT_MESSAGE } from '../host/messages.ts'
import type { TriggerResult } from '../trigger.ts'

/**
 * Type codes (docs: log-event-type-codes). Other codes are documented as "Failed Login" and "Failed Exchange".
 */
const TYPES = {
  interactive: { success: 's', failure: 'f' },
  silent: { success: 'ssa', failure: 'fsa' },
  refresh: { success: 'sertft', failure: 'fertft' },
  password: { success: 'sepft', failure: 'fepft' },
} as const

export interface LogContent {
  readonly type: string
  /** For a denied sign-in: the Action's reason, as in a sample that a user posted. */
  readonly description?: string
  readonly client_id?: string
  readonly user_id?: string
  readonly details: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

export interface LogEntry extends LogContent {
  readonly log_id: string
  /** ISO 8601. */
  readonly date: string
}

/** The entries of one sign-in, oldest first. An execution that failed gets an entry of its own. */
export function signInEntries(
  event: PostLoginEvent,
  result: TriggerResult,
  executionId: string,
): LogContent[] {
  const { outcome, reason } = result
  const details = { actions: { executions: [executionId] } }
  const common = commonFields(event)
  const types = TYPES[flowOf(event)]
  if (outcome === 'continue') return [{ ...common, type: types.success, details }]
  const description = reason ?? 'The sign-in was denied.'
  const error = { message: description, oauthError: 'access_denied', type: 'access_denied' }
  const failure = { ...common, type: types.failure, description, details: { ...details, error } }
  if (outcome === 'denied') return [failure]
  const errorClass = reason === TIMEOUT_MESSAGE ? 'action_timeout' : 'action_error'
  const execution = {
    ...common,
    type: 'actions_execution_failed',
    description: 'Execution of an Action failed',
  }
  return [
    failure,
    { ...execution, details: { ...details, error_class: errorClass, error_message: description } },
  ]
}

function flowOf({ transaction, request }: PostLoginEvent): keyof typeof TYPES {
  const protocol = transaction?.protocol
  if (protocol === 'oauth2-refresh-token') return 'refresh'
  if (protocol === 'oauth2-password' || protocol === 'oauth2-resource-owner') return 'password'
  return request.query.prompt === 'none' ? 'silent' : 'interactive'
}

function commonFields({ client, connection, request, tenant, transaction, user }: PostLoginEvent) {
  return {
    client_id: client.client_id,
    client_name: client.name,
    connection: connection.name,
    connection_id: connection.id,
    strategy: connection.strategy,
    hostname: request.hostname,
    ip: request.ip,
    isMobile: false,
    scope: transaction?.requested_scopes ?? [],
    tenant_name: tenant.id,
    user_agent: request.user_agent,
    user_id: user.user_id,
    user_name: user.email ?? user.username ?? user.name,
  }
}
