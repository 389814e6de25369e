import type { User } from './auth0.ts'
import type { Secret } from './secret.ts'
import type { Settings } from './settings.ts'

/** Columns that Backendless keeps itself, and the password: `profile` may not name them. */
export const SYSTEM_COLUMNS: ReadonlySet<string> = new Set([
  '___class',
  'blUserLocale',
  'created',
  'lastLogin',
  'objectId',
  'ownerId',
  'password',
  'socialAccount',
  'updated',
  'user-token',
  'userStatus',
])

/** The row of a user who is registered: the identity, and what `profile` copies. Absent attributes are left out. */
export function newRow(
  { identityColumn, profile }: Pick<Settings, 'identityColumn' | 'profile'>,
  user: User,
  identity: Secret,
): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (const [column, attribute] of Object.entries(profile)) {
    const value = Object.hasOwn(user, attribute) ? user[attribute] : undefined
    if (isPlain(value)) row[column] = value
  }
  row[identityColumn] = identity.reveal()
  return row
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
