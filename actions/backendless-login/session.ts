import { type Answer, isRefusal, meaningOf } from './answers.ts'
import { userTokenOf } from './client.ts'
import type { Session, SignInContext, SignInFailure } from './context.ts'
import { isSameIdentity } from './identity.ts'
import { ownershipOf } from './owner.ts'
import type { Password } from './password.ts'
import { login, logOut } from './requests.ts'
import type { Secret } from './secret.ts'

/** Logs in with these passwords in turn, until an answer is not 3003. `undefined`: all of them are 3003. */
export async function findSession(
  context: SignInContext,
  identity: Secret,
  passwords: readonly Password[],
): Promise<(Session & { readonly password: Password }) | SignInFailure | undefined> {
  for (const password of passwords) {
    const answer = await login(context, identity, password)
    if (isRefusal(answer, 'bad_credentials')) continue
    const session = await openSession(context, identity, answer)
    return session.kind === 'session' ? { ...session, password } : session
  }
  return undefined
}

/** Checks a login's answer. If the row has another identity or another owner, its session is ended. */
export async function openSession(
  context: SignInContext,
  identity: Secret,
  answer: Answer,
): Promise<Session | SignInFailure> {
  if (answer.kind !== 'success') return { kind: 'failure', code: meaningOf(answer).outcome }
  const { settings, user } = context
  const row = answer.row.reveal()
  const userToken = userTokenOf(row)
  if (!userToken) return { kind: 'failure', code: 'bad_answer' }
  if (!isSameIdentity(settings.identity, identity, row[settings.identityColumn])) {
    await logOut(context, userToken)
    return { kind: 'failure', code: 'identity_mismatch' }
  }
  const owner = ownershipOf(settings, user, row)
  if (owner === 'another') {
    await logOut(context, userToken)
    return { kind: 'failure', code: 'owner_mismatch' }
  }
  const objectId = isPathSegment(row.objectId) ? row.objectId : undefined
  return { kind: 'session', userToken, objectId, row: answer.row, owner }
}

/** True if the value stays one segment of a URL path: `.` and `..` do not, even encoded. */
function isPathSegment(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !/^\.{0,2}$/.test(value)
}
