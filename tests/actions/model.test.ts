// Random histories of an application: whatever happens, and in whatever order, our users get in, and rows of others are not
// changed.
import assert from 'node:assert/strict'
import type { LocalBackendless, Row } from '@backendless-login/local-backendless'
import fc from 'fast-check'
import { userPassword } from '../../actions/backendless-login/password.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import type { PasswordSetting } from '../../actions/backendless-login/settings.ts'
import { Application } from '../../operations/passwords/application.ts'
import { Pace } from '../../operations/passwords/pace.ts'
import { openState } from '../../operations/passwords/state.ts'
import { sweep } from '../../operations/passwords/sweep.ts'
import type { StackReading } from '../../operations/stack/reading.ts'
import { runsOf } from '../runs.ts'
import { backendless, closeAll, firstSignIn, signIn } from './sign-in.ts'

const MOST_IN_USE = 3
const STRANGER = { email: 'stranger@example.com', password: 'somebody else knows this' }

type Step =
  | { readonly kind: 'newUser' }
  | { readonly kind: 'signIn'; readonly user: number; readonly atOnce: number }
  | { readonly kind: 'strangersAddress'; readonly first: boolean }
  | { readonly kind: 'rotate'; readonly perUser: boolean }
  | { readonly kind: 'rollBack' }
  | { readonly kind: 'retire' }
  | { readonly kind: 'bulkMove'; readonly signIns: number }
  | { readonly kind: 'refuseChanges'; readonly refused: boolean }
  | { readonly kind: 'loseAnswers'; readonly after: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>({ kind: 'newUser' }),
  fc.record({
    kind: fc.constant('signIn' as const),
    user: fc.nat(9),
    atOnce: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant('strangersAddress' as const), first: fc.boolean() }),
  fc.record({ kind: fc.constant('rotate' as const), perUser: fc.boolean() }),
  fc.constant<Step>({ kind: 'rollBack' }),
  fc.constant<Step>({ kind: 'retire' }),
  fc.record({ kind: fc.constant('bulkMove' as const), signIns: fc.nat(4) }),
  fc.record({ kind: fc.constant('refuseChanges' as const), refused: fc.boolean() }),
  fc.record({ kind: fc.constant('loseAnswers' as const), after: fc.boolean() }),
)

function secretOf({ id }: PasswordSetting): string {
  return `made-up-value-number-${id}`
}

/** The application, with the actions of its operators and users. */
class History {
  readonly #app: LocalBackendless
  readonly #users: string[] = []
  readonly #stranger: Row
  #passwords: PasswordSetting[] = [{ id: '0', perUser: true }]
  #rotations = 0

  constructor(app: LocalBackendless) {
    this.#app = app
    this.#stranger = app.addUser(STRANGER)
  }

