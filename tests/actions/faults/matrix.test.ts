// Every fault at every request of every path of a sign-in.
import assert from 'node:assert/strict'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { FAILURES } from '../../../actions/backendless-login/answers.ts'
import { backendless, closeAll } from '../sign-in.ts'
import { ANSWERS } from './answers.ts'
import { CONNECTIONS, LONG } from './connections.ts'
import { atEveryRequest, checkFault, REQUESTS, type RequestPosition } from './fault-case.ts'
import { MALFORMED_ROWS } from './malformed-rows.ts'

describe('a fault at every request of a sign-in', () => {
  const apps = new Map<RequestPosition, LocalBackendless>()
  before(async () => {
    for (const position of REQUESTS) apps.set(position, await backendless())
  })
  after(closeAll)

  it('ends as documented: silence, with time left for a login that shows the result', () =>
    Promise.all(
      LONG.map((fault) => atEveryRequest(apps, (position, app) => checkFault(app, position, fault))),
    ))

  it('covers every failure in the table of answers', () => {
    // These are covered by reach.test.ts and circuit.test.ts.
    const elsewhere = ['no_connection', 'untrusted', 'circuit_open']
    const covered = [...CONNECTIONS, ...ANSWERS].flatMap(({ failure }) => failure ?? [])
    assert.deepEqual(new Set([...covered, ...elsewhere]), new Set(Object.keys(FAILURES)))
  })

  for (const fault of [...CONNECTIONS, ...ANSWERS, ...MALFORMED_ROWS]) {
    it(`ends as documented: ${fault.title}`, () =>
      atEveryRequest(apps, (position, app) => checkFault(app, position, fault)))
  }
})
