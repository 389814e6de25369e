// Rows that are not as documented: with wrong types, of other users, or in a wrong encoding.
import { gzipSync } from 'node:zlib'
import type { Fault } from '@backendless-login/local-backendless'
import { always, headers, MARKER, type MatrixFault } from './fault.ts'

const gzip = { 'content-encoding': 'gzip' }

/** Changes the real answer. */
const edited = (change: (row: object) => object): Fault => ({
  kind: 'rewrite',
  body: (real) => JSON.stringify(change(JSON.parse(real.toString()))),
  headers,
})

export const MALFORMED_ROWS: readonly MatrixFault[] = [
  ...(
    [
      ['a number', 7],
      ['an object', { hint: MARKER }],
      ['a list', [MARKER]],
      ['null', null],
      ['empty', ''],
      ['two lines', `${MARKER}\r\n${MARKER}`],
      ['no ASCII', `${MARKER}ü`],
      ['900 kB', 'a'.repeat(900_000)],
      ['missing', undefined],
    ] as const
  ).map(([what, token]) => ({
    title: `a row whose token is ${what}`,
    fault: edited((row) => ({ ...row, 'user-token': token })),
    means: always('noToken', 'bad_answer'),
  })),
  {
    title: 'a row whose token is 1 MB',
    fault: edited((row) => ({ ...row, 'user-token': MARKER.repeat(100_000) })),
    means: always('done', 'bad_answer'),
  },
  ...[7, null, undefined, '', MARKER, [], { hint: MARKER }, true].map((email) => ({
    title: `a row whose identity is ${JSON.stringify(email)}`,
    fault: edited((row) => ({ ...row, email })),
    means: always('somebodyElse', 'identity_mismatch'),
  })),
  ...[7, null, undefined, [], { hint: MARKER }].map((objectId) => ({
    title: `a row whose id is ${JSON.stringify(objectId)}`,
    fault: edited((row) => ({ ...row, objectId })),
    means: always('noObjectId'),
  })),
  ...['text/html', 'text/plain; charset=utf-16', 'application/octet-stream', MARKER].map((type) => ({
    title: `a good row that is called ${type}`,
    fault: { kind: 'rewrite', headers: { 'content-type': type } } as const,
    means: always('harmless'),
  })),
  {
    title: 'a good row, packed',
    fault: { kind: 'rewrite', body: gzipSync, headers: gzip },
    means: always('harmless'),
  },
  {
    title: 'a good row that is not packed as it says',
    fault: { kind: 'rewrite', headers: gzip },
    means: always('done', 'bad_answer'),
  },
  {
    title: 'a good row in UTF-16',
    fault: { kind: 'rewrite', body: (real) => Buffer.from(real.toString(), 'utf16le') },
    means: ({ refused }) => (refused ? ['refused', 'refused'] : ['done', 'bad_answer']),
  },
  {
    title: 'a good row in Latin-1',
    fault: { kind: 'rewrite', body: (real) => Buffer.from(real.toString(), 'latin1') },
    means: always('somebodyElse', 'identity_mismatch'),
  },
]
