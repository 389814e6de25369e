// Every fault at every request of every path of a sign-in.
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { backendless, closeAll } from '../sign-in.ts'
import { ANSWERS } from './answers.ts'
import { CELLS, type Cell, check } from './cell.ts'
import { CONNECTIONS, LONG } from './connections.ts'
import { ROWS } from './rows.ts'

describe('a fault at every request of a sign-in', () => {
  const apps = new Map<Cell, LocalBackendless>()
  before(async () => {
    for (const cell of CELLS) apps.set(cell, await backendless())
  })
  after(closeAll)

  it('ends as documented: silence, with time left to ask what became of it', () =>
    Promise.all(LONG.flatMap((fault) => [...apps].map(([cell, app]) => check(app, cell, fault)))))

  for (const fault of [...CONNECTIONS, ...ANSWERS, ...ROWS]) {
    it(`ends as documented: ${fault.title}`, () =>
      Promise.all([...apps].map(([cell, app]) => check(app, cell, fault))))
  }
})
