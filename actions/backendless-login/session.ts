import { type Answer, meaningOf } from './answers.ts'
import { userTokenOf } from './client.ts'
import type { SignInContext, SignInFailure } from './context.ts'
import { isSameIdentity } from './identity.ts'
import { logOut } from './requests.ts'
import type { Secret } from './secret.ts'

/** A login that succeeded and opened the row of the identity that was sent. */
export interface Session {
  readonly kind: 'session'
  readonly userToken: Secret
  /** `undefined` if the row has no id usable in a URL. */
  readonly objectId: string | undefined
}

/** Checks a login's answer. A session of another identity's row is ended. */
export async function openSession(
  context: SignInContext,
  identity: Secret,
  answer: Answer,
): Promise<Session | SignInFailure> {
  if (answer.kind !== 'success') return { kind: 'failure', code: meaningOf(answer).outcome }
  const { settings } = context
  const row = answer.row.reveal()
  const userToken = userTokenOf(row)
  if (!userToken) return { kind: 'failure', code: 'bad_answer' }
  if (!isSameIdentity(settings.identity, identity, row[settings.identityColumn])) {
    await logOut(context, userToken)
    return { kind: 'failure', code: 'identity_mismatch' }
  }
  return { kind: 'session', userToken, objectId: isPathSegment(row.objectId) ? row.objectId : undefined }
}

/** True if the value stays one segment of a URL path: `.` and `..` do not, even encoded. */
function isPathSegment(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !/^\.{0,2}$/.test(value)
}
