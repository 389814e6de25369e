// Faults of a connection, and of an answer while it is sent.
import type { Fault } from '@backendless-login/local-backendless'
import { always, beforeAndAfter, MARKER, type MatrixFault } from './fault.ts'

/** In milliseconds: enough for the earlier requests, even on a busy machine. */
const SHORT_BUDGET_MS = 700

const informational = (status: number, everyMs?: number): Fault =>
  everyMs === undefined ? { kind: 'informational', status } : { kind: 'informational', status, everyMs }

/** The connection ends before the first byte of the answer. */
const CONNECTION_ENDS: readonly MatrixFault[] = (
  [
    ['a reset', { kind: 'reset' }],
    ['an end of the connection', { kind: 'raw', bytes: '', end: true }],
  ] satisfies [string, Fault][]
).flatMap(([title, fault]): MatrixFault[] => [
  ...beforeAndAfter(`${title} on a new connection`, fault, 'broken', 'unavailable').map(
    (lost): MatrixFault => ({ ...lost, connection: 'new' }),
  ),
  {
    title: `${title} on a reused connection`,
    failure: 'stale_connection',
    fault,
    means: always('stale'),
    connection: 'reused',
  },
  {
    title: `${title} on a reused connection, after it was processed`,
    fault: { ...fault, after: true },
    means: always('staleDone'),
    connection: 'reused',
  },
])

const BREAKS: readonly MatrixFault[] = (['new', 'reused'] as const).flatMap((connection): MatrixFault[] => [
  {
    title: `a reset in the middle of the answer on a ${connection} connection`,
    fault: { kind: 'resetMidway' },
    means: always('done', 'unavailable'),
    connection,
  },
  {
    title: `an answer that ends early on a ${connection} connection`,
    fault: {
      kind: 'raw',
      bytes: `HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"hint": "${MARKER}`,
      end: true,
    },
    means: always('lost', 'unavailable'),
    connection,
  },
])

const SLOW: readonly MatrixFault[] = [
  { title: 'an answer that takes its time', fault: { kind: 'delay', ms: 150 }, means: always('harmless') },
  ...[100, 102, 103].map((status) => ({
    title: `${status} ahead of a good answer`,
    fault: informational(status),
    means: always('harmless'),
  })),
  ...(
    [
      ['silence', { kind: 'hang' }],
      ['silence, after it was processed', { kind: 'hang', after: true }],
      ['an answer that drips', { kind: 'drip', ms: 40 }],
      ['half an answer, then silence', { kind: 'raw', bytes: `HTTP/1.1 200 OK\r\nx-hint: ${MARKER}\r\n` }],
      ...[100, 102, 103].map((status) => [`${status} without end`, informational(status, 20)] as const),
    ] satisfies readonly (readonly [string, Fault])[]
  ).map(
    ([title, fault]): MatrixFault => ({
      title,
      failure: 'timeout',
      fault,
      means: always('spent', 'timeout'),
      budgetMs: SHORT_BUDGET_MS,
    }),
  ),
]

/** Each takes 2,500 ms, so they are run at the same time. */
export const LONG: readonly MatrixFault[] = beforeAndAfter(
  'silence',
  { kind: 'hang' },
  'timeout',
  'timeout',
).map((fault) => ({ ...fault, connection: 'new' }))

export const CONNECTIONS: readonly MatrixFault[] = [...CONNECTION_ENDS, ...BREAKS, ...SLOW]
