import type { Row } from './answers.ts'
import type { User } from './auth0.ts'
import type { Secret } from './secret.ts'
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
 * True for the password and for columns that Backendless writes: `profile` must not name them. Case is ignored, because it
 * is unconfirmed whether the database distinguishes column names by case.
 */
export function isSystemColumn(name: string): boolean {
  return SYSTEM_COLUMNS.has(name.toLowerCase())
}

/** The columns of `profile` with the user's attributes. Attributes that the user does not have are left out. */
export function profileOf({ profile }: Pick<Settings, 'profile'>, known: Secret<User>): Row {
  const user = known.reveal()
  const row: Record<string, unknown> = {}
  for (const [column, attribute] of Object.entries(profile)) {
    const value = Object.hasOwn(user, attribute) ? user[attribute] : undefined
    if (isPlain(value)) row[column] = value
  }
  return row
}

/** The columns of `profile` whose value in the row differs. A number or a boolean may come back as text. */
export function outdatedProfile(settings: Pick<Settings, 'profile'>, user: Secret<User>, row: Row): Row {
  const differs = ([column, value]: [string, unknown]) => {
    const stored = Object.hasOwn(row, column) ? row[column] : undefined
    return !isPlain(stored) || String(stored) !== String(value)
  }
  return Object.fromEntries(Object.entries(profileOf(settings, user)).filter(differs))
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
