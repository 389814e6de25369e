import { isSameIdentity } from '../../actions/backendless-login/identity.ts'
import { userPassword } from '../../actions/backendless-login/password.ts'
import type { Secret } from '../../actions/backendless-login/secret.ts'
import type { StackReading } from '../stack/reading.ts'
import { identityIn } from './users.ts'

/** If a row is renamed this often while its password is set, it is left to a later run. */
const MOST_RENAMINGS = 3

/** One attempt to set a password. */
export interface Attempt<T> {
  readonly answer: T
  /** The row as it was after the change; `undefined` if it was not shown. */
  readonly row: Readonly<Record<string, unknown>> | undefined
}

type PasswordChange<T> =
  /** `identity` is that of the row after the change, and of the password that was set. */
  | { readonly kind: 'answered'; readonly identity: Secret; readonly answer: T }
  /** The row was renamed too often, or to an identity that no sign-in has. */
  | { readonly kind: 'unsettled' }

/**
 * Sets the current password on a row. A sign-in may rename the row after it was read. The password, which is derived from the
 * identity, would then fit no sign-in. So if the changed row has another identity, the password of that identity is set.
 */
export async function setUntilExpected<T>(
  stack: StackReading,
  expected: Secret,
  send: (password: Secret) => Promise<Attempt<T>>,
): Promise<PasswordChange<T>> {
  let identity = expected
  for (let renamed = 0; renamed <= MOST_RENAMINGS; renamed += 1) {
    const { answer, row } = await send(userPassword(stack.passwords[0], stack.appId, identity))
    const shown = row?.[stack.identityColumn]
    if (shown === undefined || isSameIdentity(stack.identity, identity, shown)) {
      return { kind: 'answered', identity, answer }
    }
    const other = identityIn(stack, { identity: shown })
    if (!other) return { kind: 'unsettled' }
    identity = other
  }
  return { kind: 'unsettled' }
}
