// The messages between the trigger and the process of an instance, in JSON.
import type { PostLoginEvent } from '../event.ts'
import type { Program } from './module.ts'

/** A value in `api.cache`. Times are milliseconds since 1970. */
export interface CacheRecord {
  readonly value: string
  readonly expires_at: number
}

export type CacheWrite =
  | { readonly kind: 'set'; readonly key: string; readonly record: CacheRecord }
  | { readonly kind: 'delete'; readonly key: string }

/** A call of an `api` member that has no effect here, such as one that needs a browser. */
export interface Command {
  readonly name: string
  readonly arguments: readonly unknown[]
}

/** The effects of one Action's calls of `api`, in one execution. */
export interface Effects {
  denied?: string
  readonly idToken: Record<string, unknown>
  readonly accessToken: Record<string, unknown>
  readonly addedScopes: string[]
  readonly removedScopes: string[]
  readonly appMetadata: Record<string, unknown>
  readonly userMetadata: Record<string, unknown>
  readonly transactionMetadata: Record<string, string | number | boolean>
  readonly cacheWrites: CacheWrite[]
  readonly commands: Command[]
}

export interface HandlerCall {
  readonly event: PostLoginEvent
  readonly secrets: Readonly<Record<string, string>>
  readonly cache: Readonly<Record<string, CacheRecord>>
}

export type Request =
  | ({ readonly kind: 'load' } & Program)
  | ({ readonly kind: 'execute'; readonly id: number } & HandlerCall)
  | { readonly kind: 'ping' }

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'log'; readonly id: number; readonly text: string }
  | { readonly kind: 'completed'; readonly id: number; readonly effects: Effects }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'stray'; readonly message: string }

/** The text of the 20-second limit (community threads 104471 and 137738). */
export const TIMEOUT_MESSAGE = 'Request to Webtask exceeded allowed execution time'
