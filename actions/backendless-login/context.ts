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

/** What all requests of a sign-in share, whichever identity they name. */
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

/** The kind of sign-in, as the log names it. */
export type Path = 'known' | 'new' | 'unknown' | 'moved' | 'renamed'

/** What a sign-in records for its log line. */
export interface Trace {
  path: Path
  /** Requests that were sent, with the retry and without a logout. */
  requests: number
  /** Logins that were sent, without the retry. */
  logins: number
  /** The request that was sent a second time. */
  retried?: RequestKind
  /** True if a request was not sent because the circuit was open. */
  circuitOpen?: boolean
  /** The last numeric code that Backendless answered. */
  backendlessCode?: number
}

/** A login that succeeded. The row has the identity that was sent, and does not belong to another user. */
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
  /** The row's identity after the sign-in. */
  readonly identity: Secret
  readonly session: Session
  /** True if Backendless refused the change that `code` names, and would refuse it again. */
  readonly refused?: boolean
}

export type SignInResult = SignInToken | SignInFailure
