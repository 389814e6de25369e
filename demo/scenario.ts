// The sign-ins of `npm run demo -- --check`, in order, with the expected results.
import type { EventOverrides } from '@backendless-login/local-auth0'
import { renameRow } from './backendless-user.ts'
import type { Services } from './services.ts'

/** The application that the users sign in to. */
export const CLIENT_ID = 'DemoClientIdOfTheWebShop'

export interface Visit {
  readonly who: string
  readonly remark: string
  readonly user: EventOverrides
  readonly expected: { readonly happened: string; readonly requests: number }
  /** Explains a result that is not obvious. */
  readonly explanation?: string
  /** Changes Backendless before this sign-in. `tokens`: those of the users who signed in so far, by address. */
  before?(services: Services, tokens: ReadonlyMap<string, string>): Promise<void>
}

const ADA = 'ada@example.com'
const ADA_CHANGED = 'ada.new@example.com'
const OBRIEN = "o'brien@example.com"
const DORA = 'dora@example.com'
const GRACE = 'grace@example.com'
const MALLORY = 'mallory@example.com'
const HEIDI = 'heidi@example.com'

export const VISITS: readonly Visit[] = [
  {
    who: ADA,
    remark: 'new',
    user: newUser('ada', ADA),
    expected: { happened: 'token', requests: 2 },
    explanation:
      'Registered in Backendless, then logged in. Being the first, this one starts the Action cold.',
  },
  {
    who: ADA,
    remark: 'again',
    user: { ...newUser('ada', ADA), stats: { logins_count: 2 } },
    expected: { happened: 'token', requests: 1 },
    explanation: 'Further sign-ins are one request: the login.',
  },
  {
    who: OBRIEN,
    remark: 'new',
    user: newUser('obrien', OBRIEN),
    expected: { happened: 'token', requests: 2 },
  },
  {
    who: DORA,
    remark: 'address not verified',
    user: newUser('dora', DORA, false),
    expected: { happened: 'denied: email_unverified', requests: 0 },
    explanation: 'Anybody can type an address. Until Auth0 has verified it, Backendless is not even asked.',
  },
  {
    who: GRACE,
    remark: "the row is somebody else's",
    user: newUser('grace', GRACE),
    expected: { happened: 'denied: password_mismatch', requests: 2 },
    explanation:
      'Somebody registered a row with this address before, with a password of their own. It stays theirs.',
    before: async ({ backendless }) => {
      backendless.addUser({ email: GRACE, password: 'a password that only its owner knows' })
    },
  },
  {
    who: MALLORY,
    remark: 'new',
    user: newUser('mallory', MALLORY),
    expected: { happened: 'token', requests: 2 },
    explanation: `Then uses the token to change the address of the own row to ${HEIDI}, who has no row yet: a trap. (Each user must be able to update their own row: docs/settings.md.)`,
  },
  {
    who: HEIDI,
    remark: 'address taken by Mallory',
    user: newUser('heidi', HEIDI),
    expected: { happened: 'denied: password_mismatch', requests: 2 },
    explanation:
      'Does not get into the trap: each user has a password of their own, derived from the address, and the row still ' +
      "has the one for Mallory's address. An operator has to free the address.",
    before: ({ backendless }, tokens) => renameRow(backendless, tokens.get(MALLORY), HEIDI),
  },
  {
    who: MALLORY,
    remark: 'again',
    user: { ...newUser('mallory', MALLORY), stats: { logins_count: 2 } },
    expected: { happened: 'token', requests: 3 },
    explanation:
      'Gets a new row: a login that fails, a registration, a login. The renamed row is lost to Mallory too.',
  },
  {
    who: ADA_CHANGED,
    remark: "Ada's new address",
    user: { ...newUser('ada', ADA_CHANGED), stats: { logins_count: 3 } },
    expected: { happened: 'token: renamed', requests: 3 },
    explanation:
      "Ada's address changed in Auth0. Her row follows: a login with the previous address, a change of the row, a login " +
      'with the new address. The owner column proves that the row is hers.',
  },
  {
    who: ADA,
    remark: "Ada's old address",
    user: newUser('newcomer', ADA),
    expected: { happened: 'token', requests: 2 },
    explanation: 'Somebody else verified the address that Ada gave up, and gets a row of their own.',
  },
  {
    who: ADA_CHANGED,
    remark: 'again',
    user: { ...newUser('ada', ADA_CHANGED), stats: { logins_count: 4 } },
    expected: { happened: 'token', requests: 1 },
  },
  {
    who: 'sms|5551234',
    remark: 'no e-mail address',
    user: {
      connection: { id: 'con_sms', name: 'sms', strategy: 'sms' },
      user: { ...identified('sms', '5551234'), email: undefined, email_verified: false },
      stats: { logins_count: 1 },
    },
    expected: { happened: 'denied: email_missing', requests: 0 },
    explanation: 'Signed in by telephone. Users are known by their address here, and there is none.',
  },
]

function newUser(id: string, email: string, verified = true): EventOverrides {
  return {
    user: { ...identified('auth0', id), email, email_verified: verified, name: email, nickname: id },
    stats: { logins_count: 1 },
  }
}

/** Created just now: with the first login, this is what makes a user brand-new to the Action. */
function identified(provider: string, id: string) {
  const connection = provider === 'auth0' ? 'Username-Password-Authentication' : provider
  const now = new Date().toISOString()
  return {
    user_id: `${provider}|${id}`,
    created_at: now,
    updated_at: now,
    identities: [{ connection, provider, user_id: id, isSocial: false }],
  }
}
