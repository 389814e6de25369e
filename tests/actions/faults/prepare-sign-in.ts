// Users for each path of a sign-in.
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { OWNER_COLUMN } from '../person.ts'
import { firstSignIn, metadataKey, PASSWORD, passwordOf, type SignInOptions } from '../sign-in.ts'
import type { PathName } from './sign-in-paths.ts'

const CURRENT = { id: '2', perUser: true }
const OLDER = { id: '1', perUser: true }
const OLDER_VALUE = 'made-up-value-of-the-older-password'

/** Returns the user's previous address. */
export const previousAddress = (email: string) => `older-${email}`

/** Adds a user who will take this path, and returns the options of the sign-in. */
export function prepareSignIn(path: PathName, app: LocalBackendless, email: string): SignInOptions {
  const user_id = `auth0|${email}`
  const user = { email, user_id, identities: [{ provider: 'auth0', user_id: email }] }
  const password = passwordOf(app, email)
  const options = {
    app,
    settings: { passwords: [CURRENT] },
    event: { user },
    secrets: { PASSWORD_1: OLDER_VALUE, PASSWORD_2: PASSWORD },
  }
  const owned = { ...options.settings, ownerColumn: OWNER_COLUMN }
  const remembering = (identity: string) => ({
    user: { ...user, app_metadata: { [metadataKey(app)]: { identity } } },
  })
  switch (path) {
    case 'known':
      app.addUser({ email, password })
      return options
    case 'brandNew':
      return { ...options, event: firstSignIn(user) }
    case 'unknown':
      return options
    case 'moved':
    case 'registeredBefore':
      app.addUser({ email, password: passwordOf(app, email, { value: OLDER_VALUE }) })
      return {
        ...options,
        settings: { passwords: [CURRENT, OLDER] },
        event: path === 'moved' ? { user } : firstSignIn(user),
      }
    case 'claimed':
      app.addUser({ email, password })
      return { ...options, settings: owned }
    case 'synced':
      app.addUser({ email, password, name: 'Zoë' })
      return { ...options, settings: { ...options.settings, profile: { name: 'name' }, syncProfile: true } }
    case 'renamed': {
      const older = previousAddress(email)
      app.addUser({ email: older, password: passwordOf(app, older), [OWNER_COLUMN]: user_id })
      return { ...options, settings: owned, event: remembering(older) }
    }
    case 'outdated':
      app.addUser({ email, password, [OWNER_COLUMN]: user_id })
      return { ...options, settings: owned, event: remembering(previousAddress(email)) }
    default:
      return path satisfies never
  }
}
