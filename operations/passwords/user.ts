import { type Answer, meaningOf, type RequestFailure } from '../../actions/backendless-login/answers.ts'
import { userTokenOf } from '../../actions/backendless-login/client.ts'
import { isSameIdentity } from '../../actions/backendless-login/identity.ts'
import { type Password, userPassword } from '../../actions/backendless-login/password.ts'
import type { Secret } from '../../actions/backendless-login/secret.ts'
import type { StackReading } from '../stack/reading.ts'
import { type Application, isPassing } from './application.ts'
import { setUntilExpected } from './change.ts'
import { identityIn, type UserRow, Users } from './users.ts'

/** The result for one user. */
export type UserOutcome =
  /** Was on the current password. */
  | { readonly kind: 'current' }
  /** `from` is the id of the password that the user was on; absent in a repair. */
  | { readonly kind: 'moved'; readonly from?: string }
  /** On a password that the Action no longer knows, so that no sign-in succeeds. */
  | { readonly kind: 'retired'; readonly id: string }
  /** On none of the passwords: an account with a password of its own, or a user of a social login. */
  | { readonly kind: 'not_ours' }
  /** No sign-in opens the row, because it has no usable identity, or because another row has the same one. */
  | { readonly kind: 'skipped'; readonly code: 'no_identity' | 'other_row' }
  | Failed
  /** No further user can or should be moved. */
  | { readonly kind: 'stop'; readonly code: string; readonly reason: string }

interface Failed {
  readonly kind: 'failed'
  readonly code: string
  /** `lock` and `outage`: several users in a row are a reason to stop. */
  readonly cause: 'user' | 'lock' | 'outage'
}

interface Session {
  readonly kind: 'session'
  readonly userToken: Secret
}
interface OtherPassword {
  readonly kind: 'other_password'
}
/** Why it is unknown whether a password opens the row, or whether one was set. */
export type Hindrance = Extract<UserOutcome, { kind: 'not_ours' | 'skipped' | 'failed' | 'stop' }>

/**
 * Moves one user to the current password; ends every session that it opens.
 * @param olderFirst the user cannot be on the current password, so that trying it would only be a failed login.
 * @throws Stopped if a request must no longer be sent.
 */
export async function moveUser(
  app: Application,
  stack: StackReading,
  row: UserRow,
  { olderFirst = false }: { readonly olderFirst?: boolean } = {},
): Promise<UserOutcome> {
  const identity = identityIn(stack, row)
  if (!identity) return { kind: 'skipped', code: 'no_identity' }
  const [current, ...older] = stack.passwords
  // The current one again at the end, because a sign-in may have moved the user to it meanwhile.
  const last = olderFirst || older.length > 0 ? [current] : []
  for (const password of [...(olderFirst ? [] : [current]), ...older, ...last]) {
    const found = await whatOpens(app, stack, row, identity, password)
    if (found.kind === 'other_password') continue
    if (found.kind !== 'session') return found
    if (password !== current) return change(app, stack, row, identity, found, password)
    await app.logout(found.userToken)
    return { kind: 'current' }
  }
  return whoseAccount(app, stack, row, identity)
}

/** None of the passwords in use opens the row. */
async function whoseAccount(
  app: Application,
  stack: StackReading,
  row: UserRow,
  identity: Secret,
): Promise<UserOutcome> {
  for (const password of stack.retired) {
    const found = await whatOpens(app, stack, row, identity, password)
    if (found.kind === 'other_password') continue
    if (found.kind !== 'session') return found
    await app.logout(found.userToken)
    return { kind: 'retired', id: password.id }
  }
  return { kind: 'not_ours' }
}

