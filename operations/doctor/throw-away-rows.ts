// The checks of `--try-user` that change rows: a user's own, and another user's.
import type { Config } from '../../provisioning/config-schema.ts'
import { type ApiAnswer, type BackendlessApi, isSuccess, saidBy } from '../backendless/api.ts'
import type { Findings } from './findings.ts'
import { isAccepted, isRefused, newPassword, type ThrowAwayUser } from './throw-away-user.ts'

export const ROW_CHECKS = ['other rows', 'comparison', 'own password', 'own identity'] as const

/** Writes the values that are there already, so the other user's row does not change. */
export async function checkOtherRows(
  found: Findings,
  writer: ThrowAwayUser,
  owner: ThrowAwayUser,
): Promise<void> {
  const id = encodeURIComponent(owner.objectId ?? '')
  const ways: readonly [string, (body: object) => Promise<ApiAnswer | undefined>][] = [
    ['PUT /users/<objectId>', (body) => writer.write(`/users/${id}`, body)],
    ['PUT /data/Users/<objectId>', (body) => writer.write(`/data/Users/${id}`, body)],
    [
      'PUT /data/Users/<objectId> without a user token',
      (body) => writer.writeWithoutToken(`/data/Users/${id}`, body),
    ],
  ]
  const bodies = [{ password: owner.password }, { [owner.identityColumn]: owner.identity }]
  const open: string[] = []
  let unclear: string | undefined
  for (const [name, write] of ways) {
    for (const body of bodies) {
      const answer = await write(body)
      if (isSuccess(answer)) {
        open.push(name)
        break
      }
      if (!isRefused(answer)) unclear = `Backendless ${saidBy(answer)} to ${name}`
    }
  }
  if (open.length > 0) {
    found.failed(
      'other rows',
      `One user could write another's row (${open.join(', ')}), so anybody can set another's password and log in as them.`,
    )
  } else if (unclear !== undefined) {
    found.warning('other rows', `${unclear}, which does not tell whether one user may write another's row.`)
  } else found.ok('other rows', "One user may not write another's row.")
}

/** The user's identity is in lower case and has no accents. */
export async function checkComparison(
  found: Findings,
  user: ThrowAwayUser,
  { identity: kind }: Config,
): Promise<void> {
  const { identity } = user
  const [isCaseIgnored, isAccentIgnored] = [
    await finds(user, identity.toUpperCase()),
    await finds(user, identity.replace('doctor', 'dóctor')),
  ]
  if (isCaseIgnored === undefined || isAccentIgnored === undefined) {
    return found.warning('comparison', 'Backendless did not say whether it compares identities loosely.')
  }
  if (isCaseIgnored || isAccentIgnored) {
    const what = [...(isCaseIgnored ? ['upper and lower case'] : []), ...(isAccentIgnored ? ['accents'] : [])]
    return found.ok(
      'comparison',
      `Backendless compares identities loosely: ${what.join(' and ')} do not count. Of two people whose identities differ in nothing else, only the first gets a row; the Action compares exactly and refuses the second.`,
    )
  }
  if (kind === 'email') {
    return found.warning(
      'comparison',
      'Backendless compares identities exactly. A sign-in sends the address in lower case, so it does not find an existing row whose address has capitals.',
    )
  }
  found.ok('comparison', 'Backendless compares identities exactly, as Auth0 does.')
}

/** True if a login with another spelling finds the user's row; `undefined` if the answer does not show it. */
async function finds(user: ThrowAwayUser, identity: string): Promise<boolean | undefined> {
  const answer = await user.logIn({ identity })
  if (isAccepted(answer)) return true
  return answer?.code === 3003 ? false : undefined
}

export async function checkOwnPassword(
  found: Findings,
  api: BackendlessApi,
  user: ThrowAwayUser,
): Promise<void> {
  const { token = '' } = user
  const change = await user.change({ password: newPassword() })
  if (!isSuccess(change)) {
    const words = `Backendless ${saidBy(change)} to a user who changed their own password`
    if (isRefused(change))
      found.failed('own password', `${words}, so a rotation can move nobody (\`not_moved\`).`)
    else found.warning('own password', `${words}, which does not tell whether they may.`)
    return
  }
  const isLive = await api.isLive(token)
  const login = await user.logIn()
  if (!isAccepted(login)) {
    const words = `Backendless accepted a user's new password, and ${saidBy(login)} to the login with it`
    if (isRefused(login)) found.failed('own password', `${words}. A rotation would lock users out.`)
    else found.warning('own password', `${words}.`)
    return
  }
  const session =
    isLive === undefined
      ? 'Backendless did not say whether the session before it lives on'
      : isLive
        ? 'The session before it lives on'
        : 'The session before it has ended, and a rotation logs in again'
  found.ok('own password', `A user may change their own password, and logs in with the new one. ${session}.`)
}

/** Makes the change by which a row follows a changed address. */
export async function checkOwnIdentity(
  found: Findings,
  user: ThrowAwayUser,
  { ownerColumn }: Config,
): Promise<void> {
  const change = await user.change({
    identity: user.identity.replace('doctor', 'renamed'),
    password: newPassword(),
  })
  const login = isSuccess(change) ? await user.logIn() : undefined
  if (isAccepted(login)) {
    found.ok(
      'own identity',
      'A user may change their own identity and password in one request, and logs in with both.',
    )
    return
  }
  const words = isSuccess(change)
    ? `Backendless accepted a user's new identity and password, and ${saidBy(login)} to the login with both`
    : `Backendless ${saidBy(change)} to a user who changed their own identity and password in one request`
  const means =
    ownerColumn === '' ? 'Only `ownerColumn` needs it' : 'No row follows a changed address (`not_renamed`)'
  const isFailure = ownerColumn !== '' && isRefused(isSuccess(change) ? login : change)
  found[isFailure ? 'failed' : 'warning']('own identity', `${words}. ${means}.`)
}
