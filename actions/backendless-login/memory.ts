import type { User } from './auth0.ts'
import { identityFrom } from './identity.ts'
import { isKeptCode, type KeptCode } from './outcomes.ts'
import type { Secret } from './secret.ts'
import type { Settings } from './settings.ts'

/**
 * What the Action keeps about a user in `app_metadata`. It proves nothing, because it may be forged, copied or out of date;
 * the owner column proves whose row it is. A day is a UTC date, YYYY-MM-DD.
 */
export interface Memory {
  /** The address of the user's row. */
  readonly identity?: Secret
  /** The day on which the owner of the row with this `identity` could not be written. */
  readonly unclaimed?: string
  /** The address that Backendless refused to give the row, and when. */
  readonly refused?: { readonly address: Secret; readonly at: string }
  /** Why the user got no token, or why the row is not as it should be, and since when. */
  readonly problem?: { readonly code: KeptCode; readonly since: string }
}

/** The memory as read from the user's `app_metadata`. */
export interface StoredMemory extends Memory {
  readonly key: string
}

/** Returns `undefined` if nothing is kept about this user. */
export function readMemory(
  { identity, memory }: Pick<Settings, 'identity' | 'memory'>,
  appId: Secret | undefined,
  user: User | undefined,
): StoredMemory | undefined {
  if (identity !== 'email' || !memory || !appId) return undefined
  const key = memoryKey(appId)
  return { key, ...parse(fieldOf(user?.app_metadata, key)) }
}

/** The key in `app_metadata`: one for each application. */
export function memoryKey(appId: Secret): string {
  return `backendless_${appId.reveal().replaceAll('-', '_').toLowerCase()}`
}

/** True if the Action keeps the address of a user's row. */
export function keepsAddress({ identity, memory, ownerColumn }: Settings): boolean {
  return identity === 'email' && memory && ownerColumn !== ''
}

/** Returns the value to write; `undefined` if it is there already, because Auth0 counts each write. */
export function changeOf(before: Memory, after: Memory): Readonly<Record<string, string>> | null | undefined {
  const fields = written(after)
  if (JSON.stringify(fields) === JSON.stringify(written(before))) return undefined
  return Object.keys(fields).length > 0 ? fields : null
}

/** The UTC date of a time in ms since the epoch. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10)
}

/** A value that the Action would not have written counts as absent. */
function parse(stored: unknown): Memory {
  const field = (name: string) => fieldOf(stored, name)
  const [identity, refused] = [
    identityFrom('email', field('identity')),
    identityFrom('email', field('refused')),
  ]
  const [unclaimed, at, problem, since] = ['unclaimed', 'at', 'problem', 'since'].map(field)
  return {
    ...(identity ? { identity } : {}),
    ...(identity && isDay(unclaimed) ? { unclaimed } : {}),
    ...(identity && refused && isDay(at) ? { refused: { address: refused, at } } : {}),
    ...(isKeptCode(problem) && isDay(since) ? { problem: { code: problem, since } } : {}),
  }
}

/** The keys have a fixed order, so that two memories can be compared. */
function written({ identity, unclaimed, refused, problem }: Memory): Readonly<Record<string, string>> {
  return {
    ...(identity ? { identity: identity.reveal() } : {}),
    ...(unclaimed === undefined ? {} : { unclaimed }),
    ...(refused ? { refused: refused.address.reveal(), at: refused.at } : {}),
    ...(problem ? { problem: problem.code, since: problem.since } : {}),
  }
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
