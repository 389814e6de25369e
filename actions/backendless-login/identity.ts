import type { User } from './auth0.ts'
import { Secret } from './secret.ts'
import type { Settings } from './settings.ts'

/** Longer values are no address and no Auth0 user id; they would only make Backendless work. */
const LONGEST_EMAIL = 320
const LONGEST_USER_ID = 1024

/**
 * The Kelvin sign, the Greek question mark and the Greek varia: lower-casing or NFC makes them `k`, `;` and a grave
 * accent, and so one person's address of another's.
 */
const TURNS_INTO_ASCII = /[\u212a\u037e\u1fef]/

/** The attribute that identifies the user in Backendless, in the form in which it is sent and compared. */
export function identityOf(kind: Settings['identity'], user: User): Secret | undefined {
  const value = kind === 'email' ? user.email : user.user_id
  if (typeof value !== 'string' || value.trim() === '') return undefined
  if (value.length > (kind === 'email' ? LONGEST_EMAIL : LONGEST_USER_ID)) return undefined
  if (hasControlCharacter(value) || (kind === 'email' && TURNS_INTO_ASCII.test(value))) return undefined
  return new Secret(canonical(kind, value))
}

/**
 * Whether a row's identity column holds the identity that was sent. Backendless may compare more loosely than Auth0
 * (its database's collation is unconfirmed), so its answer is checked here before a token is used.
 */
export function isSameIdentity(kind: Settings['identity'], sent: Secret, answered: unknown): boolean {
  return typeof answered === 'string' && canonical(kind, answered) === sent.reveal()
}

/** An e-mail address lower-cased and in NFC, any other identity byte for byte. */
export function canonical(kind: Settings['identity'], value: string): string {
  return kind === 'email' ? value.toLowerCase().normalize('NFC') : value
}

function hasControlCharacter(value: string): boolean {
  return /[\p{Cc}\p{Cs}]/u.test(value)
}
