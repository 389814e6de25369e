// `--try-user`: what only a user can show. The user is registered for this, and deleted again.
import { randomBytes } from 'node:crypto'
import { type Config, inUse } from '../../provisioning/config-schema.ts'
import { type Answer, type BackendlessApi, isSuccess, saidBy } from '../backendless/api.ts'
import { fieldsOf } from '../fields.ts'
import type { Findings } from './findings.ts'

const OF_THE_USER = ['multiple logins', 'lock-out', 'rotation', 'recovery mails'] as const
export const TRIED = [...OF_THE_USER, 'throw-away user'] as const

interface User {
  readonly identity: string
  readonly password: string
  readonly objectId: string
}

export async function tryUser(
  found: Findings,
  api: BackendlessApi,
  { identity: kind, identityColumn, passwords }: Config,
): Promise<void> {
  const name = `backendless-login-doctor-${randomBytes(8).toString('hex')}`
  // example.com takes no mail: a confirmation or a recovery goes nowhere.
  const identity = kind === 'email' ? `${name}@example.com` : `auth0|${name}`
  const password = randomBytes(32).toString('base64url')
  const registered = await api.send('POST', '/users/register', { [identityColumn]: identity, password })
  const { objectId } = fieldsOf(registered?.body)
  if (!isSuccess(registered) || typeof objectId !== 'string') {
    found.failed(
      'registration',
      `Backendless ${saidBy(registered)} to the registration of a throw-away user.`,
    )
    found.notChecked(TRIED, 'The throw-away user could not be registered.')
    return
  }
  found.ok('registration', 'A throw-away user was registered.')
  const user: User = { identity, password, objectId }
  let token = await checkLogins(found, api, user)
  if (token === undefined) {
    found.notChecked(OF_THE_USER, 'The throw-away user could not log in.')
  } else {
    const older = inUse(passwords).length - 1
    // Each login may end the session before it.
    token = (await checkLockout(found, api, user, older)) ?? token
    await checkRecovery(found, api, user)
  }
  await remove(found, api, user, token)
}

/** Gives a token that may still be good. */
async function checkLogins(found: Findings, api: BackendlessApi, user: User): Promise<string | undefined> {
  const first = await login(api, user)
  const token = tokenOf(first)
  if (token === undefined) {
    const pending = first?.code === 3087 || first?.code === 3082
    const why = pending ? ': it wants e-mail addresses confirmed, which nobody does for Auth0' : ''
    found.failed('multiple logins', `Backendless ${saidBy(first)} to the first login of a new user${why}.`)
    return undefined
  }
  const second = await login(api, user)
  const later = tokenOf(second)
  if (later === undefined) {
    found.failed('multiple logins', `Backendless ${saidBy(second)} to a second login.`)
    return token
  }
  const lives = await api.isLive(token)
  if (lives) found.ok('multiple logins', 'A second login leaves the first session alone.')
  else if (lives === undefined) {
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
  return later
}

/** First what a sign-in may cost now, then what it may cost with one more password. Gives the last token. */
async function checkLockout(
  found: Findings,
  api: BackendlessApi,
  user: User,
  older: number,
): Promise<string | undefined> {
  const now = await survives(api, user, 2 + older)
  if (now.kind !== 'open') {
    found.failed('lock-out', `After ${2 + older} failed logins the right password was refused (${now.said}).`)
    found.notChecked(['rotation'], 'The lock-out leaves no room as it is.')
    return undefined
  }
  found.ok('lock-out', `After ${2 + older} failed logins the right password is still accepted.`)
  const then = await survives(api, user, 3 + older)
  const words = `After ${3 + older} failed logins, as a rotation may cause, the right password`
  if (then.kind === 'open') found.ok('rotation', `${words} is still accepted.`)
  else found.failed('rotation', `${words} was refused (${then.said}).`)
  return (then.kind === 'open' ? then.token : undefined) ?? now.token
}

async function survives(
  api: BackendlessApi,
  user: User,
  failures: number,
): Promise<
  | { readonly kind: 'open'; readonly token: string | undefined }
  | { readonly kind: 'refused'; readonly said: string }
> {
  for (let failure = 0; failure < failures; failure += 1) {
    await login(api, { ...user, password: `not ${user.password}` })
  }
  const answer = await login(api, user)
  // As many sessions as are allowed are open by now: the password was accepted all the same.
  const accepted = isSuccess(answer) || answer?.code === 3044 || answer?.code === 3002
  return accepted ? { kind: 'open', token: tokenOf(answer) } : { kind: 'refused', said: saidBy(answer) }
}

async function checkRecovery(found: Findings, api: BackendlessApi, { identity }: User): Promise<void> {
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

async function remove(
  found: Findings,
  api: BackendlessApi,
  { objectId }: User,
  token: string | undefined,
): Promise<void> {
  const path = `/data/Users/${encodeURIComponent(objectId)}`
  let answer = await api.send('DELETE', path, undefined, token)
  // The token may be dead: a new password may end sessions. Then it is the key's role that may delete, or not.
  if (!isSuccess(answer) && token !== undefined) answer = await api.send('DELETE', path)
  if (isSuccess(answer)) found.ok('throw-away user', 'The throw-away user is deleted.')
  else {
    found.warning(
      'throw-away user',
      `The throw-away user ${objectId} stays: Backendless ${saidBy(answer)} to its deletion.`,
    )
  }
}

function login(api: BackendlessApi, { identity, password }: User): Promise<Answer | undefined> {
  return api.send('POST', '/users/login', { login: identity, password })
}

function tokenOf(answer: Answer | undefined): string | undefined {
  const token = isSuccess(answer) ? fieldsOf(answer?.body)['user-token'] : undefined
  return typeof token === 'string' && token !== '' ? token : undefined
}
