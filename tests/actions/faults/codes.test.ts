// Every code that Backendless is known to answer.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { REFUSAL_CODES, refusalOf } from '../../../actions/backendless-login/refusals.ts'
import { backendless, closeAll, signIn } from '../sign-in.ts'
import { CELLS, type Cell, check } from './cell.ts'
import { always, MARKER, type MatrixFault } from './fault.ts'
import type { Sort } from './paths.ts'

/** The documentation's list, its end-to-end specs and the support forum: what each means for a sign-in. */
const KNOWN: readonly (readonly [code: string, sort: Sort, numbers: string])[] = [
  ['password_mismatch', 'exists', '1155 1166 3018 3033'],
  ['password_mismatch', 'badCredentials', '3003'],
  ['account_locked', 'refused', '3036'],
  ['account_disabled', 'refused', '3000 3090'],
  ['account_unconfirmed', 'refused', '3082 3087'],
  ['session_limit', 'refused', '3002 3044'],
  ['refused', 'deadToken', '3023 3048 3064 3091'],
  [
    'misconfigured',
    'refused',
    '2002 2009 2014 3001 3008 3009 3010 3012 3013 3034 3040 3041 3070 3072 3074 3078 9000',
  ],
  ['busy', 'refused', '999 9070 11009 11033'],
  [
    'refused',
    'refused',
    `1002 1005 1011 1012 1013 1014 1015 1017 1025 1036 1134 1136 2005 2007 2008 2011 3004 3005 3006 3007
    3011 3014 3015 3016 3017 3019 3020 3021 3022 3024 3025 3026 3027 3028 3029 3030 3031 3032 3038 3039
    3043 3045 3047 3049 3050 3051 3052 3053 3054 3055 3057 3058 3059 3063 3075 3076 3077 3081 3083 3084
    3085 3086 3088 3089 3092 3094 3095 3096 3097 3098 3101 3102 3103 3104 3121 3122 5050 8001 8002 8004
    8007 8010 19000`,
  ],
]

const numbersOf = (numbers: string) => numbers.trim().split(/\s+/).map(Number)

/** One request of each kind. */
const SAMPLE = CELLS.filter(
  ({ path, at }) => path === 'known' || (path === 'brandNew' && at === 0) || (path === 'moved' && at === 2),
)

describe('codes of Backendless', () => {
  afterEach(closeAll)

  it('stand in one class each, and none is forgotten', () => {
    const codes = REFUSAL_CODES.flatMap(([, list]) => list)
    assert.deepEqual(
      codes.toSorted((a, b) => a - b),
      KNOWN.flatMap(([, , numbers]) => numbersOf(numbers)).toSorted((a, b) => a - b),
    )
  })

  it('decide before the HTTP status does', () => {
    assert.equal(refusalOf(500, 3003), 'bad_credentials')
    assert.equal(refusalOf(429, 3036), 'locked')
    assert.equal(refusalOf(503, undefined), 'down')
  })

  for (const [outcome, sort, numbers] of KNOWN) {
    const [first = 0, ...others] = numbersOf(numbers)
    const fault = (code: number): MatrixFault => ({
      title: `${code}`,
      fault: { kind: 'code', code, message: MARKER },
      means: always(sort, outcome),
    })
    const at = (cells: readonly Cell[], codes: readonly number[]) =>
      Promise.all(
        cells.map(async (cell) => {
          const app = await backendless()
          for (const code of codes) await check(app, cell, fault(code))
        }),
      )

    it(`end as documented at every request of every path: ${first}`, () => at(CELLS, [first]))
    if (others.length > 0) {
      it(`end as documented at a login, a registration and a change: ${others.length} like ${first}`, () =>
        at(SAMPLE, others))
    }
  }

  it('stand in the log', async () => {
    const app = await backendless()
    app.faults.add({ route: '*', fault: { kind: 'code', code: 3022 } })
    assert.match((await signIn({ app })).lines[0] ?? '', / backendless=3022$/)
  })

  it('lock a user out at once', async () => {
    const app = await backendless({ failedLoginsLock: 1 })
    app.addUser({ email: 'ada@example.com', password: 'somebody else knows this' })
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

  it('names the codes of each class', () => {
    for (const [refusal, codes] of REFUSAL_CODES) {
      const row = page.split('\n').find((line) => line.startsWith(`| ${refusal.replaceAll('_', ' ')} |`))
      assert.deepEqual([refusal, row?.match(/\d{3,5}/g)?.map(Number)], [refusal, [...codes]])
    }
  })
})
