import { type Answer, meaningOf, type RequestFailure } from '../../actions/backendless-login/answers.ts'
import { userTokenOf } from '../../actions/backendless-login/client.ts'
import { identityOf, isSameIdentity } from '../../actions/backendless-login/identity.ts'
import { type Password, userPassword } from '../../actions/backendless-login/password.ts'
import type { Secret } from '../../actions/backendless-login/secret.ts'
import type { StackReading } from '../stack.ts'
import { type Application, isPassing } from './application.ts'
import type { UserRow } from './users.ts'

/** What came of one user. */
export type UserOutcome =
  /** Was on the current password. */
  | { readonly kind: 'current' }
  | { readonly kind: 'moved' }
  /** On none of the passwords: somebody's own account. */
  | { readonly kind: 'not_ours' }
  /** No sign-in reaches the row: it has no usable identity, or another row answers to the same one. */
  | { readonly kind: 'skipped'; readonly code: 'no_identity' | 'other_row' }
  /** `unavailable`: not this user's fault. */
  | { readonly kind: 'failed'; readonly code: string; readonly unavailable: boolean }
  /** No user can be moved, or none should be. */
  | { readonly kind: 'stop'; readonly code: string; readonly reason: string }

interface Session {
  readonly kind: 'session'
  readonly userToken: Secret
}
interface OtherPassword {
  readonly kind: 'other_password'
}
/** Why it is not known whether a password opens the row, or whether one was set. */
export type Hindrance = Extract<UserOutcome, { kind: 'skipped' | 'failed' | 'stop' }>

/** The identity in the form in which a sign-in sends it, or undefined where no sign-in could. */
export function identityIn(
  { identity: kind }: Pick<StackReading, 'identity'>,
  row: UserRow,
): Secret | undefined {
  if (typeof row.identity !== 'string') return undefined
  return identityOf(kind, kind === 'email' ? { email: row.identity } : { user_id: row.identity })
}

/** Whether the current password opens the row. */
type OnCurrent = () => Promise<{ readonly kind: 'current' } | OtherPassword | Hindrance>

/** Moves one user to the current password. Never throws; ends every session that it opens. */
export async function moveUser(app: Application, stack: StackReading, row: UserRow): Promise<UserOutcome> {
  const identity = identityIn(stack, row)
  if (!identity) return { kind: 'skipped', code: 'no_identity' }
  const [current, ...older] = stack.passwords
  const tryWith = (password: Password) => whatOpens(app, stack, row, identity, password)
  const onCurrent: OnCurrent = async () => {
    const found = await tryWith(current)
    if (found.kind !== 'session') return found
    await app.logout(found.userToken)
    return { kind: 'current' }
  }

  const first = await onCurrent()
  if (first.kind !== 'other_password') return first
  for (const password of older) {
    const found = await tryWith(password)
    if (found.kind === 'other_password') continue
    if (found.kind !== 'session') return found
    return change(app, stack, row, identity, found, onCurrent)
  }
  // A sign-in may have moved the user between the first try and the last.
  const again = older.length > 0 ? await onCurrent() : first
  return again.kind === 'other_password' ? { kind: 'not_ours' } : again
}

async function change(
  app: Application,
  { appId, passwords: [current] }: StackReading,
  { objectId }: UserRow,
  identity: Secret,
  { userToken }: Session,
  onCurrent: OnCurrent,
): Promise<UserOutcome> {
  const answer = await app.changePassword(objectId, userToken, userPassword(current, appId, identity))
  await app.logout(userToken)
  // A dead token may be the work of a sign-in that moved the user meanwhile; without an answer it may have been changed.
  if (answer.kind === 'refusal' && meaningOf(answer).processed === 'no') return failed(answer, 'change_')
  const found = await onCurrent()
  if (found.kind === 'current') return { kind: 'moved' }
  if (found.kind !== 'other_password') return unproved(found)
  return answer.kind === 'success' ? notTaken(objectId) : failed(answer, 'change_')
}

/** What became of a user whose password may have been set, and for whom a login did not prove it. */
export function unproved(found: Hindrance): Hindrance {
  if (found.kind === 'stop') return found
  const unavailable = found.kind === 'failed' && found.unavailable
  return { kind: 'failed', code: `unproved_${found.code}`, unavailable }
}

/** A password was set, so Backendless says, and does not open the row: the same may await every other user. */
export function notTaken(objectId: string): Hindrance {
  return {
    kind: 'stop',
    code: 'not_taken',
    reason: `Backendless did not refuse the new password of user ${objectId}, and does not accept it at a login. To go on could lock others out: find out why, and whether that user can still sign in.`,
  }
}

/** Logs in with one password, and says whether it opens just this row. The session is the caller's to end. */
export async function whatOpens(
  app: Application,
  { appId, identity: kind, identityColumn }: StackReading,
  { objectId }: UserRow,
  identity: Secret,
  password: Password,
): Promise<Session | OtherPassword | Hindrance> {
  const answer = await app.login(identity, userPassword(password, appId, identity))
  if (answer.kind !== 'success') return refusal(answer)
  const row = answer.row.reveal()
  const userToken = userTokenOf(row)
  if (!userToken) return { kind: 'failed', code: 'bad_answer', unavailable: false }
  if (row.objectId === objectId && isSameIdentity(kind, identity, row[identityColumn])) {
    return { kind: 'session', userToken }
  }
  await app.logout(userToken)
  // Backendless may compare more loosely than Auth0 does, and answer somebody else's row.
  return isSameIdentity(kind, identity, row[identityColumn]) && typeof row.objectId === 'string'
    ? { kind: 'skipped', code: 'other_row' }
    : { kind: 'failed', code: 'identity_mismatch', unavailable: false }
}

function refusal(answer: Exclude<Answer, { kind: 'success' }>): OtherPassword | Hindrance {
  if (answer.kind === 'failure') return failed(answer)
  switch (answer.refusal) {
    // 3003: no such user or another password; the row exists, so it is the password.
    case 'bad_credentials':
      return { kind: 'other_password' }
    case 'locked':
      return {
        kind: 'stop',
        code: 'locked',
        reason:
          'Backendless has locked a user after failed logins (3036). To go on would lock others: switch the lock-out off, or raise its limit as docs/passwords.md says, wait until the lock ends, and run this again.',
      }
    case 'misconfigured':
      return {
        kind: 'stop',
        code: `misconfigured${suffix(answer)}`,
        reason: `Backendless accepts no logins from this configuration${answer.code === undefined ? '' : ` (${answer.code})`}.`,
      }
    default:
      return failed(answer)
  }
}

function failed(answer: Exclude<Answer, { kind: 'success' }>, prefix = ''): UserOutcome & { kind: 'failed' } {
  const code = answer.kind === 'failure' ? failureName(answer.failure) : `${answer.refusal}${suffix(answer)}`
  return { kind: 'failed', code: prefix + code, unavailable: isPassing(answer) }
}

function failureName(failure: RequestFailure): string {
  if (failure === 'timeout') return 'timeout'
  return failure === 'gateway' || failure === 'server_error' ? 'down' : 'no_answer'
}

function suffix({ code }: { readonly code?: number }): string {
  return code === undefined ? '' : `_${code}`
}
