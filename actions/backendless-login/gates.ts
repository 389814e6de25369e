import { addressProblem } from './address.ts'
import type { PostLoginEvent, User } from './auth0.ts'
import { hasIdToken, isDelegated, isInteractive } from './flow.ts'
import { identityOf } from './identity.ts'
import { keepsAddress, type Memory } from './memory.ts'
import type { FailureCode, GateSkipCode } from './outcomes.ts'
import type { Secret } from './secret.ts'
import type { Settings } from './settings.ts'

/** The result of the gates, before any request to Backendless. */
export type Gate =
  | {
      readonly kind: 'pass'
      readonly identity: Secret
      /** False for an e-mail address that is accepted although it does not count. True for a user id. */
      readonly counts: boolean
      readonly brandNew: boolean
    }
  | { readonly kind: 'skip'; readonly code: GateSkipCode }
  | { readonly kind: 'failure'; readonly code: FailureCode }

const NEW_FOR_MS = 60 * 60 * 1000

/**
 * Decides from the event alone whether this sign-in requests a token, and for which identity. `memory`: what is remembered
 * about the user; `undefined` if nothing may be. `now`: milliseconds since the epoch.
 */
export function gate(
  settings: Settings,
  event: PostLoginEvent,
  memory: Memory | undefined,
  now: number,
): Gate {
  const skipped = skipCode(settings, event)
  if (skipped) return { kind: 'skip', code: skipped }
  const user = event.user ?? {}
  const identity = identityOf(settings.identity, user)
  if (!identity) {
    return { kind: 'failure', code: settings.identity === 'email' ? 'email_missing' : 'user_id_missing' }
  }
  const problem = settings.identity === 'email' ? addressProblem(settings, event, user) : undefined
  if (problem && settings.unverified !== 'accept') return { kind: 'failure', code: problem }
  // A remembered address that is another one decides first. If it opens nothing, the user is as new as without a memory.
  const isFirst =
    memory && keepsAddress(settings)
      ? memory.identity?.reveal() !== identity.reveal()
      : event.stats?.logins_count === 1
  const brandNew = isInteractive(event) && isFirst && isYoung(user, now)
  return { kind: 'pass', identity, counts: problem === undefined, brandNew }
}

/** Returns why this sign-in does not concern the Action; `undefined` if it does. */
function skipCode(settings: Settings, event: PostLoginEvent): GateSkipCode | undefined {
  if (!hasIdToken(event)) return 'no_id_token'
  const client = event.client?.client_id
  if (!settings.clients.includes('*') && !isNamed(settings.clients, client)) return 'client_not_listed'
  if (settings.connections.length > 0 && !isNamed(settings.connections, event.connection?.name))
    return 'connection_not_listed'
  if (settings.skipRefresh && !isInteractive(event)) return 'refresh_skipped'
  return isDelegated(event) ? 'delegated' : undefined
}

function isNamed(names: readonly string[], name: string | undefined): boolean {
  return name !== undefined && names.includes(name)
}

function isYoung(user: User, now: number): boolean {
  return Math.abs(now - Date.parse(user.created_at ?? '')) < NEW_FOR_MS
}
