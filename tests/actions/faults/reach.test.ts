// Backendless cannot be reached at a request of a sign-in: its name, its port, its certificate.
import assert from 'node:assert/strict'
import tls from 'node:tls'
import { type Certificate, makeCertificate } from '@backendless-login/local-auth0'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { backendless, closeAll, signIn } from '../sign-in.ts'
import { CELLS, type Cell, newAddress, run } from './cell.ts'
import { type AtTheDoor, openDoor } from './door.ts'
import { answerNames, nameOf, type Resolution } from './names.ts'
import type { Sort } from './paths.ts'

const BUDGET_MS = 8000
/** Enough for the requests before, on a busy machine. */
const SHORT_BUDGET_MS = 700

type Expected = readonly [sort: Sort, code: string, budgetMs?: number]

const UNREACHABLE: Expected = ['unsentTwice', 'unavailable']
const SILENT: Expected = ['spent', 'timeout', SHORT_BUDGET_MS]

describe('an unreachable Backendless at every request of a sign-in', () => {
  const plain = new Map<Cell, LocalBackendless>()
  const secure = new Map<Cell, LocalBackendless>()
  const certificates: Certificate[] = []
  const authorities = tls.getCACertificates('default')
  let stopNames = () => {}
  let stranger: LocalBackendless

  before(async () => {
    stopNames = answerNames()
    certificates.push(await makeCertificate(), await makeCertificate())
    const [trusted, other] = certificates.map(({ certificate, privateKey }) => ({
      cert: certificate,
      key: privateKey,
    }))
    assert.ok(trusted && other)
    tls.setDefaultCACertificates([...authorities, trusted.cert])
    stranger = await backendless({ tls: other })
    for (const cell of CELLS) {
      plain.set(cell, await backendless())
      secure.set(cell, await backendless({ tls: trusted }))
    }
    for (const app of [...plain.values(), ...secure.values()]) {
      // One connection for each request.
      app.faults.add({ route: '*', fault: { kind: 'rewrite', headers: { connection: 'close' } } })
    }
  })
  after(async () => {
    stopNames()
    tls.setDefaultCACertificates(authorities)
    await Promise.all([closeAll(), ...certificates.map(({ remove }) => remove())])
  })

  const RESOLUTIONS: readonly [string, (late: number) => Resolution, Expected][] = [
    ['has no address for a moment', (nth) => (nth === 0 ? 'ENOTFOUND' : 0), ['repeated', 'none']],
    ['cannot be looked up for a moment', (nth) => (nth === 0 ? 'EAI_AGAIN' : 0), ['repeated', 'none']],
    ['has no address', () => 'ENOTFOUND', UNREACHABLE],
    ['cannot be looked up', () => 'EAI_AGAIN', UNREACHABLE],
    ['is looked up slowly', (nth) => (nth === 0 ? 150 : 0), ['harmless', 'none']],
    ['is looked up for longer than the budget', () => 1500, SILENT],
  ]
  for (const [title, resolution, [sort, code, budgetMs = BUDGET_MS]] of RESOLUTIONS) {
    it(`ends as documented: a name that ${title}`, () =>
      Promise.all(
        [...plain].map(([cell, app]) => {
          const name = nameOf((nth) => (nth < cell.at ? 0 : resolution(nth - cell.at)))
          const serverUrl = `http://${name}:${new URL(app.url).port}`
          return run(app, cell, newAddress(), sort, code, { budgetMs, serverUrl })
        }),
      ))
  }

  const through = () => ({ kind: 'through', port: Number(new URL(stranger.url).port) }) as const
  const DOORS: readonly [string, Map<Cell, LocalBackendless>, () => AtTheDoor, Expected][] = [
    ['nobody listens any more', plain, () => ({ kind: 'close' }), UNREACHABLE],
    ['nobody listens any more, with TLS', secure, () => ({ kind: 'close' }), UNREACHABLE],
    ['a connection opens and stays silent', plain, () => ({ kind: 'ignore' }), SILENT],
    ['a TLS handshake stays silent', secure, () => ({ kind: 'ignore' }), SILENT],
    ['a TLS handshake is cut', secure, () => ({ kind: 'cutHandshake' }), ['lost', 'unavailable']],
    ['a certificate is another’s', secure, through, ['unsent', 'unavailable']],
    ['no TLS is spoken', secure, () => ({ kind: 'plainText' }), ['unsent', 'unavailable']],
  ]
  for (const [title, apps, behaviour, [sort, code, budgetMs = BUDGET_MS]] of DOORS) {
    it(`ends as documented: ${title}`, () =>
      Promise.all(
        [...apps].map(async ([cell, app]) => {
          const url = new URL(app.url)
          const door = await openDoor(Number(url.port), cell.at, behaviour())
          const serverUrl = `${url.protocol}//127.0.0.1:${door.port}`
          try {
            await run(app, cell, newAddress(), sort, code, { budgetMs, serverUrl })
          } finally {
            door.close()
          }
        }),
      ))
  }

  it('sends nothing to a server whose certificate is another’s', () => {
    assert.deepEqual(stranger.requests, [])
  })

  it('asks the machine’s own resolver', async () => {
    const [app] = plain.values()
    assert.ok(app)
    const { code, lines } = await signIn({ app, settings: { serverUrl: 'https://backendless.invalid' } })
    assert.equal(code, 'unavailable')
    assert.match(lines[0] ?? '', / requests=2 .* retried=login/)
  })
})
