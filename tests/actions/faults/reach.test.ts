// Backendless cannot be reached at a request of a sign-in, because of its name, its port or its certificate.
import assert from 'node:assert/strict'
import tls from 'node:tls'
import { type Certificate, makeCertificate } from '@backendless-login/local-auth0'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { backendless, closeAll, signIn } from '../sign-in.ts'
import { atEveryRequest, checkFaultAt, newAddress, REQUESTS, type RequestPosition } from './fault-case.ts'
import { type ConnectionFault, startFaultyProxy } from './faulty-proxy.ts'
import { hostName, type Resolution, useTestNames } from './host-names.ts'
import type { Effect } from './sign-in-paths.ts'

const BUDGET_MS = 8000
/** In milliseconds: enough for the earlier requests, even on a busy machine. */
const SHORT_BUDGET_MS = 700

type Expected = readonly [effect: Effect, code: string, budgetMs?: number]

const UNREACHABLE: Expected = ['unsentTwice', 'unavailable']
const SILENT: Expected = ['spent', 'timeout', SHORT_BUDGET_MS]

describe('an unreachable Backendless at every request of a sign-in', () => {
  const plain = new Map<RequestPosition, LocalBackendless>()
  const secure = new Map<RequestPosition, LocalBackendless>()
  const certificates: Certificate[] = []
  const authorities = tls.getCACertificates('default')
  let stranger: LocalBackendless

  useTestNames()
  before(async () => {
    certificates.push(await makeCertificate(), await makeCertificate())
    const [trusted, other] = certificates.map(({ certificate, privateKey }) => ({
      cert: certificate,
      key: privateKey,
    }))
    assert.ok(trusted && other)
    tls.setDefaultCACertificates([...authorities, trusted.cert])
    stranger = await backendless({ tls: other })
    for (const position of REQUESTS) {
      plain.set(position, await backendless())
      secure.set(position, await backendless({ tls: trusted }))
    }
    for (const app of [...plain.values(), ...secure.values()]) {
      // One connection for each request.
      app.faults.add({ route: '*', fault: { kind: 'rewrite', headers: { connection: 'close' } } })
    }
  })
  after(async () => {
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
  for (const [title, resolution, [effect, code, budgetMs = BUDGET_MS]] of RESOLUTIONS) {
    it(`ends as documented: a name that ${title}`, () =>
      atEveryRequest(plain, (position, app) => {
        const name = hostName((nth) => (nth < position.at ? 0 : resolution(nth - position.at)))
        const serverUrl = `http://${name}:${new URL(app.url).port}`
        return checkFaultAt(app, position, newAddress(), effect, code, { budgetMs, serverUrl })
      }))
  }

  const through = () => ({ kind: 'through', port: Number(new URL(stranger.url).port) }) as const
  const CONNECTION_FAULTS: readonly [
    string,
    Map<RequestPosition, LocalBackendless>,
    () => ConnectionFault,
    Expected,
  ][] = [
    ['nobody listens any more', plain, () => ({ kind: 'close' }), UNREACHABLE],
    ['nobody listens any more, with TLS', secure, () => ({ kind: 'close' }), UNREACHABLE],
    ['a connection opens and stays silent', plain, () => ({ kind: 'ignore' }), SILENT],
    ['a TLS handshake stays silent', secure, () => ({ kind: 'ignore' }), SILENT],
    ['a TLS handshake is cut', secure, () => ({ kind: 'cutHandshake' }), ['lost', 'unavailable']],
    ['a certificate is another’s', secure, through, ['unsent', 'unavailable']],
    ['no TLS is spoken', secure, () => ({ kind: 'plainText' }), ['unsent', 'unavailable']],
  ]
  for (const [title, apps, behaviour, [effect, code, budgetMs = BUDGET_MS]] of CONNECTION_FAULTS) {
    it(`ends as documented: ${title}`, () =>
      atEveryRequest(apps, async (position, app) => {
        const url = new URL(app.url)
        const proxy = await startFaultyProxy(Number(url.port), position.at, behaviour())
        const serverUrl = `${url.protocol}//127.0.0.1:${proxy.port}`
        try {
          await checkFaultAt(app, position, newAddress(), effect, code, { budgetMs, serverUrl })
        } finally {
          proxy.close()
        }
      }))
  }

  it('sends nothing to a server whose certificate is another’s', () => {
    assert.deepEqual(stranger.requests, [])
  })

  it('uses the machine’s own resolver', async () => {
    const [app] = plain.values()
    assert.ok(app)
    const { code, lines } = await signIn({ app, settings: { serverUrl: 'https://backendless.invalid' } })
    assert.equal(code, 'unavailable')
    assert.match(lines[0] ?? '', / requests=2 .* retried=login/)
  })
})
