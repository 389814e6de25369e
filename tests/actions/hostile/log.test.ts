// Each execution writes one whole log line, and only its own: an operator has nothing else.
import assert from 'node:assert/strict'
import { type EventOverrides, loginEvent } from '@backendless-login/local-auth0'
import fc from 'fast-check'
import type { RequestKind } from '../../../actions/backendless-login/answers.ts'
import type { Path, Trace } from '../../../actions/backendless-login/context.ts'
import { logLine } from '../../../actions/backendless-login/log.ts'
import {
  GATE_SKIP_CODES,
  type Outcome,
  SENTENCES,
  TOKEN_CODES,
} from '../../../actions/backendless-login/outcomes.ts'
import { read, tableBelow } from '../../docs/documents.ts'
import { useDeployedAction } from '../deployed-action.ts'
import { firstSignIn, REFRESH } from '../sign-in.ts'
import { checkExecution } from './execution.ts'

const PATHS: readonly Path[] = ['known', 'new', 'unknown', 'moved', 'renamed']
const REQUESTS: readonly RequestKind[] = [
  'login',
  'register',
  'change_password',
  'rename',
  'claim',
  'sync_profile',
]
/** The JSON number with the longest text. */
const LONGEST_NUMBER = -Number.MAX_VALUE

function failures(): (keyof typeof SENTENCES)[] {
  const isFailure = (code: string): code is keyof typeof SENTENCES => code in SENTENCES
  return Object.keys(SENTENCES).filter(isFailure)
}

function everyOutcome(): Outcome[] {
  return [
    ...TOKEN_CODES.map((code) => ({ kind: 'token', code }) as const),
    ...[...GATE_SKIP_CODES, ...failures()].map((code) => ({ kind: 'skip', code }) as const),
    ...failures().map((code) => ({ kind: 'deny', code }) as const),
  ]
}

describe('the log line', () => {
  it('is never cut off, with the longest value in every field', () => {
    let longest = ''
    for (const outcome of everyOutcome()) {
      for (const path of PATHS) {
        for (const retried of REQUESTS) {
          const trace: Trace = {
            path,
            requests: 99,
            logins: 99,
            retried,
            circuitOpen: true,
            backendlessCode: LONGEST_NUMBER,
          }
          const line = logLine(outcome, 'ABCDEF', trace, 999_999)
          assert.ok(line.endsWith(` backendless=${LONGEST_NUMBER}`), line)
          if (line.length > longest.length) longest = line
        }
      }
    }
    assert.ok(longest.length <= 256, `${longest.length}: ${longest}`)
  })

  it('has the fields of docs/outcomes.md, in its order', () => {
    const trace = { path: 'moved', requests: 5, logins: 2, retried: 'login', circuitOpen: true } as const
    const line = logLine({ kind: 'token', code: 'ok' }, 'ABCDEF', { ...trace, backendlessCode: 3003 }, 1)
    const fields = tableBelow(`\n${read('docs/outcomes.md')}`, '# How a sign-in can end').map(
      ([field]) => field,
    )
    assert.deepEqual(
      [...line.matchAll(/(\w+)=/g)].map(([, name]) => `\`${name}=\``),
      fields,
    )
  })
})

const CLAIM = 'https://api.backendless.com/userToken'

/** Sign-ins that end differently, and the required fields of their lines. */
const KINDS: readonly { event: (email: string) => EventOverrides; code: string; fields: RegExp }[] = [
  { event: (email) => firstSignIn({ email }), code: 'ok', fields: / path=new requests=2 ms=\d+$/ },
  {
    event: (email) => ({ user: { email } }),
    code: 'ok',
    fields: / path=unknown requests=3 .* backendless=3003$/,
  },
  {
    event: () => ({ user: { email: 'taken@example.com' } }),
    code: 'password_mismatch',
    fields: / path=unknown requests=3 .* backendless=3003$/,
  },
  {
    event: (email) => ({ user: { email }, transaction: { protocol: 'samlp' } }),
    code: 'no_id_token',
    fields: /outcome=skip .* requests=0 ms=\d+$/,
  },
  {
    event: (email) => ({ user: { email, email_verified: false } }),
    code: 'email_unverified',
    fields: / requests=0 ms=\d+$/,
  },
  {
    event: () => ({ ...REFRESH, user: { email: 'taken@example.com' } }),
    code: 'password_mismatch',
    fields: /outcome=skip .* requests=3 /,
  },
]

describe('sign-ins at the same time in one instance of the deployed Action', function () {
  this.timeout(60_000)
  const action = useDeployedAction()
  before(() => {
    action().app.addUser({ email: 'taken@example.com', password: 'somebody else knows this' })
  })

  it('write one line each, their own', async () => {
    let user = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ kind: fc.constantFrom(...KINDS), delay: fc.nat(15) }), {
          minLength: 2,
          maxLength: 8,
        }),
        async (visits) => {
          action().app.faults.clear()
          // Answers overtake each other.
          visits.forEach(({ delay }, index) => {
            action().app.faults.add({ route: '*', nth: index + 1, fault: { kind: 'delay', ms: delay } })
          })
          await Promise.all(
            visits.map(async ({ kind }) => {
              user += 1
              const email = `user${user}@example.com`
              const { idToken, logs, outcome, reason } = await action().auth0.signIn(
                loginEvent(kind.event(email)),
              )
              const lines = logs.map(({ text }) => text)
              const denials = reason === undefined ? [] : [reason]
              const execution = { claims: Object.entries(idToken), denials, lines }
              // The line has the reference that this user reads.
              assert.equal(checkExecution(execution).code, kind.code)
              assert.match(lines[0] ?? '', kind.fields)
              assert.equal(outcome === 'denied', denials.length === 1)
              const owner = action().app.ownerOf(String(idToken[CLAIM]))?.email
              assert.equal(owner, kind.code === 'ok' ? email : undefined)
            }),
          )
        },
      ),
      { numRuns: 40 },
    )
    assert.deepEqual(action().auth0.strayErrors, [])
  })
})
