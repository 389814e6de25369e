// The faults of Backendless that a visitor can choose on the page.
import type { Fault, LocalBackendless } from '@backendless-login/local-backendless'

/** The requests of the Action. Faults do not apply to those of the page. */
const ROUTES = ['POST /users/login', 'POST /users/register', 'PUT /users/*']

const FAULTS = {
  slow: { kind: 'delay', ms: 1_500 },
  down: { kind: 'answer', status: 503, body: 'Service Unavailable' },
  silent: { kind: 'hang' },
  // 3034: login is disabled for the application.
  refusing: { kind: 'code', code: 3034 },
} as const satisfies Readonly<Record<string, Fault>>

export const BEHAVIOURS = ['well', 'slow', 'down', 'silent', 'refusing'] as const
export type Behaviour = (typeof BEHAVIOURS)[number]

export function isBehaviour(value: unknown): value is Behaviour {
  return BEHAVIOURS.some((behaviour) => behaviour === value)
}

export function behave({ faults }: Pick<LocalBackendless, 'faults'>, behaviour: Behaviour): void {
  faults.clear()
  if (behaviour === 'well') return
  for (const route of ROUTES) faults.add({ route, fault: FAULTS[behaviour] })
}

/**
 * Sets a password that the Action does not know in the user's row, with the CodeRunner key.
 * @throws Error if there is no such row.
 */
export async function setRowPassword(
  { url, appId, keys, user }: LocalBackendless,
  identity: string,
  password: string,
): Promise<void> {
  const objectId = user(identity)?.objectId
  if (typeof objectId !== 'string') throw new Error('This user has no row in Backendless yet.')
  const response = await fetch(`${url}/${appId}/${keys.codeRunner}/users/${objectId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password }),
  })
  if (!response.ok) throw new Error(`Backendless refused: ${response.status}.`)
}
