// Every known code of Backendless.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { errorAnswer, FAILURES, REFUSALS } from '../../../actions/backendless-login/answers.ts'
import { ADA, backendless, closeAll, firstSignIn, LOGIN, REGISTER, signIn } from '../sign-in.ts'
import { always, MARKER, type MatrixFault } from './fault.ts'
import { checkFault, REQUESTS, type RequestPosition } from './fault-case.ts'
import type { Effect } from './sign-in-paths.ts'

/** The codes of the documentation's list, the end-to-end specs and the support forum, with their meaning for a sign-in. */
const KNOWN: readonly (readonly [code: string, effect: Effect, numbers: string])[] = [
  ['password_mismatch', 'exists', '1155 1166 3018 3033'],
  ['password_mismatch', 'badCredentials', '3003'],
  ['password_mismatch', 'refused', '3072'],
  ['account_locked', 'refused', '3036'],
  ['account_disabled', 'refused', '3000 3090'],
  ['account_unconfirmed', 'refused', '3082 3087'],
  ['session_limit', 'refused', '3002 3044'],
  ['refused', 'deadToken', '3023 3048 3064 3091'],
  [
    'misconfigured',
    'refused',
    '2002 2009 2014 3001 3008 3009 3010 3012 3013 3034 3040 3041 3070 3074 3078 9000',
  ],
  ['busy', 'refused', '999 9070 11009 11033'],
  ['refused', 'refused', '3022 123456'],
]

/** A code that Backendless documents and our table does not list, and an unknown one. */
const UNLISTED = [3022, 123_456]

const numbersOf = (numbers: string) => numbers.trim().split(/\s+/).map(Number)

/** One request of each kind. */
const SAMPLE = REQUESTS.filter(
  ({ path, at }) => path === 'known' || (path === 'brandNew' && at === 0) || (path === 'moved' && at === 2),
)

describe('codes of Backendless', () => {
  afterEach(closeAll)

  it('are in exactly one row each', () => {
    const codes = Object.values(REFUSALS).flatMap((row): readonly number[] => row.codes)
    const known = KNOWN.flatMap(([, , numbers]) => numbersOf(numbers))
    assert.deepEqual(
      codes.toSorted((a, b) => a - b),
      known.filter((code) => !UNLISTED.includes(code)).toSorted((a, b) => a - b),
    )
  })

  it('decide before the HTTP status does', () => {
    assert.deepEqual(errorAnswer(500, 3003), { kind: 'refusal', refusal: 'bad_credentials', code: 3003 })
    assert.deepEqual(errorAnswer(429, 3036), { kind: 'refusal', refusal: 'locked', code: 3036 })
    assert.deepEqual(errorAnswer(503, undefined), { kind: 'failure', failure: 'gateway' })
  })

  for (const [outcome, effect, numbers] of KNOWN) {
    const [first = 0, ...others] = numbersOf(numbers)
    const fault = (code: number): MatrixFault => ({
      title: `${code}`,
      fault: { kind: 'code', code, message: MARKER },
      means: always(effect, outcome),
    })
    const at = (positions: readonly RequestPosition[], codes: readonly number[]) =>
      Promise.all(
        positions.map(async (position) => {
          const app = await backendless()
          for (const code of codes) await checkFault(app, position, fault(code))
        }),
      )

    it(`end as documented at every request of every path: ${first}`, () => at(REQUESTS, [first]))
    if (others.length > 0) {
      it(`end as documented at a login, a registration and a change: ${others.length} like ${first}`, () =>
        at(SAMPLE, others))
    }
  }

  it('are written to the log', async () => {
    const app = await backendless()
    app.faults.add({ route: '*', fault: { kind: 'code', code: 3022 } })
    assert.match((await signIn({ app })).lines[0] ?? '', / backendless=3022$/)
  })

  it('end with password_mismatch for a user of a social login, who has no password (3072)', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, password: 'none', socialAccount: 'GOOGLE' })
    for (const [event, requests] of [
      [{}, [LOGIN]],
      [firstSignIn(), [REGISTER, LOGIN]],
    ] as const) {
      const login = await signIn({ app, event })
      assert.deepEqual([login.code, login.claim, login.requests], ['password_mismatch', undefined, requests])
    }
  })

  it('lock a user out at once', async () => {
    const app = await backendless({ failedLoginsLock: 1 })
    app.addUser({ email: ADA, password: 'somebody else knows this' })
    const login = await signIn({ app })
    assert.equal(login.code, 'account_locked')
    assert.equal((await signIn({ app })).requests.length, 1)
  })
})

describe('docs/outcomes.md', () => {
  const page = readFileSync(new URL('../../../docs/outcomes.md', import.meta.url), 'utf8')

  it('has a row for each outcome code, and no other', async () => {
    const { GATE_SKIP_CODES, SENTENCES, TOKEN_CODES } = await import(
      '../../../actions/backendless-login/outcomes.ts'
    )
    const rows = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code)
    assert.deepEqual(
      rows.toSorted(),
      [...TOKEN_CODES, ...GATE_SKIP_CODES, ...Object.keys(SENTENCES)].toSorted(),
    )
  })

  it('quotes what the user reads', async () => {
    const { SENTENCES } = await import('../../../actions/backendless-login/outcomes.ts')
    for (const [code, sentence] of Object.entries(SENTENCES)) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${code}\` |`))
      assert.ok(row?.includes(sentence), `${code}: ${sentence}`)
    }
  })

  it('has the table of answers', () => {
    const section = page.slice(page.indexOf('## What Backendless answers'))
    const documented = [...section.matchAll(/^\| ([a-z ]+) \| (.+) \|$/gm)].map(
      ([, name = '', cells = '']) => [name.replaceAll(' ', '_'), ...cells.replaceAll('`', '').split(' | ')],
    )
    const headings = ['refusal', 'failure']
    const refusals = Object.entries(REFUSALS).map(([name, { outcome, processed, health, codes }]) => {
      return [name, outcome, processed, health, codes.join(', ') || 'any other']
    })
    const failures = Object.entries(FAILURES).map(([name, { outcome, processed, health }]) => {
      return [name, outcome, processed, health]
    })
    assert.deepEqual(documented.filter(([name = '']) => !headings.includes(name)).map(withoutDescription), [
      ...refusals,
      ...failures,
    ])
  })
})

/** The row of a failure also says when it happens. */
function withoutDescription(cells: string[]): string[] {
  const [name = ''] = cells
  return name in FAILURES ? cells.toSpliced(1, 1) : cells
}
