// The demo with its page: both services, a tenant to sign in to, and the page's server.
import type { LocalAuth0 } from '@backendless-login/local-auth0'
import { openTenant } from '@backendless-login/local-auth0/oidc'
import { Accounts } from './accounts.ts'
import { ActivityFeed, type LogEntrySeen } from './activity.ts'
import { PortError } from './command-line.ts'
import type { Deployment } from './deploy/index.ts'
import { DeployedProgram } from './deployed.ts'
import { createPageServer, DEMO_MARK } from './page-server.ts'
import { CLIENT_ID } from './scenario.ts'
import { deploymentOf, startServices } from './services.ts'

/** The entries of a sign-in are among the last ones; those of concurrent sign-ins may lie between them. */
const ENTRIES_SEARCHED = 50

export interface LiveDemo {
  /** The page. */
  readonly url: string
  /** URL of the tenant to sign in to. */
  readonly tenant: string
  readonly backendless: string
  /** Stops the page, the tenant and both services at once. */
  close(): Promise<void>
}

export interface LiveOptions {
  /** Port of the page. */
  readonly port: number
  readonly signal: AbortSignal
  readonly onProgress?: (line: string) => void
  /** Configuration keys that replace those of the demo. Default: none. */
  readonly config?: Deployment['config']
}

/**
 * Starts everything, and deploys the program. If that fails, nothing is left running.
 * @throws PortError if the page's port is in use. @throws DeployError if the program cannot be deployed.
 */
export async function startLiveDemo(options: LiveOptions): Promise<LiveDemo> {
  const { port, signal, onProgress, config = {} } = options
  await checkPort(port)
  const closers: (() => unknown)[] = []
  const close = async () => {
    await Promise.all(closers.splice(0).map((each) => each()))
  }
  try {
    const feed = new ActivityFeed()
    const {
      auth0,
      backendless,
      close: closeServices,
    } = await startServices({}, (record) => feed.request(record))
    closers.push(closeServices)
    const tenant = await openTenant({ auth0 })
    closers.push(() => tenant.close())
    tenant.onExecution((execution) => feed.execution(execution, entriesOf(auth0.logs, execution.userId)))

    onProgress?.('Deploying index.ts without the Pulumi engine …')
    const program = new DeployedProgram(deploymentOf({ auth0, backendless }, signal, config))
    const { claim } = await program.start()
    const accounts = new Accounts(tenant, backendless, program)
    accounts.addRowsOfListedUsers()
    const server = await createPageServer({
      backendless,
      program,
      accounts,
      feed,
      config: () => ({
        mark: DEMO_MARK,
        domain: tenant.url,
        clientId: CLIENT_ID,
        claim: String(claim),
        backendless: { serverURL: backendless.url, appId: backendless.appId, apiKey: backendless.keys.js },
      }),
    })
    closers.push(() => server.close())
    await server.listen({ host: '127.0.0.1', port })
    const address = server.server.address()
    const url = `http://localhost:${typeof address === 'object' && address !== null ? address.port : port}`
    tenant.allow(CLIENT_ID, { callbacks: [url], allowed_logout_urls: [url], web_origins: [url] })
    return { url, tenant: tenant.url, backendless: backendless.url, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Returns the entries of the user's last sign-in, oldest first. They refer to the same execution. */
function entriesOf({ entries }: LocalAuth0['logs'], userId: string): LogEntrySeen[] {
  const own = entries.slice(-ENTRIES_SEARCHED).filter(({ user_id }) => user_id === userId)
  const last = JSON.stringify(own.at(-1)?.details.actions)
  return own
    .filter(({ details }) => JSON.stringify(details.actions) === last)
    .map(({ type, description = '', client_name, user_name }) => ({
      type,
      description,
      client: String(client_name),
      user: String(user_name),
    }))
}

/** @throws PortError if the port is in use, with a sentence of its own if another demo uses it. */
async function checkPort(port: number): Promise<void> {
  if (port === 0) return
  const other = await fetch(`http://127.0.0.1:${port}/config.json`, {
    signal: AbortSignal.timeout(1_000),
  }).then(
    (response) => response.text(),
    (error: unknown) => (isRefused(error) ? undefined : ''),
  )
  if (other === undefined) return
  if (other.includes(DEMO_MARK)) {
    throw new PortError(`A demo runs already: http://localhost:${port}. --port starts another one beside it.`)
  }
  throw new PortError(`Port ${port} is in use by another program. Name a free one with --port.`)
}

function isRefused(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined
  return typeof cause === 'object' && cause !== null && Reflect.get(cause, 'code') === 'ECONNREFUSED'
}