async function change(
  app: Application,
  stack: StackReading,
  row: UserRow,
  identity: Secret,
  { userToken }: Session,
  { id: from }: Password,
): Promise<UserOutcome> {
  const { objectId } = row
  let result: Awaited<ReturnType<typeof setUntilExpected<Answer>>>
  try {
    result = await setUntilExpected(stack, identity, async (password) => {
      const answer = await app.changePassword(objectId, userToken, password)
      return { answer, row: answer.kind === 'success' ? answer.row.reveal() : undefined }
    })
  } finally {
    await app.logout(userToken)
  }
  if (result.kind === 'unsettled') return { kind: 'failed', code: 'renamed', cause: 'user' }
  const { answer } = result
  // A dead token may mean that a sign-in moved the user meanwhile. Without an answer, the password may have been set.
  if (answer.kind === 'refusal' && meaningOf(answer).processed === 'no') return failed(answer, 'change_')
  const found = await whatOpens(app, stack, row, result.identity, stack.passwords[0])
  if (found.kind === 'session') {
    await app.logout(found.userToken)
    return { kind: 'moved', from }
  }
  if (found.kind !== 'other_password') return unproved(found)
  if (answer.kind !== 'success') return failed(answer, 'change_')
  return (await isStillThere(app, stack, objectId, result.identity))
    ? notTaken(objectId)
    : { kind: 'failed', code: 'renamed', cause: 'user' }
}

/** False if the row was renamed or deleted since its password was set, so that a login could not succeed. */
export async function isStillThere(
  app: Application,
  stack: StackReading,
  objectId: string,
  identity: Secret,
): Promise<boolean> {
  const row = await new Users(app, stack.identityColumn).byId(objectId)
  return row !== undefined && isSameIdentity(stack.identity, identity, row.identity)
}

/** The result for a user whose password may have been set, without a login that proves it. */
export function unproved(found: Hindrance): Hindrance {
  if (found.kind === 'stop') return found
  const code = found.kind === 'not_ours' ? 'no_password' : found.code
  return { kind: 'failed', code: `unproved_${code}`, cause: found.kind === 'failed' ? found.cause : 'user' }
}

/** Backendless confirmed a new password that does not open the row. The same may happen to every other user. */
export function notTaken(objectId: string): Hindrance {
  return {
    kind: 'stop',
    code: 'not_taken',
    reason: `Backendless did not refuse the new password of user ${objectId}, and does not accept it at a login. To go on could lock others out: find out why, and whether that user can still sign in.`,
  }
}

/** Logs in with one password, and returns whether it opens exactly this row. The caller has to end the session. */
export async function whatOpens(
  app: Application,
  { appId, identity: kind, identityColumn }: StackReading,
  { objectId }: Pick<UserRow, 'objectId'>,
  identity: Secret,
  password: Password,
): Promise<Session | OtherPassword | Hindrance> {
  const answer = await app.login(identity, userPassword(password, appId, identity))
  if (answer.kind !== 'success') return refusal(answer)
  const row = answer.row.reveal()
  const userToken = userTokenOf(row)
  if (!userToken) return { kind: 'failed', code: 'bad_answer', cause: 'user' }
  if (row.objectId === objectId && isSameIdentity(kind, identity, row[identityColumn])) {
    return { kind: 'session', userToken }
  }
  await app.logout(userToken)
  // Backendless may compare more loosely than Auth0 does, and answer with another user's row.
  return isSameIdentity(kind, identity, row[identityColumn]) && typeof row.objectId === 'string'
    ? { kind: 'skipped', code: 'other_row' }
    : { kind: 'failed', code: 'identity_mismatch', cause: 'user' }
}

function refusal(answer: Exclude<Answer, { kind: 'success' }>): OtherPassword | Hindrance {
  if (answer.kind === 'failure') return failed(answer)
  switch (answer.refusal) {
    // 3003 means no such user or a wrong password. The row exists, so the password is wrong.
    case 'bad_credentials':
      return { kind: 'other_password' }
    case 'no_password':
      return { kind: 'not_ours' }
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

function failed(answer: Exclude<Answer, { kind: 'success' }>, prefix = ''): Failed {
  if (answer.kind === 'failure') {
    return { kind: 'failed', code: prefix + failureName(answer.failure), cause: 'outage' }
  }
  const cause = answer.refusal === 'locked' ? 'lock' : isPassing(answer) ? 'outage' : 'user'
  return { kind: 'failed', code: `${prefix}${answer.refusal}${suffix(answer)}`, cause }
}

function failureName(failure: RequestFailure): string {
  if (failure === 'timeout') return 'timeout'
  return failure === 'gateway' || failure === 'server_error' ? 'down' : 'no_answer'
}

function suffix({ code }: { readonly code?: number }): string {
  return code === undefined ? '' : `_${code}`
}
