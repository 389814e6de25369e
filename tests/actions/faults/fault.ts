// A fault of the matrix, and its effect on a sign-in.
import type { Fault } from '@backendless-login/local-backendless'
import type { RequestFailure } from '../../../actions/backendless-login/answers.ts'
import type { Effect, PathStep } from './sign-in-paths.ts'

/** Part of every text that a server can write, to find it in output. */
export const MARKER = 'MARKER-7f3a'
/** Not the application's own address, which would record a further request. */
export const headers = {
  location: `/users/${MARKER}`,
  'set-cookie': MARKER,
  'x-hint': MARKER,
  'retry-after': '1',
}

export interface MatrixFault {
  readonly title: string
  /** The row of the table of answers, if the answer is a failure. */
  readonly failure?: RequestFailure
  readonly fault: Fault
  readonly means: (step: PathStep) => readonly [effect: Effect, code: string]
  /** How many requests it affects from there on. Default: 1. */
  readonly times?: number
  readonly only?: PathStep['request']
  readonly budgetMs?: number
  /** True: the request uses a connection that was used before; false: a new one. Default: either. */
  readonly connection?: 'new' | 'reused'
}

export type Meaning = MatrixFault['means']

export const always =
  (effect: Effect, code = 'none'): Meaning =>
  () => [effect, code]

export const answer = (status: number, body: string | Buffer | object = '', more = {}): Fault => ({
  kind: 'answer',
  status,
  body,
  headers: { ...headers, ...more },
})

/** Returns the fault twice: before the request is processed, and after it. */
export function beforeAndAfter(
  title: string,
  fault: Fault,
  failure: RequestFailure,
  code: string,
): MatrixFault[] {
  return [
    { title, failure, fault, means: always('lost', code) },
    {
      failure,
      title: `${title}, after it was processed`,
      fault: { ...fault, after: true },
      means: always('done', code),
    },
  ]
}
