// Users on an older password, for tests that move them.

import type { EventOverrides } from '@backendless-login/local-auth0'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import type { PasswordSetting } from '../../actions/backendless-login/settings.ts'
import { ADA, backendless, passwordOf, type SignInRecord, signIn } from './sign-in.ts'

export const derived = (id: string): PasswordSetting => ({ id, perUser: true })
export const shared = (id: string): PasswordSetting => ({ id, perUser: false })
export const value = (id: string) => `made-up-value-of-password-${id}`

/** Returns the password in Backendless of a user on this password. */
export function storedPassword(
  app: LocalBackendless,
  { id, perUser }: PasswordSetting,
  identity = ADA,
): string {
  return passwordOf(app, identity, { perUser, value: value(id) })
}

export function signInWith(
  app: LocalBackendless,
  passwords: readonly PasswordSetting[],
  event: EventOverrides = {},
): Promise<SignInRecord> {
  return signIn({ app, event, ...using(passwords) })
}

/** Returns the options of a sign-in with these passwords, newest first. */
export function using(passwords: readonly PasswordSetting[]) {
  const secrets = Object.fromEntries(passwords.map(({ id }) => [`PASSWORD_${id}`, value(id)]))
  return { settings: { passwords }, secrets }
}

export async function userOn(password: PasswordSetting, options = {}): Promise<LocalBackendless> {
  const app = await backendless(options)
  app.addUser({ email: ADA, password: storedPassword(app, password) })
  return app
}

/** Returns the requests, with the change as `PUT`. */
export function steps({ requests }: SignInRecord): string[] {
  return requests.map((request) => (request.startsWith('PUT /users/') ? 'PUT' : request))
}
