import type { User } from './auth0.ts'
import { Secret } from './secret.ts'
import type { Settings } from './settings.ts'

/** In characters. A longer value is neither an address nor an Auth0 user id. */
const LONGEST_EMAIL = 320
const LONGEST_USER_ID = 1024

/**
 * The Kelvin sign, the Greek question mark and the Greek varia. Lower-casing or NFC would turn them into `k`, `;` and a grave
 * accent, and so one person's address into another's.
 */
const TURNS_INTO_ASCII = /[\u212a\u037e\u1fef]/

/** The user's identity in Backendless, or `undefined` if the user has no usable one. */
export function identityOf(kind: Settings['identity'], user: User): Secret | undefined {
  return identityFrom(kind, kind === 'email' ? user.email : user.user_id)
}

/** The value in the form in which it is sent and compared, or `undefined` if it cannot be an identity. */
export function identityFrom(kind: Settings['identity'], value: unknown): Secret | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined
  if (value.length > (kind === 'email' ? LONGEST_EMAIL : LONGEST_USER_ID)) return undefined
  if (hasControlCharacter(value) || (kind === 'email' && TURNS_INTO_ASCII.test(value))) return undefined
  return new Secret(canonical(kind, value))
}

/**
 * True if a row's identity column holds the identity that was sent. Backendless may compare more loosely than Auth0 (the
 * collation of its database is unconfirmed), so its answer is checked here before a token is used.
 */
export function isSameIdentity(kind: Settings['identity'], sent: Secret, answered: unknown): boolean {
  return typeof answered === 'string' && canonical(kind, answered) === sent.reveal()
}

/** An e-mail address in lower case and NFC; any other identity unchanged. */
export function canonical(kind: Settings['identity'], value: string): string {
  return kind === 'email' ? value.toLowerCase().normalize('NFC') : value
}

function hasControlCharacter(value: string): boolean {
  return /[\p{Cc}\p{Cs}]/u.test(value)
}
