// Many users whose identities differ in what a database may ignore: each gets their own row, or none.
import assert from 'node:assert/strict'
import type { Compare, LocalBackendless } from '@backendless-login/local-backendless'
import fc from 'fast-check'
import { canonical, identityOf } from '../../../actions/backendless-login/identity.ts'
import { backendless, closeAll, firstSignIn, signIn } from '../sign-in.ts'

const BASES = ['ada@example.com', 'josé.strauß@example.com', 'kim.ΣΑΣ@example.com', 'auth0|5f7c8ec7c33c6c00']

/** Variants of an address: to look like somebody else, or as a mail program, a phone or a form changes it. */
const DISGUISES: readonly ((text: string, at: number) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
  (text, at) => text.slice(0, at) + text.slice(at).toUpperCase(),
  (text) => text.normalize('NFD'),
  (text) => text.normalize('NFC'),
  (text) => text.normalize('NFKD').replace(/\p{M}/gu, ''),
  (text) => ` ${text}`,
  (text) => `${text} `,
  (text) => `${text}\u00a0`,
  ...[
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u00ad',
    '\u202e',
    '\u0301',
    '\u0307',
    '\u0000',
    '\ud800',
    '\u{1f600}',
    '\u{1f4a9}',
  ].map((character) => (text: string, at: number) => text.slice(0, at) + character + text.slice(at)),
  ...[
    ['a', 'á'],
    ['a', '\u0430'],
    ['e', 'é'],
    ['k', '\u212a'],
    ['i', 'İ'],
    ['i', 'ı'],
    ['ß', 'ss'],
    ['σ', 'ς'],
    ['c', 'ｃ'],
  ].map(
    ([from = '', to = '']) =>
      (text: string) =>
        text.replace(from, to),
  ),
]

const identity: fc.Arbitrary<string> = fc
  .record({
    base: fc.constantFrom(...BASES),
    disguises: fc.array(fc.constantFrom(...DISGUISES), { minLength: 1, maxLength: 3 }),
    at: fc.nat(12),
  })
  .map(({ base, disguises, at }) => disguises.reduce((text, disguise) => disguise(text, at), base))

/** One user, or two at the same time. */
const visitors = fc.record({
  identities: fc.array(identity, { minLength: 1, maxLength: 2 }),
  first: fc.boolean(),
})

/** Returns who got which row. Two spellings are one person only if an address differs in case or composition. */
class Register {
  readonly #app: LocalBackendless
  readonly #kind: 'email' | 'user_id'
  readonly #holders = new Map<string, string>()
  readonly #rows = new Map<string, string>()

  constructor(app: LocalBackendless, kind: 'email' | 'user_id') {
    this.#app = app
    this.#kind = kind
  }

  /** The number of people who got a token. */
  get people(): number {
    return this.#rows.size
  }

  note(identity: string, claim: unknown): void {
    if (claim === undefined) return
    const person =
      this.#kind === 'email' ? identity.normalize('NFC').toLowerCase().normalize('NFC') : identity
    const row = this.#app.ownerOf(String(claim))
    assert.ok(row)
    assert.equal(row[this.#app.settings.identityColumn], person)
    assert.equal(this.#holders.get(row.objectId) ?? person, person)
    assert.equal(this.#rows.get(person) ?? row.objectId, row.objectId)
    this.#holders.set(row.objectId, person)
    this.#rows.set(person, row.objectId)
  }
}

describe('users whose identities look alike', function () {
  this.timeout(60_000)
  afterEach(closeAll)

  for (const kind of ['email', 'user_id'] as const) {
    for (const compare of ['exact', 'ignoreCase', 'loose'] satisfies Compare[]) {
      for (const perUser of [true, false]) {
        const title = `a Backendless that compares ${kind} ${compare}, and ${perUser ? 'derived passwords' : 'a shared password'}`
        it(`never get each other’s token, with ${title}`, async () => {
          const identityColumn = kind === 'email' ? 'email' : 'auth0Id'
          // One application for all runs, so that later users meet the rows of earlier ones.
          const app = await backendless({ compare, identityColumn, maxConcurrentLogins: 10_000 })
          const settings = { identity: kind, identityColumn, passwords: [{ id: '1', perUser }] }
          const register = new Register(app, kind)
          const visit = async (who: string, first: boolean) => {
            const user = { email: who, user_id: who }
            const { claim, code } = await signIn({
              app,
              settings,
              event: first ? firstSignIn(user) : { user },
            })
            register.note(who, claim)
            if (kind === 'user_id' && compare === 'exact' && code !== 'user_id_missing')
              assert.ok(claim, code)
          }
          await fc.assert(
            fc.asyncProperty(fc.array(visitors, { minLength: 1, maxLength: 6 }), async (all) => {
              for (const { identities, first } of all) {
                await Promise.all(identities.map((who) => visit(who, first)))
              }
            }),
            { numRuns: 20 },
          )
          assert.ok(register.people > 2, `${register.people} people`)
        })
      }
    }
  }

  it('share no address that is plain ASCII with one that is not', () => {
    const shared: string[] = []
    for (let point = 0x80; point <= 0x10ffff; point += 1) {
      const [character, name] = [String.fromCodePoint(point), point.toString(16)]
      const found = identityOf('email', { email: `${character}@example.com` })?.reveal()
      if (found && /^[\0-\x7f]*$/.test(found)) shared.push(name)
    }
    assert.deepEqual(shared, [])
  })

  it('keep the canonical form of their address', () => {
    fc.assert(
      fc.property(identity, (text) => {
        const once = canonical('email', text)
        assert.equal(canonical('email', once), once)
      }),
    )
  })

  it('are refused, not confused, where Backendless finds another’s row under their address', async () => {
    for (const email of ['ada@exámple.com', 'ada\u200b@example.com', 'ADA@example.com ']) {
      const app = await backendless({ compare: 'loose' })
      app.addUser({ email: 'ada@example.com', password: 'one for everybody' })
      const settings = { passwords: [{ id: '1', perUser: false }] }
      const secrets = { PASSWORD_1: 'one for everybody' }
      const login = await signIn({ app, settings, secrets, event: { user: { email } } })
      assert.deepEqual([login.code, login.claim], ['identity_mismatch', undefined])
    }
  })
})
