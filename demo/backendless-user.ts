// Requests to Backendless with a user token, like those of a client.
import type { LocalBackendless } from '@backendless-login/local-backendless'

/**
 * Writes to the row of the token's user, and reads it. Returns `undefined` if the token opens no row. In the demo both need
 * the token of the row's own user.
 */
export async function openOwnRow(
  backendless: LocalBackendless,
  token: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const objectId = backendless.ownerOf(token)?.objectId
  if (objectId === undefined) return undefined
  const written = await call(backendless, 'PUT', objectId, token, { opened: true })
  const read = await call(backendless, 'GET', objectId, token)
  const row: unknown = await read.json()
  const whole = written.ok && read.ok && typeof row === 'object' && row !== null
  return whole && Reflect.get(row, 'opened') === true ? { ...row } : undefined
}

/** Writes another address into the row of the token's user. @throws Error if Backendless refuses. */
export async function renameRow(
  backendless: LocalBackendless,
  token: string | undefined,
  email: string,
): Promise<void> {
  const objectId = token && backendless.ownerOf(token)?.objectId
  if (!objectId) throw new Error('There is no row to rename: the user has no token.')
  const response = await call(backendless, 'PUT', objectId, token, { email })
  if (!response.ok) throw new Error(`Backendless refused to rename the row: ${response.status}.`)
}

function call(
  { url, appId, keys }: LocalBackendless,
  method: string,
  objectId: string,
  token: string,
  body?: unknown,
): Promise<Response> {
  return fetch(`${url}/${appId}/${keys.rest}/data/Users/${objectId}`, {
    method,
    headers: { 'user-token': token, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}
