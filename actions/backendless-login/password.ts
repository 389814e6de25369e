import { createHmac } from 'node:crypto'
import { Secret } from './secret.ts'
import { API_KEY_SECRET, APP_ID_SECRET, passwordSecret, type Settings } from './settings.ts'

/** The version of the derivation in `userPassword`. A changed derivation needs another version. */
const DERIVATION = 'v1'

/** The Backendless application, and the passwords that a user may be on, newest first. */
export interface Credentials {
  readonly appId: Secret
  readonly apiKey: Secret
  readonly passwords: readonly [Password, ...Password[]]
}

export interface Password {
  readonly id: string
  readonly perUser: boolean
  readonly value: Secret
}

/** Reads the Action's secrets. Returns `undefined` if one of them is missing, empty or not a string. */
export function readCredentials(
  settings: Pick<Settings, 'passwords'>,
  secrets: Readonly<Record<string, unknown>>,
): Credentials | undefined {
  const appId = readSecret(secrets, APP_ID_SECRET)
  const apiKey = readSecret(secrets, API_KEY_SECRET)
  const passwords: Password[] = []
  for (const { id, perUser } of settings.passwords) {
    const value = readSecret(secrets, passwordSecret(id))
    if (!value) return undefined
    passwords.push({ id, perUser, value })
  }
  const [current, ...older] = passwords
  return appId && apiKey && current ? { appId, apiKey, passwords: [current, ...older] } : undefined
}

/**
 * The user's password in Backendless. With `perUser`, HMAC-SHA256 with the password as key over
 * `"v1\n" + appId + "\n" + identity`, in base64url. So a leaked value opens one account only, and a user who renames
 * their own row to somebody else's address gains nothing. Without `perUser`, the password itself.
 */
export function userPassword(password: Password, appId: Secret, identity: Secret): Secret {
  if (!password.perUser) return password.value
  const message = `${DERIVATION}\n${appId.reveal()}\n${identity.reveal()}`
  return new Secret(createHmac('sha256', password.value.reveal()).update(message).digest('base64url'))
}

function readSecret(secrets: Readonly<Record<string, unknown>>, name: string): Secret | undefined {
  const value = secrets[name]
  return typeof value === 'string' && value.trim() !== '' && value.isWellFormed()
    ? new Secret(value)
    : undefined
}
