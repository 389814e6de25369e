// The checks of `--try-user` that log in: sessions, lock-out, password recovery.
import type { Config } from '../../provisioning/config-schema.ts'
import { inUse } from '../../provisioning/passwords-schema.ts'
import { type BackendlessApi, isSuccess, saidBy } from '../backendless/api.ts'
import { fieldsOf } from '../fields.ts'
import type { Findings } from './findings.ts'
import { isAccepted, type ThrowAwayUser } from './throw-away-user.ts'

export const LOGIN_CHECKS = ['multiple logins', 'lock-out', 'rotation', 'recovery mails'] as const

/** Returns the user's row, or `undefined` if the user cannot log in. */
export async function checkLogins(
  found: Findings,
  api: BackendlessApi,
  user: ThrowAwayUser,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const first = await user.logIn()
  const { token } = user
  if (!isSuccess(first) || token === undefined) {
    const pending = first?.code === 3087 || first?.code === 3082
    const why = pending ? ': it wants e-mail addresses confirmed, which nobody does for Auth0' : ''
    found.failed('multiple logins', `Backendless ${saidBy(first)} to the first login of a new user${why}.`)
    return undefined
  }
  const row = fieldsOf(first?.body)
  const second = await user.logIn()
  if (!isSuccess(second)) {
    found.failed('multiple logins', `Backendless ${saidBy(second)} to a second login.`)
    return row
  }
  const isLive = await api.isLive(token)
  if (isLive) found.ok('multiple logins', 'A second login leaves the first session alone.')
  else if (isLive === undefined) {
    found.warning(
      'multiple logins',
      'Backendless did not say whether the first session outlived a second login.',
    )
  } else {
    found.warning(
      'multiple logins',
      "A second login ended the first session: each sign-in ends the user's others.",
    )
  }
  return row
}

/** Fails as many logins as a sign-in can now, then as many as it can with one more password in use. */
export async function checkLockout(
  found: Findings,
  user: ThrowAwayUser,
  { passwords }: Config,
): Promise<void> {
  const older = inUse(passwords).length - 1
  const refusal = await refusalAfter(user, 2 + older)
  if (refusal !== undefined) {
    found.failed('lock-out', `After ${2 + older} failed logins the right password was refused (${refusal}).`)
    found.notChecked(['rotation'], 'The lock-out leaves no room as it is.')
    return
  }
  found.ok('lock-out', `After ${2 + older} failed logins the right password is still accepted.`)
  const later = await refusalAfter(user, 3 + older)
  const words = `After ${3 + older} failed logins, as a rotation may cause, the right password`
  if (later === undefined) found.ok('rotation', `${words} is still accepted.`)
  else found.failed('rotation', `${words} was refused (${later}).`)
}

/** Returns how Backendless refused the right password after `failures` wrong ones; `undefined` if it was accepted. */
async function refusalAfter(user: ThrowAwayUser, failures: number): Promise<string | undefined> {
  for (let failure = 0; failure < failures; failure += 1) {
    await user.logIn({ password: `not ${user.password}` })
  }
  const answer = await user.logIn()
  return isAccepted(answer) ? undefined : saidBy(answer)
}

export async function checkRecovery(
  found: Findings,
  api: BackendlessApi,
  { identity }: ThrowAwayUser,
): Promise<void> {
  const answer = await api.send('GET', `/users/restorepassword/${encodeURIComponent(identity)}`)
  if (answer?.code === 3101) found.ok('recovery mails', 'Backendless sends no user a new password.')
  else if (isSuccess(answer)) {
    found.warning('recovery mails', 'Anyone can have a new password sent to a user of the application.')
  } else {
    found.warning(
      'recovery mails',
      `Backendless ${saidBy(answer)}, and did not say that recovery is off (3101).`,
    )
  }
}
