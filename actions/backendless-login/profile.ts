import type { Row } from './answers.ts'
import type { User } from './auth0.ts'
import { Secret } from './secret.ts'
import type { Settings } from './settings.ts'

const SYSTEM_COLUMNS: ReadonlySet<string> = new Set([
  '___class',
  'bluserlocale',
  'created',
  'lastlogin',
  'objectid',
  'ownerid',
  'password',
  'socialaccount',
  'updated',
  'user-token',
  'userstatus',
])

/**
 * Whether Backendless keeps this column itself, or it is the password: `profile` may not name it. Whether the database
 * tells upper from lower case in the names of columns is unconfirmed, so case does not count.
 */
export function isSystemColumn(name: string): boolean {
  return SYSTEM_COLUMNS.has(name.toLowerCase())
}

/** The row of a user who is registered: the identity, and what `profile` copies. Absent attributes are left out. */
export function newRow(
  { identityColumn, profile }: Pick<Settings, 'identityColumn' | 'profile'>,
  known: Secret<User>,
  identity: Secret,
): Secret<Row> {
  const user = known.reveal()
  const row: Record<string, unknown> = {}
  for (const [column, attribute] of Object.entries(profile)) {
    const value = Object.hasOwn(user, attribute) ? user[attribute] : undefined
    if (isPlain(value)) row[column] = value
  }
  row[identityColumn] = identity.reveal()
  return new Secret(row)
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
