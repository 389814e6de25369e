import type { Health } from './circuit.ts'
import type { FailureCode } from './outcomes.ts'
import type { Secret } from './secret.ts'

/** The requests of a sign-in, as the log names them. */
export type RequestKind = 'login' | 'register' | 'change_password' | 'rename' | 'claim' | 'sync_profile'

/** The meaning of one kind of answer. */
interface Meaning {
  /** The outcome of a sign-in that ends with this answer. */
  readonly outcome: FailureCode
  /** Whether Backendless did what the request asked for. */
  readonly processed: 'no' | 'yes' | 'unknown'
  /** What the answer says about Backendless itself. See `CircuitBreaker`. */
  readonly health: Health
  /**
   * The pause in milliseconds before the request is sent once more. A request that is not named is not repeated, and a
   * sign-in repeats one request at most. `after_login`: once a login has answered 3003, that is, has shown that the
   * request was not processed.
   */
  readonly retry?: Readonly<Partial<Record<RequestKind, number | 'after_login'>>>
}

interface RefusalMeaning extends Meaning {
  /** The numeric codes of Backendless. */
  readonly codes: readonly number[]
}

const SUCCESS = { processed: 'yes', health: 'up' } as const

/**
 * Backendless answered with an error. Its numeric code decides, because most HTTP statuses are unconfirmed. Sources of the
 * codes: the documentation's list, the end-to-end specs of the JS SDK, the support forum. An answer with a code shows that
 * Backendless is up, whatever the code: otherwise any user could open the circuit by provoking one. None is repeated: a
 * retry would add to the load of a `busy` server.
 */
export const REFUSALS = {
  // 1155, 1166: a duplicate entry. 3018: the identity exists.
  exists: { outcome: 'password_mismatch', processed: 'no', health: 'up', codes: [1155, 1166, 3018, 3033] },
  // Unknown user or wrong password: Backendless does not say which.
  bad_credentials: { outcome: 'password_mismatch', processed: 'no', health: 'up', codes: [3003] },
  // The user registered through a social login and has no password.
  no_password: { outcome: 'password_mismatch', processed: 'no', health: 'up', codes: [3072] },
  locked: { outcome: 'account_locked', processed: 'no', health: 'up', codes: [3036] },
  // 3000 in the documentation, 3090 in the end-to-end specs.
  disabled: { outcome: 'account_disabled', processed: 'no', health: 'up', codes: [3000, 3090] },
  email_unconfirmed: { outcome: 'account_unconfirmed', processed: 'no', health: 'up', codes: [3082, 3087] },
  session_limit: { outcome: 'session_limit', processed: 'no', health: 'up', codes: [3002, 3044] },
  // A concurrent sign-in of the same user may have ended this token, by its password change or its session.
  token_dead: { outcome: 'refused', processed: 'unknown', health: 'up', codes: [3023, 3048, 3064, 3091] },
  misconfigured: {
    outcome: 'misconfigured',
    processed: 'no',
    health: 'up',
    codes: [2002, 2009, 2014, 3001, 3008, 3009, 3010, 3012, 3013, 3034, 3040, 3041, 3070, 3074, 3078, 9000],
  },
  busy: { outcome: 'busy', processed: 'no', health: 'up', codes: [999, 9070, 11009, 11033] },
  // Any other code, and any other 4xx status without a code.
  refused: { outcome: 'refused', processed: 'no', health: 'up', codes: [] },
} as const satisfies Readonly<Record<string, RefusalMeaning>>

/** No answer, or one that does not come from Backendless's REST API. */
export const FAILURES = {
  /** Connection refused, no address, no route. */
  no_connection: {
    outcome: 'unavailable',
    processed: 'no',
    health: 'down',
    retry: { login: 100, register: 100, change_password: 100, rename: 100 },
  },
  /** The certificate or the TLS handshake failed, so nothing was sent. */
  untrusted: { outcome: 'unavailable', processed: 'no', health: 'down' },
  /** A kept-alive connection was reset before the first byte of the answer, as when the server closes an idle one. */
  stale_connection: {
    outcome: 'unavailable',
    processed: 'unknown',
    health: 'unknown',
    retry: { login: 0, register: 'after_login' },
  },
  /** The connection broke. */
  broken: { outcome: 'unavailable', processed: 'unknown', health: 'unknown' },
  timeout: { outcome: 'timeout', processed: 'unknown', health: 'down' },
  /** 502, 503 or 504 without a code of Backendless. */
  gateway: { outcome: 'unavailable', processed: 'unknown', health: 'down', retry: { login: 200 } },
  /** Any other 5xx status without a code of Backendless. */
  server_error: { outcome: 'unavailable', processed: 'unknown', health: 'down' },
  /** Not what the REST API documents: no JSON object, a redirect, too large, not decodable. */
  bad_answer: { outcome: 'bad_answer', processed: 'unknown', health: 'up' },
  /** Not sent: the circuit breaker did not admit the request. */
  circuit_open: { outcome: 'unavailable', processed: 'no', health: 'unknown' },
} as const satisfies Readonly<Record<string, Meaning>>

export type Refusal = keyof typeof REFUSALS
export type RequestFailure = keyof typeof FAILURES

/** A row of the Users table. The row in a login's answer also has the `user-token`. */
export type Row = Readonly<Record<string, unknown>>

/** The result of one request. `code` is the numeric code of Backendless. */
export type Answer =
  | { readonly kind: 'success'; readonly row: Secret<Row> }
  | { readonly kind: 'refusal'; readonly refusal: Refusal; readonly code?: number }
  | { readonly kind: 'failure'; readonly failure: RequestFailure }

export type Unsuccessful = Exclude<Answer, { kind: 'success' }>

/** The row of the table for this answer. */
export function meaningOf(answer: Unsuccessful): Meaning
export function meaningOf(answer: Answer): Omit<Meaning, 'outcome'>
export function meaningOf(answer: Answer): Omit<Meaning, 'outcome'> {
  switch (answer.kind) {
    case 'success':
      return SUCCESS
    case 'refusal':
      return REFUSALS[answer.refusal]
    case 'failure':
      return FAILURES[answer.failure]
    default:
      return answer satisfies never
  }
}

/** True if Backendless refused the request, and not because it is busy: it would refuse it again. */
export function isLastingRefusal(answer: Answer): boolean {
  return answer.kind === 'refusal' && answer.refusal !== 'busy' && REFUSALS[answer.refusal].processed === 'no'
}

export function isRefusal(answer: Answer, refusal: Refusal): boolean {
  return answer.kind === 'refusal' && answer.refusal === refusal
}

const GATEWAY_STATUSES = new Set([502, 503, 504])

/** Classifies an error answer. The HTTP status counts only if there is no code. */
export function errorAnswer(status: number, code: number | undefined): Unsuccessful {
  if (code !== undefined) return { kind: 'refusal', refusal: refusalWith(code), code }
  if (GATEWAY_STATUSES.has(status)) return { kind: 'failure', failure: 'gateway' }
  if (status >= 500) return { kind: 'failure', failure: 'server_error' }
  if (status === 429) return { kind: 'refusal', refusal: 'busy' }
  return { kind: 'refusal', refusal: status === 409 ? 'exists' : 'refused' }
}

function refusalWith(code: number): Refusal {
  let refusal: Refusal
  for (refusal in REFUSALS) {
    const { codes }: RefusalMeaning = REFUSALS[refusal]
    if (codes.includes(code)) return refusal
  }
  return 'refused'
}
