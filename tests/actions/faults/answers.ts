// Answers of a server or a proxy that are not a row, each with the documented outcome.
import { gzipSync } from 'node:zlib'
import type { Fault } from '@backendless-login/local-backendless'
import { always, answer, beforeAndAfter, MARKER, type MatrixFault, type Meaning } from './fault.ts'
import type { Effect } from './sign-in-paths.ts'

const HUGE = JSON.stringify({ hint: MARKER.repeat(100_000) })
const gzip = { 'content-encoding': 'gzip' }

const NO_ROWS = (
  [
    ['an empty body', answer(200)],
    ['HTML', answer(200, `<html>${MARKER}</html>`)],
    ['201 in words', answer(201, MARKER)],
    ['204', answer(204)],
    ['205', answer(205)],
    ['truncated JSON', answer(200, `{"message": "${MARKER}`)],
    ['deeply nested JSON', answer(200, '['.repeat(50_000))],
    ['deeply nested objects that break off', answer(200, '{"a":'.repeat(20_000))],
    ['a list', answer(200, [{ message: MARKER }])],
    ['null', answer(200, 'null')],
    ['a string', answer(200, `"${MARKER}"`)],
    ['a huge body', answer(200, HUGE)],
    ['a small body that unpacks to a huge one', answer(200, gzipSync(HUGE), gzip)],
    ['a body that is not packed as it says', answer(200, MARKER, gzip)],
    ['a packed body that breaks off', answer(200, gzipSync(HUGE).subarray(0, 200), gzip)],
    ...[300, 301, 302, 303, 304, 307, 308].map((status) => [`${status}`, answer(status, MARKER)] as const),
    ['another protocol', { kind: 'raw', bytes: `SSH-2.0-${MARKER}\r\n`, end: true }],
    [
      'a switch of protocols',
      { kind: 'raw', bytes: `HTTP/1.1 101 ${MARKER}\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n` },
    ],
    ['headers without end', { kind: 'raw', bytes: `HTTP/1.1 200 OK\r\nx-hint: ${MARKER.repeat(9000)}` }],
    [
      'a broken chunk',
      { kind: 'raw', bytes: `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${MARKER}` },
    ],
  ] satisfies readonly (readonly [string, Fault])[]
).flatMap(([title, fault]) => beforeAndAfter(title, fault, 'bad_answer', 'bad_answer'))

const WITHOUT_CODE: MatrixFault[] = [
  ...[
    400, 401, 402, 403, 404, 405, 406, 407, 408, 410, 411, 413, 414, 415, 417, 421, 422, 426, 428, 431, 451,
    499,
  ].map((status) => ({
    title: `${status}`,
    fault: answer(status, MARKER),
    means: always('refused', 'refused'),
  })),
  { title: '409', fault: answer(409, { message: MARKER }), means: always('exists', 'password_mismatch') },
  { title: '429', fault: answer(429, MARKER), means: always('refused', 'busy') },
  { title: '400 with an empty object', fault: answer(400, {}), means: always('refused', 'refused') },
  {
    title: '400 with a code that is a string',
    fault: answer(400, { code: '3003', message: MARKER }),
    means: always('refused', 'refused'),
  },
  ...[500, 501, 505, 507, 508, 511, 520, 522, 530, 599].flatMap((status) =>
    beforeAndAfter(`${status}`, answer(status, MARKER), 'server_error', 'unavailable'),
  ),
  ...[502, 503, 504].flatMap((status): MatrixFault[] => {
    const fault = answer(status, `<html>${MARKER}</html>`)
    const unlessLogin =
      (effect: Effect): Meaning =>
      ({ request }) => [request === 'login' ? 'repeated' : effect, 'unavailable']
    return [
      { title: `${status}`, failure: 'gateway', fault, means: unlessLogin('lost') },
      {
        title: `${status}, after it was processed`,
        fault: { ...fault, after: true },
        means: unlessLogin('done'),
      },
      {
        title: `${status} twice`,
        fault,
        times: 2,
        only: 'login',
        means: always('unsentTwice', 'unavailable'),
      },
    ]
  }),
]

const refusal = (code: number) => ({ message: MARKER, code, errorData: { hint: MARKER } })

const WITH_CODE: MatrixFault[] = [302, 400, 401, 403, 404, 409, 429, 500, 502, 503, 504].flatMap((status) => [
  {
    title: `${status} with 3022`,
    fault: answer(status, refusal(3022)),
    means: always('refused', 'refused'),
  },
  { title: `${status} with 999`, fault: answer(status, refusal(999)), means: always('refused', 'busy') },
  {
    title: `${status} with a code that nobody knows`,
    fault: answer(status, refusal(123_456)),
    means: always('refused', 'refused'),
  },
])

export const ANSWERS: readonly MatrixFault[] = [...NO_ROWS, ...WITHOUT_CODE, ...WITH_CODE]