  async play(step: Step): Promise<void> {
    const { faults, settings } = this.#app
    switch (step.kind) {
      case 'newUser':
        this.#users.push(`user${this.#users.length}@example.com`)
        return this.letIn(this.#users.at(-1), true)
      case 'signIn': {
        const email = this.#users[step.user % Math.max(this.#users.length, 1)]
        await Promise.all(Array.from({ length: step.atOnce }, () => this.letIn(email)))
        return
      }
      case 'strangersAddress': {
        const login = await this.#signIn(STRANGER.email, step.first)
        assert.deepEqual([login.code, login.claim], ['password_mismatch', undefined])
        return
      }
      case 'rotate':
        if (this.#passwords.length === MOST_IN_USE) return
        this.#rotations += 1
        this.#passwords.unshift({ id: String(this.#rotations), perUser: step.perUser })
        return
      case 'rollBack':
        this.#passwords = [
          ...this.#passwords.slice(1, 2),
          ...this.#passwords.slice(0, 1),
          ...this.#passwords.slice(2),
        ]
        return
      case 'retire':
        if (this.#passwords.length === 1) return
        // As the runbook says, everybody is moved first. That needs changes that are accepted and answered.
        faults.clear()
        settings.passwordChange = true
        await this.#moveAll()
        this.#passwords.pop()
        return
      case 'bulkMove': {
        // At the same time as sign-ins, as `npm run passwords --apply` may run.
        const signIns = this.#users.slice(0, step.signIns).map((email) => this.letIn(email))
        await Promise.all([this.#moveAll(), ...signIns])
        return
      }
      case 'refuseChanges':
        settings.passwordChange = !step.refused
        return
      case 'loseAnswers':
        faults.clear()
        faults.add({ route: 'PUT /users/*', nth: 1, fault: { kind: 'reset', after: step.after } })
        return
      default:
        step satisfies never
    }
  }

  async #moveAll(): Promise<void> {
    const { appId, keys, url } = this.#app
    const [current, ...older] = this.#passwords.map((password) => ({
      ...password,
      value: new Secret(secretOf(password)),
    }))
    assert.ok(current)
    const stack: StackReading = {
      serverUrl: url,
      appId: new Secret(appId),
      apiKey: new Secret(keys.rest),
      identity: 'email',
      identityColumn: 'email',
      ownerColumn: '',
      passwords: [current, ...older],
      retired: [],
      actionId: 'none',
    }
    const stop = await sweep({
      app: new Application(stack, { pace: new Pace(100_000, 16), pausesMs: [1] }),
      stack,
      state: openState('/nonexistent/state.json', stack, { deployed: 'none' }),
      apply: true,
      concurrency: 4,
      activeWithinMs: undefined,
      signal: new AbortController().signal,
      startedAt: Date.now(),
      onStart: () => {},
      onUser: () => {},
      save: () => {},
    })
    assert.equal(stop, undefined)
  }

  /**
   * Asserts that everybody could sign in, without a sign-in. Sign-ins after each step would move all users, and leave nobody on
   * an older password.
   */
  check(): void {
    const appId = new Secret(this.#app.appId)
    for (const email of this.#users) {
      const opens = this.#passwords.some((password) => {
        const value = new Secret(secretOf(password))
        return this.#app.passwordIs(
          email,
          userPassword({ ...password, value }, appId, new Secret(email)).reveal(),
        )
      })
      assert.ok(opens, `${email} is on none of ${this.#passwords.map(({ id }) => id).join(', ')}`)
    }
    assert.ok(this.#app.passwordIs(STRANGER.email, STRANGER.password))
    assert.deepEqual(this.#app.user(STRANGER.email), this.#stranger)
    assert.deepEqual(this.#app.sessionsOf(STRANGER.email), [])
  }

  async everybodyGetsIn(): Promise<void> {
    for (const email of this.#users) await this.letIn(email)
    this.check()
  }

  async letIn(email: string | undefined, first = false): Promise<void> {
    if (email === undefined) return
    const { claim, lines } = await this.#signIn(email, first)
    assert.equal(this.#app.ownerOf(String(claim))?.email, email, lines[0])
  }

  #signIn(email: string, first: boolean) {
    const secrets = Object.fromEntries(
      this.#passwords.map((password) => [`PASSWORD_${password.id}`, secretOf(password)]),
    )
    const event = first ? firstSignIn({ email }) : { user: { email } }
    return signIn({ app: this.#app, settings: { passwords: this.#passwords }, event, secrets })
  }
}

describe('any history', function () {
  const numRuns = runsOf({ few: 20, all: 1_000 })
  this.timeout(20_000 + numRuns * 2_000)
  afterEach(closeAll)

  for (const [mode, settings] of [
    ['many sessions', { maxConcurrentLogins: 10_000 }],
    [
      'a password change that ends sessions',
      { maxConcurrentLogins: 10_000, passwordChangeKillsTokens: true },
    ],
  ] as const) {
    it(`lets everybody in who belongs to us, and touches nobody else’s row, with ${mode}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
          const app = await backendless(settings)
          try {
            const history = new History(app)
            for (const one of steps) {
              await history.play(one)
              history.check()
            }
            await history.everybodyGetsIn()
          } finally {
            await app.close()
          }
        }),
        { numRuns },
      )
    })
  }
})
