import type { Health } from './circuit.ts'
import type { Answer } from './client.ts'

export type RequestKind = 'login' | 'register' | 'change_password'

/** Failures after which the request was not processed, or may be repeated. */
export type Retriable = 'no_connection' | 'stale_connection' | 'gateway'

/**
 * Milliseconds to wait before a request is sent once more; where none stands, it is not. One retry in a sign-in at most.
 *
 * `no_connection`: refused, no address, no route. `stale_connection`: a connection that had been kept alive was reset
 * before a byte of the answer, as when the server closes an idle one just then. `gateway`: 502, 503 or 504 without a code
 * of Backendless. A registration or a change that may have been processed is followed by a login instead; a registration
 * whose connection was stale is repeated once that login has said 3003. Never after 429 or 999, which a retry would only
 * feed, nor after silence, which has cost time enough.
 */
export const RETRIES: Readonly<Record<RequestKind, Readonly<Partial<Record<Retriable, number>>>>> = {
  login: { no_connection: 100, stale_connection: 0, gateway: 200 },
  register: { no_connection: 100 },
  change_password: { no_connection: 100 },
}

const GATEWAY_STATUSES = new Set([502, 503, 504])

/** Undefined where the request is not to be repeated. */
export function retryPauseMs(request: RequestKind, answer: Answer): number | undefined {
  const failure = retriable(answer)
  return failure && RETRIES[request][failure]
}

function retriable(answer: Answer): Retriable | undefined {
  if (answer.kind === 'refusal') {
    return answer.refusal === 'down' && GATEWAY_STATUSES.has(answer.status) ? 'gateway' : undefined
  }
  if (answer.kind === 'success') return undefined
  return answer.failure === 'no_connection' || answer.failure === 'stale_connection'
    ? answer.failure
    : undefined
}

/** A wait that a budget has cut shorter than this says nothing about Backendless. */
const TELLING_WAIT_MS = 900

/**
 * Down: no connection, silence, or 5xx without a code of Backendless. Whatever has a code, and 429, is an answer: a
 * stranger could provoke it.
 */
export function healthOf(answer: Answer, waitedMs: number): Health {
  if (answer.kind === 'success') return 'up'
  if (answer.kind === 'refusal') return answer.refusal === 'down' ? 'down' : 'up'
  switch (answer.failure) {
    case 'no_connection':
    case 'untrusted':
      return 'down'
    case 'timeout':
      return waitedMs < TELLING_WAIT_MS ? 'unknown' : 'down'
    case 'bad_answer':
      return 'up'
    case 'stale_connection':
    case 'broken':
    case 'circuit_open':
      return 'unknown'
    default:
      return answer.failure satisfies never
  }
}
