import type { User } from './auth0.ts'
import type { Budget } from './budget.ts'
import type { CircuitBreaker } from './circuit.ts'
import { type Answer, type BackendlessClient, userTokenOf } from './client.ts'
import { isSameIdentity } from './identity.ts'
import { type FailureCode, failureCode } from './outcomes.ts'
import { type Credentials, type Password, userPassword } from './password.ts'
import { newRow } from './profile.ts'
import { healthOf, type RequestKind, retryPauseMs } from './retries.ts'
import type { Secret } from './secret.ts'
import type { Settings } from './settings.ts'

/** Which way a sign-in went: as the log names it. */
export type Path = 'known' | 'new' | 'unknown' | 'moved'

/** What a sign-in leaves behind for the log, whichever way it ends. */
export interface Trace {
  path: Path
  requests: number
  /** Logins that were tried, a retry not counted. */
  tried: number
  /** The request that was sent a second time. */
  retried?: RequestKind
  /** A request was not sent, for Backendless is down. */
  circuitOpen?: boolean
  /** The last numeric code of Backendless. */
  backendlessCode?: number
}

/** All that one sign-in knows. */
export interface SignIn {
  readonly settings: Settings
  readonly client: Pick<BackendlessClient, 'login' | 'register' | 'changePassword'>
  readonly credentials: Credentials
  readonly budget: Budget
  readonly circuit: CircuitBreaker
  readonly user: Secret<User>
  readonly identity: Secret
  readonly brandNew: boolean
  readonly trace: Trace
}

/** A login that succeeded, checked: the row is that of the identity that was sent. */
export interface Session {
  readonly userToken: Secret
  /** Undefined where the row has none that a request could name. */
  readonly objectId: string | undefined
}

export async function login(context: SignIn, password: Password): Promise<Answer> {
  const { client, identity, trace } = context
  const secret = secretFor(context, password)
  const before = trace.requests
  const answer = await attempt(context, 'login', (ms) => client.login({ identity, password: secret }, ms))
  if (trace.requests > before) trace.tried += 1
  return answer
}

export function register(context: SignIn): Promise<Answer> {
  const { client, credentials, identity, settings, user } = context
  const secret = secretFor(context, credentials.passwords[0])
  return attempt(context, 'register', (ms) => client.register(newRow(settings, user, identity), secret, ms))
}

/** Moves the session's user to the current password. */
export function changePassword(context: SignIn, userToken: Secret, objectId: string): Promise<Answer> {
  const { client, credentials } = context
  const password = secretFor(context, credentials.passwords[0])
  return attempt(context, 'change_password', (ms) =>
    client.changePassword({ objectId, userToken, password }, ms),
  )
}

/** The session of a login's answer, or why there is none. */
export function sessionOf({ settings, identity }: SignIn, answer: Answer): Session | FailureCode {
  if (answer.kind !== 'success') return failureCode(answer)
  const row = answer.row.reveal()
  const userToken = userTokenOf(row)
  if (!userToken) return 'bad_answer'
  if (!isSameIdentity(settings.identity, identity, row[settings.identityColumn])) return 'identity_mismatch'
  return { userToken, objectId: isPathSegment(row.objectId) ? row.objectId : undefined }
}

/** Whether it can stand in a request's path and stays where it is put. */
function isPathSegment(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !/^\.{0,2}$/.test(value)
}

/** Whether Backendless cannot have seen the request. */
export function wasNotSent({ failure }: Extract<Answer, { kind: 'failure' }>): boolean {
  return failure === 'no_connection' || failure === 'untrusted' || failure === 'circuit_open'
}

function secretFor({ credentials, identity }: SignIn, password: Password): Secret {
  return userPassword(password, credentials.appId, identity)
}

type Send = (timeoutMs: number) => Promise<Answer>

/** Sends a request, and once more where `RETRIES` says so: one retry in a sign-in at most. */
async function attempt(context: SignIn, request: RequestKind, send: Send): Promise<Answer> {
  const { budget, trace } = context
  const { answer } = await sendOnce(context, send)
  const pauseMs = trace.retried === undefined ? retryPauseMs(request, answer) : undefined
  if (pauseMs === undefined || !(await budget.pause(pauseMs))) return answer
  const second = await sendOnce(context, send)
  if (!second.sent) return answer
  trace.retried = request
  return second.answer
}

async function sendOnce(context: SignIn, send: Send): Promise<{ sent: boolean; answer: Answer }> {
  const { budget, circuit, trace } = context
  const timeoutMs = budget.nextRequestMs()
  if (timeoutMs === undefined) return { sent: false, answer: { kind: 'failure', failure: 'timeout' } }
  if (!circuit.admits(trace)) {
    trace.circuitOpen = true
    return { sent: false, answer: { kind: 'failure', failure: 'circuit_open' } }
  }
  trace.requests += 1
  const began = performance.now()
  const answer = await send(timeoutMs)
  if (answer.kind !== 'failure') budget.answeredIn(performance.now() - began)
  circuit.report(trace, healthOf(answer, timeoutMs))
  if (answer.kind === 'refusal' && answer.code !== undefined) trace.backendlessCode = answer.code
  return { sent: true, answer }
}
