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

describe('codes of Backendless', () => {
  afterEach(closeAll)

  it('stand in one class each', () => {
    const codes = REFUSAL_CODES.flatMap(([, list]) => list)
    assert.equal(new Set(codes).size, codes.length)
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
    const { GATE_SKIP_CODES, SENTENCES } = await import('../../../actions/backendless-login/outcomes.ts')
    const rows = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code)
    assert.deepEqual(rows.toSorted(), ['ok', ...GATE_SKIP_CODES, ...Object.keys(SENTENCES)].toSorted())
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
