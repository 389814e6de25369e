// Every code that Backendless is known to answer, at the login of a known user.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { REFUSAL_CODES, type Refusal, refusalOf } from '../../../actions/backendless-login/refusals.ts'
import { backendless, closeAll, signIn } from '../sign-in.ts'

const OUTCOME: Readonly<Record<Refusal, string>> = {
  exists: 'password_mismatch',
  bad_credentials: 'password_mismatch',
  locked: 'account_locked',
  disabled: 'account_disabled',
  email_unconfirmed: 'account_unconfirmed',
  session_limit: 'session_limit',
  token_dead: 'refused',
  misconfigured: 'misconfigured',
  busy: 'busy',
  down: 'unavailable',
  refused: 'refused',
}

/** The documentation's list, its end-to-end specs and the support forum. */
const KNOWN = `
  999 1002 1005 1011 1012 1013 1014 1015 1017 1025 1036 1134 1136 1155 1166 2002 2005 2007 2008 2009
  2011 2014 3000 3001 3002 3003 3004 3005 3006 3007 3008 3009 3010 3011 3012 3013 3014 3015 3016 3017
  3018 3019 3020 3021 3022 3023 3024 3025 3026 3027 3028 3029 3030 3031 3032 3033 3034 3036 3038 3039
  3040 3041 3043 3044 3045 3047 3048 3049 3050 3051 3052 3053 3054 3055 3057 3058 3059 3063 3064 3070
  3072 3074 3075 3076 3077 3078 3081 3082 3083 3084 3085 3086 3087 3088 3089 3090 3091 3092 3094 3095
  3096 3097 3098 3101 3102 3103 3104 3121 3122 5050 8001 8002 8004 8007 8010 9000 9070 11009 11033
  19000
`

describe('codes of Backendless', () => {
  afterEach(closeAll)

  it('stand in one class each, and none is forgotten', () => {
    const codes = REFUSAL_CODES.flatMap(([, list]) => list)
    assert.deepEqual(
      codes.toSorted((a, b) => a - b),
      KNOWN.trim().split(/\s+/).map(Number),
    )
  })

  it('decide before the HTTP status does', () => {
    assert.equal(refusalOf(500, 3003), 'bad_credentials')
    assert.equal(refusalOf(429, 3036), 'locked')
    assert.equal(refusalOf(503, undefined), 'down')
  })

  it('end in the outcome of their class', async () => {
    const app = await backendless()
    for (const [refusal, codes] of REFUSAL_CODES) {
      if (refusal === 'bad_credentials') continue
      for (const code of codes) {
        app.faults.clear()
        app.faults.add({ route: 'POST /users/login', fault: { kind: 'code', code } })
        const login = await signIn({ app })
        assert.deepEqual([code, login.code, login.requests.length], [code, OUTCOME[refusal], 1])
        assert.match(login.lines[0] ?? '', new RegExp(` backendless=${code}$`))
      }
    }
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
