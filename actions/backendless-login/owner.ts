import type { Row } from './answers.ts'
import type { User } from './auth0.ts'
import { identityOf } from './identity.ts'
import type { Secret } from './secret.ts'
import type { Settings } from './settings.ts'

/** Whose row it is. `nobody`: the owner column is absent, null or empty. */
export type Ownership = 'user' | 'nobody' | 'another'

/** Compares the row's owner with the user. Without an owner column every row with the user's identity is the user's. */
export function ownershipOf(
  { ownerColumn }: Pick<Settings, 'ownerColumn'>,
  user: Secret<User>,
  row: Row,
): Ownership {
  if (ownerColumn === '') return 'user'
  const owner = Object.hasOwn(row, ownerColumn) ? row[ownerColumn] : undefined
  if (owner === undefined || owner === null || owner === '') return 'nobody'
  return typeof owner === 'string' && userIds(user.reveal()).includes(owner) ? 'user' : 'another'
}

/** The owner column with the user's id; empty without an owner column or a usable user id. */
export function ownerOf({ ownerColumn }: Pick<Settings, 'ownerColumn'>, user: Secret<User>): Row {
  const userId = ownerColumn === '' ? undefined : identityOf('user_id', user.reveal())
  return userId ? { [ownerColumn]: userId.reveal() } : {}
}

/** `user_id`, and the ids of the linked accounts: a row that was registered before they were linked has one of those. */
function userIds({ user_id, identities }: User): unknown[] {
  const linked = Array.isArray(identities) ? identities : []
  return [
    user_id,
    ...linked.flatMap((one) => (one?.provider && one.user_id ? [`${one.provider}|${one.user_id}`] : [])),
  ]
}
