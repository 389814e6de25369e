import { type LocalAuth0, startAuth0 } from '@backendless-login/local-auth0'
import {
  type LocalBackendless,
  type RequestListener,
  startBackendless,
} from '@backendless-login/local-backendless'
import { PortError } from './command-line.ts'
import { type Deployment, endIdleProcess } from './deploy/index.ts'
import { CLIENT_ID } from './scenario.ts'

/** The demo's `ownerColumn`. */
export const DEMO_OWNER_COLUMN = 'auth0Id'

export interface Services {
  readonly auth0: LocalAuth0
  readonly backendless: LocalBackendless
  close(): Promise<void>
}

/** Default: free ports. */
export interface Ports {
  readonly auth0?: number | undefined
  readonly backendless?: number | undefined
}

/**
 * The settings that docs/settings.md recommends: each user may update their own row only. Addresses are compared without
 * regard to case.
 */
const SETTINGS = {
  multipleLogins: true,
  maxConcurrentLogins: 100,
  ownRowOnly: true,
  recovery: false,
  compare: 'ignoreCase',
} as const

/** Returns the deployment of the program. @param config keys that are added to those of the demo, or replace them. */
export function deploymentOf(
  { auth0, backendless }: Pick<Services, 'auth0' | 'backendless'>,
  signal: AbortSignal,
  config: Deployment['config'] = {},
): Deployment {
  const { appId, url, keys } = backendless
  const own = { appId, serverUrl: url, clients: [CLIENT_ID], ownerColumn: DEMO_OWNER_COLUMN }
  return { auth0, config: { ...own, ...config }, secretConfig: { apiKey: keys.rest }, signal }
}

/**
 * Starts both services.
 * @param clientPublicKey PEM; with it, the client of the Management API may sign in with the private key.
 * @throws PortError, with nothing left running.
 */
export async function startServices(
  ports: Ports = {},
  onRequest?: RequestListener,
  clientPublicKey?: string,
): Promise<Services> {
  const backendless = await listening('Backendless', ports.backendless, (port) =>
    startBackendless({ ...port, ...SETTINGS, ...(onRequest ? { onRequest } : {}) }),
  )
  backendless.addColumns(DEMO_OWNER_COLUMN)
  try {
    const auth0 = await listening('Auth0', ports.auth0, (port) =>
      startAuth0({ ...port, ...(clientPublicKey === undefined ? {} : { clientPublicKey }) }),
    )
    return {
      auth0,
      backendless,
      close: async () => {
        await Promise.all([auth0.close(), backendless.close(), endIdleProcess()])
      },
    }
  } catch (error) {
    await backendless.close()
    throw error
  }
}

async function listening<Service>(
  name: 'Auth0' | 'Backendless',
  port: number | undefined,
  start: (port: { port?: number }) => Promise<Service>,
): Promise<Service> {
  try {
    return await start(port === undefined ? {} : { port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const why = code === 'EADDRINUSE' ? 'is in use' : code === 'EACCES' ? 'is not for this user' : undefined
    if (port === undefined || why === undefined) throw error
    const option = `--${name.toLowerCase()}-port`
    throw new PortError(`Port ${port} ${why}. Name another one with ${option}, or none for a free one.`)
  }
}
