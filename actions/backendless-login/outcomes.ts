import { randomInt } from 'node:crypto'
import type { Settings } from './settings.ts'

/** Why a sign-in does not concern the Action. It continues without the claim. */
export type GateSkipCode = (typeof GATE_SKIP_CODES)[number]

/** Why a sign-in got no token although it concerns the Action. */
export type FailureCode = keyof typeof SENTENCES

/** Why an e-mail address does not identify a user. `unverified` decides about these. */
export type AddressCode = (typeof ADDRESS_CODES)[number]

/**
 * `moved`: from an older password to the current one. `not_moved`: still on the older one; the token is valid.
 * `renamed`: the row has the user's changed address. `not_renamed`: it has the previous one; the token is valid.
 */
export type TokenCode = (typeof TOKEN_CODES)[number]

/** Codes that are kept in the user's `app_metadata`, so that a user search finds who is affected. */
export type KeptCode = (typeof KEPT_CODES)[number]

/** How a sign-in ended. The codes are stable. The log, the deny reason and docs/outcomes.md use them. */
export type Outcome =
  | { readonly kind: 'token'; readonly code: TokenCode }
  | { readonly kind: 'skip'; readonly code: GateSkipCode }
  | Failure

/** `skip`: the sign-in continues without the claim. */
export interface Failure {
  readonly kind: 'skip' | 'deny'
  readonly code: FailureCode
}

export const TOKEN_CODES = ['ok', 'moved', 'not_moved', 'renamed', 'not_renamed'] as const

export const GATE_SKIP_CODES = [
  'no_id_token',
  'client_not_listed',
  'connection_not_listed',
  'refresh_skipped',
  'delegated',
] as const

const ADDRESS_CODES = ['email_missing', 'email_unverified', 'email_untrusted'] as const

/** Codes that concern only this user, and stay until somebody acts: not an outage, a lock or a limit. */
export const KEPT_CODES = [
  ...ADDRESS_CODES,
  'identity_mismatch',
  'owner_mismatch',
  'password_mismatch',
  'account_disabled',
  'account_unconfirmed',
  'not_moved',
  'not_renamed',
] as const

const LATER = 'Please try again in a few minutes.'
const SUPPORT = 'Please contact support.'

/** What the user reads. It never includes anything from an answer of Backendless or from the HTTP client. */
export const SENTENCES = {
  email_missing: `Your account has no usable e-mail address, which this application needs. ${SUPPORT}`,
  email_unverified: 'Please verify your e-mail address, then sign in again.',
  email_untrusted: `Your e-mail address comes from a connection that this application does not accept. ${SUPPORT}`,
  user_id_missing: `Your account cannot be identified. ${SUPPORT}`,
  identity_mismatch: `Your account does not match the one in this application. ${SUPPORT}`,
  owner_mismatch: `Your e-mail address belongs to another account in this application. ${SUPPORT}`,
  password_mismatch: `Your account in this application cannot be opened. ${SUPPORT}`,
  account_disabled: `Your account in this application is disabled. ${SUPPORT}`,
  account_unconfirmed:
    'Please confirm your e-mail address with the link that was sent to you, then sign in again.',
  account_locked: `Your account in this application is locked for a while. ${LATER}`,
  session_limit: 'You are signed in on too many devices. Please sign out on another one, then sign in again.',
  misconfigured: `This application is not set up correctly. ${SUPPORT}`,
  refused: `This application refused to sign you in. ${SUPPORT}`,
  busy: `This application is very busy. ${LATER}`,
  unavailable: `This application cannot be reached at the moment. ${LATER}`,
  timeout: `This application did not answer in time. ${LATER}`,
  bad_answer: `This application gave an unexpected answer. ${LATER}`,
  internal_error: `Something went wrong while signing you in. ${LATER}`,
} as const

/** Without I, L, O, 0 and 1, which are easily confused when people read a reference out. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** Six random characters. They connect what the user reads with the log line. */
export function newReference(): string {
  return Array.from({ length: 6 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

/** The deny reason: the code for the application, the sentence for the user, the reference for support. */
export function denyReason(code: FailureCode, reference: string): string {
  return `${code}: ${SENTENCES[code]} Reference: ${reference}`
}

/**
 * Decides whether a failed sign-in is denied or continues without the claim. A refresh or a silent sign-in always continues:
 * the client keeps the token it has, and nobody is signed out.
 */
export function failure(
  { onFailure, unverified }: Pick<Settings, 'onFailure' | 'unverified'>,
  code: FailureCode,
  interactive: boolean,
): Failure {
  const chosen = isAddressCode(code) ? unverified : code === 'user_id_missing' ? 'deny' : onFailure
  return { kind: interactive && chosen !== 'skip' ? 'deny' : 'skip', code }
}

function isAddressCode(code: FailureCode): code is AddressCode {
  return ADDRESS_CODES.some((one) => one === code)
}

export function isKeptCode(code: unknown): code is KeptCode {
  return KEPT_CODES.some((one) => one === code)
}

/** True if the sign-in failed, denied or not; false if there is a token, or if it did not concern the Action. */
export function isFailure(outcome: Outcome): outcome is Failure {
  return Object.hasOwn(SENTENCES, outcome.code)
}

/** The value of the claim `<claim>Problem` after a failure that was skipped. */
export function problemOf(code: FailureCode, reference: string): string {
  return `${code} ${reference}`
}
