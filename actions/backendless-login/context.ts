import type { RequestKind, Row } from './answers.ts'
import type { User } from './auth0.ts'
import type { Budget } from './budget.ts'
import type { CircuitBreaker } from './circuit.ts'
import type { BackendlessClient } from './client.ts'
import type { Memory } from './memory.ts'
import type { FailureCode, TokenCode } from './outcomes.ts'
import type { Ownership } from './owner.ts'
import type { Credentials } from './password.ts'
import type { Secret } from './secret.ts'
import type { Settings } from './settings.ts'

/** What one sign-in works with, whichever identity a request names. */
export interface SignInContext {
  readonly settings: Settings
  readonly client: Pick<BackendlessClient, 'login' | 'register' | 'update' | 'logOut'>
  readonly credentials: Credentials
  readonly budget: Budget
  readonly circuit: CircuitBreaker
  readonly user: Secret<User>
  readonly brandNew: boolean
  /** False for an e-mail address that is accepted although it does not count. True for a user id. */
  readonly counts: boolean
  readonly memory: Memory
  /** UTC date, YYYY-MM-DD. */
  readonly today: string
  readonly trace: Trace
}

/** The way that a sign-in took, as the log names it. */
export type Path = 'known' | 'new' | 'unknown' | 'moved' | 'renamed'

/** What a sign-in records for its log line. */
export interface Trace {
  path: Path
  /** Requests that were sent, a retry included, a logout not. */
  requests: number
  /** Logins that were sent, a retry not included. */
  logins: number
  /** The request that was sent a second time. */
  retried?: RequestKind
  /** True if a request was not sent because the circuit was open. */
  circuitOpen?: boolean
  /** The last numeric code that Backendless answered. */
  backendlessCode?: number
}

/** A login that succeeded and opened a row of the identity that was sent, which is not another user's. */
export interface Session {
  readonly kind: 'session'
  readonly userToken: Secret
  /** `undefined` if the row has no id usable in a URL. */
  readonly objectId: string | undefined
  readonly row: Secret<Row>
  readonly owner: Exclude<Ownership, 'another'>
}

export type SignInFailure = { readonly kind: 'failure'; readonly code: FailureCode }

export interface SignInToken {
  readonly kind: 'token'
  readonly code: TokenCode
  /** That of the row, as it is after the sign-in. */
  readonly identity: Secret
  readonly session: Session
  /** True if Backendless refused the change that `code` is about, and would refuse it again. */
  readonly refused?: boolean
}

export type SignInResult = SignInToken | SignInFailure
