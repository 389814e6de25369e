import { loginEvent } from '@backendless-login/local-auth0'
import { openOwnRow } from './backendless-user.ts'
import { CLIENT_ID, type Visit } from './scenario.ts'
import { DEMO_OWNER_COLUMN, type Services } from './services.ts'

/** The result of one sign-in. `token` is printed only in part. */
export interface Seen {
  readonly happened: string
  readonly requests: number
  readonly milliseconds: number
  readonly token?: string
  /** The result of writing and reading the user's row with the token. Empty without a token. */
  readonly proof: string
}

/** Signs a user in through the deployed Action, and opens the user's own row with the token. */
export async function makeVisit(
  { auth0, backendless }: Services,
  visit: Visit,
  claim: string,
): Promise<Seen> {
  const before = backendless.requests.length
  const userId = visit.user.user?.user_id
  const { app_metadata = {} } = auth0.directory.all().find(({ user_id }) => user_id === userId) ?? {}
  const event = loginEvent({
    ...visit.user,
    user: { ...visit.user.user, app_metadata },
    client: { client_id: CLIENT_ID, name: 'Web shop' },
  })
  const result = await auth0.signIn(event)
  const requests = backendless.requests.length - before
  const seen = { requests, milliseconds: result.milliseconds }
  if (result.outcome !== 'continue') return { ...seen, happened: refused(result), proof: '' }
  const token = result.idToken[claim]
  if (typeof token !== 'string') return { ...seen, happened: 'no token', proof: '' }
  const row = await openOwnRow(backendless, token)
  const isOwn = row?.email === visit.who && row[DEMO_OWNER_COLUMN] === userId
  const code = /outcome=token code=(\w+)/.exec(result.logs.map(({ text }) => text).join())?.[1]
  const happened = code === 'ok' ? 'token' : `token: ${code}`
  return { ...seen, happened, token, proof: isOwn ? 'own row' : 'NOT their row' }
}

/** A sentence for each difference from the expected result. */
export function surprises({ who, remark, expected }: Visit, seen: Seen): string[] {
  const found: string[] = []
  const say = (what: string) => found.push(`${who} (${remark}): ${what}`)
  if (seen.happened !== expected.happened) say(`expected ${expected.happened}, got ${seen.happened}.`)
  if (seen.requests !== expected.requests) {
    say(`expected ${expected.requests} requests to Backendless, got ${seen.requests}.`)
  }
  if (seen.token !== undefined && seen.proof !== 'own row')
    say('the token does not open the row of this user.')
  return found
}

/** Returns the code, which is before the colon. The sentence after it is for the user. */
function refused({ outcome, reason = '' }: { outcome: string; reason?: string }): string {
  return outcome === 'denied' ? `denied: ${reason.split(':')[0]}` : 'error'
}
