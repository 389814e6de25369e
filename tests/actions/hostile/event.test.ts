// Whatever the event contains, there is an outcome, and a token only for the address or id of the event.
import assert from 'node:assert/strict'
import { loginEvent } from '@backendless-login/local-auth0'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import fc from 'fast-check'
import { CircuitBreaker } from '../../../actions/backendless-login/circuit.ts'
import type { Settings } from '../../../actions/backendless-login/settings.ts'
import { ADA, backendless, closeAll, passwordOf, secretsOf, settingsFor } from '../sign-in.ts'
import { checkExecution, execute } from './execution.ts'
import { DECEPTIVE, readSafely, strangeEvent } from './strange.ts'

const CLIENT = 'sBnPzPZ3HrgCvHGFGgKxbRkWxs1kIBoT'
const OLDER = 'MadeUpOlderPasswordOfEverybody0123456789'

/** The most requests, with one older password in use: 3 + 1, or 4 + 1 if it fits. */
const MOST_REQUESTS = 5

const settings: fc.Arbitrary<Partial<Settings>> = fc.record({
  clients: fc.constantFrom(['*'], [CLIENT]),
  connections: fc.constantFrom([], [], ['Username-Password-Authentication'], ['partner']),
  trustedConnections: fc.constantFrom([], ['google-oauth2', 'partner']),
  unverified: fc.constantFrom('deny', 'skip'),
  onFailure: fc.constantFrom('deny', 'skip'),
  skipRefresh: fc.boolean(),
  profile: fc.constantFrom({}, { name: 'name', note: '__proto__', more: 'constructor' }),
})

const secretsFor = (app: LocalBackendless) => secretsOf(app, { PASSWORD_0: OLDER })

/** Returns the identity that a row must have so that its token is used. Computed here, not by the code under test. */
function ownIdentity(kind: Settings['identity'], event: unknown): string | undefined {
  const user = readSafely(event, 'user')
  const value = readSafely(user, kind)
  if (typeof value !== 'string') return undefined
  if (kind === 'user_id') return value
  return readSafely(user, 'email_verified') === true
    ? value.normalize('NFC').toLowerCase().normalize('NFC')
    : undefined
}

/** Returns ASCII text for a title. */
function ascii(text: string): string {
  return encodeURI(text.toWellFormed()).slice(0, 60)
}

describe('an event of any shape', function () {
  this.timeout(60_000)
  afterEach(closeAll)

  for (const [identity, identityColumn, perUser] of [
    ['email', 'email', true],
    ['email', 'email', false],
    ['user_id', 'auth0Id', true],
    ['user_id', 'auth0Id', false],
  ] as const) {
    const title = `another ${identity} than its own, with ${perUser ? 'derived passwords' : 'a shared password'}`
    it(`never crashes, and never gives a token for ${title}`, async () => {
      const passwords = [
        { id: '1', perUser },
        { id: '0', perUser: false },
      ]
      const app = await backendless({ identityColumn, maxConcurrentLogins: 100_000, compare: 'loose' })
      app.addUser({ [identityColumn]: ADA, password: OLDER })
      app.addUser({ [identityColumn]: 'constructor', password: OLDER })
      let tokens = 0
      await fc.assert(
        fc.asyncProperty(settings, strangeEvent(secretsFor(app)), async (changes, event) => {
          const chosen = { ...changes, identity, identityColumn, passwords }
          const before = app.requests.length
          const instance = { settings: settingsFor(app, chosen), circuit: new CircuitBreaker() }
          const execution = await execute(instance, event)
          const { outcome } = checkExecution(execution)
          assert.ok(app.requests.length - before <= MOST_REQUESTS)
          for (const [name, token] of outcome === 'token' ? execution.claims : []) {
            tokens += 1
            assert.equal(name, instance.settings.claim)
            assert.equal(app.ownerOf(String(token))?.[identityColumn], ownIdentity(identity, event))
            const client = readSafely(readSafely(event, 'client'), 'client_id')
            assert.ok(instance.settings.clients.includes('*') || client === CLIENT)
          }
        }),
        { numRuns: 300 },
      )
      // Events too strange for a token prove nothing.
      assert.ok(tokens > 10, `${tokens} tokens`)
    })
  }

  for (const address of DECEPTIVE) {
    it(`uses ${ascii(address)} only as an identity`, async () => {
      for (const [identity, identityColumn] of [
        ['email', 'email'],
        ['user_id', 'auth0Id'],
      ] as const) {
        const app = await backendless({ identityColumn })
        const victim = app.addUser({ [identityColumn]: ADA, password: passwordOf(app, ADA) })
        const instance = {
          settings: settingsFor(app, { identity, identityColumn }),
          circuit: new CircuitBreaker(),
        }
        const user = { email: address, user_id: address }
        const event = { ...loginEvent({ user }), secrets: secretsFor(app) }
        const execution = await execute(instance, event)
        const { outcome } = checkExecution(execution)
        const owner = app.ownerOf(String(execution.claims[0]?.[1]))
        if (outcome === 'token') {
          assert.equal(owner?.[identityColumn], identity === 'email' ? address.toLowerCase() : address)
        }
        assert.notEqual(owner?.objectId ?? '', victim.objectId)
        assert.deepEqual(app.sessionsOf(ADA), [])
        for (const { path } of app.requests) assert.match(path, /^\/users\/(login|register)$/)
      }
    })
  }
})
