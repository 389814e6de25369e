// The counts from the log equal what the Action did.
import assert from 'node:assert/strict'
import { firstSignIn, REFRESH } from '../../actions/sign-in.ts'
import { runsOf } from '../../runs.ts'
import { useOutcomes } from './fixture.ts'

const SIGN_INS = runsOf({ few: 1_000, all: 10_000 })
const AT_ONCE = 40

describe('npm run outcomes, after many mixed sign-ins', () => {
  const fixture = useOutcomes({ unverified: 'deny' })

  it('counts each code and each kind exactly as the Action did', async function () {
    this.timeout(180_000)
    const { action, run, signIn } = fixture()
    for (let index = 0; index < 20; index += 1) {
      action.app.addUser({ email: `taken${index}@example.com`, password: 'somebody else knows this' })
    }
    const expected: Record<string, number> = {}
    const note = (name: string) => {
      expected[name] = (expected[name] ?? 0) + 1
    }
    const one = async (index: number) => {
      const kind = index % 10
      const person = { email: `user${index % 200}@example.com`, user_id: `auth0|${index % 200}` }
      const event =
        kind === 7
          ? { user: { email: 'dora@example.com', user_id: `auth0|dora${index % 50}`, email_verified: false } }
          : kind === 8
            ? { user: { email: `taken${index % 20}@example.com`, user_id: `auth0|taken${index % 20}` } }
            : kind === 9
              ? { ...REFRESH, user: { ...person, email_verified: false } }
              : index < 200
                ? firstSignIn(person)
                : { user: person }
      const client = kind === 5 ? 'AnotherApplication' : undefined
      const { outcome, reason = '' } = await signIn(event, client)
      if (kind === 5) return
      note('all')
      if (outcome === 'denied') note(reason.slice(0, reason.indexOf(':')))
      else note('continued')
    }
    let next = 0
    const worker = async () => {
      while (next < SIGN_INS) await one(next++)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))

    const { report } = await run(['--since', '1h'])
    const { tally } = report.period
    assert.deepEqual(
      {
        all: tally.signIns,
        continued: tally.succeeded,
        other: tally.otherFailures,
        failed: tally.executionsFailed,
      },
      { all: expected.all, continued: expected.continued, other: 0, failed: 0 },
    )
    const denials = Object.fromEntries(
      Object.entries(tally.denials).map(([code, { count }]) => [code, count]),
    )
    const { all: _all, continued: _continued, ...codes } = expected
    assert.deepEqual(denials, codes)
    assert.ok(Object.keys(codes).length >= 2, JSON.stringify(codes))
    const hours = Object.values(tally.hours)
    assert.equal(
      hours.reduce((sum, { signIns }) => sum + signIns, 0),
      expected.all,
    )
  })
})
