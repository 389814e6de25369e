import { type Answer, meaningOf, type RequestKind, type Row } from './answers.ts'
import type { Health } from './circuit.ts'

import type { SignInContext } from './context.ts'
import { ownerOf } from './owner.ts'
import { type Password, userPassword } from './password.ts'
import { profileOf } from './profile.ts'
import { Secret } from './secret.ts'

/** The row that a request changes, and the token of its user. */
export interface RowAccess {
  readonly objectId: string
  readonly userToken: Secret
}

export async function login(context: SignInContext, identity: Secret, password: Password): Promise<Answer> {
  const { client, credentials, trace } = context
  const requestsBefore = trace.requests
  const derived = userPassword(password, credentials.appId, identity)
  const answer = await send(context, 'login', (ms) => client.login({ identity, password: derived }, ms))
  if (trace.requests > requestsBefore) trace.logins += 1
  return answer
}

/** Registers the user with the current password, as the row's owner if the address counts. */
export function register(context: SignInContext, identity: Secret): Promise<Answer> {
  const { client, counts, settings, user } = context
  const row = new Secret({
    ...profileOf(settings, user),
    ...(counts ? ownerOf(settings, user) : {}),
    [settings.identityColumn]: identity.reveal(),
    ...currentPassword(context, identity),
  })
  return send(context, 'register', (ms) => client.register(row, ms))
}

/** Sets the current password, derived for this identity. */
export function changePassword(context: SignInContext, identity: Secret, access: RowAccess): Promise<Answer> {
  return update(context, 'change_password', access, currentPassword(context, identity))
}

/** Sets the identity, and the current password derived for it. */
export function changeIdentity(context: SignInContext, identity: Secret, access: RowAccess): Promise<Answer> {
  const column = { [context.settings.identityColumn]: identity.reveal() }
  return update(context, 'rename', access, { ...column, ...currentPassword(context, identity) })
}

/** Changes columns of the row with its user's own token. */
export function update(
  context: SignInContext,
  request: RequestKind,
  { objectId, userToken }: RowAccess,
  columns: Row,
): Promise<Answer> {
  const changes = new Secret(columns)
  return send(context, request, (ms) => context.client.update({ objectId, userToken, changes }, ms))
}

/**
 * Ends a session that the sign-in does not use. It is not counted, not repeated and not reported to the circuit breaker,
 * and its result does not matter: a session that stays open ends by itself.
 */
export async function logOut({ budget, client }: SignInContext, userToken: Secret): Promise<void> {
  const timeoutMs = budget.nextRequestMs()
  if (timeoutMs !== undefined) await client.logOut(userToken, timeoutMs)
}

function currentPassword({ credentials }: SignInContext, identity: Secret): Row {
  return { password: userPassword(credentials.passwords[0], credentials.appId, identity).reveal() }
}

type Send = (timeoutMs: number) => Promise<Answer>

/** Sends a request, and once more if the table of answers says so and the sign-in has repeated none yet. */
async function send(context: SignInContext, request: RequestKind, sendTo: Send): Promise<Answer> {
  const { budget, trace } = context
  const { answer } = await sendOnce(context, sendTo)
  const pauseMs = trace.retried === undefined ? meaningOf(answer).retry?.[request] : undefined
  if (typeof pauseMs !== 'number' || !(await budget.pause(pauseMs))) return answer
  const second = await sendOnce(context, sendTo)
  if (!second.sent) return answer
  trace.retried = request
  return second.answer
}

async function sendOnce(context: SignInContext, sendTo: Send): Promise<{ sent: boolean; answer: Answer }> {
  const { budget, circuit, trace } = context
  const timeoutMs = budget.nextRequestMs()
  if (timeoutMs === undefined) return { sent: false, answer: { kind: 'failure', failure: 'timeout' } }
  if (!circuit.admits(trace)) {
    trace.circuitOpen = true
    return { sent: false, answer: { kind: 'failure', failure: 'circuit_open' } }
  }
  trace.requests += 1
  const startedAt = performance.now()
  const answer = await sendTo(timeoutMs)
  if (answer.kind !== 'failure') budget.recordRequest(performance.now() - startedAt)
  circuit.report(trace, healthAfter(answer, timeoutMs))
  if (answer.kind === 'refusal' && answer.code !== undefined) trace.backendlessCode = answer.code
  return { sent: true, answer }
}

/** In milliseconds. The timeout of a request that was allowed less shows nothing about Backendless. */
const SHORTEST_TELLING_TIMEOUT_MS = 900

function healthAfter(answer: Answer, timeoutMs: number): Health {
  const isTimeout = answer.kind === 'failure' && answer.failure === 'timeout'
  return isTimeout && timeoutMs < SHORTEST_TELLING_TIMEOUT_MS ? 'unknown' : meaningOf(answer).health
}
