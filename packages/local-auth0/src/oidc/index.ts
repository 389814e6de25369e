// An OpenID provider in front of the local Auth0: applications use it like a tenant.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { LocalAuth0 } from '../index.ts'
import type { UserChange } from '../users/directory.ts'
import type { Addresses } from './applications.ts'
import { type DeniedWrites, type Execution, Executions } from './executions.ts'
import { profileOf } from './flow-event.ts'
import { logoutRoute } from './logout.ts'
import { knownPrompts } from './prompts.ts'
import { createProvider } from './provider.ts'
import { signInRoutes } from './sign-in.ts'
import { OidcTenant } from './tenant.ts'
import { type Application, DEFAULT_TENANT_FILE, readTenantFile } from './tenant-file.ts'
import { tokenEndpoint } from './token-endpoint.ts'
import type { User } from './users.ts'

export type { Addresses } from './applications.ts'
export type { Execution } from './executions.ts'
export type { Flow } from './flow-event.ts'
export { type Application, DEFAULT_TENANT_FILE, TenantFileError } from './tenant-file.ts'
export type { User } from './users.ts'

export interface TenantOptions {
  /** Runs the trigger with the Actions deployed and bound there. */
  readonly auth0: Pick<LocalAuth0, 'signIn' | 'directory'>
  /** Default: a free port. */
  readonly port?: number
  /** YAML or JSON. Default: `tenant.yaml` of this package. */
  readonly file?: string
  /** The tenant's id in events. Default: `local`. */
  readonly tenant?: string
  /** What happens to the metadata that a denied sign-in wrote. Unconfirmed for Auth0. Default: `kept`. */
  readonly deniedWrites?: DeniedWrites
}

/**
 * A tenant that people sign in to. It uses plain http, so that a browser needs no certificate; its cookies work for every
 * page on `localhost`, in frames too. A page on this machine signs in like this:
 *
 * ```ts
 * const auth0 = await startAuth0()
 * const tenant = await openTenant({ auth0 })
 * tenant.allow('DemoClientIdOfTheWebShop', { callbacks: [page], allowed_logout_urls: [page], web_origins: [page] })
 * tenant.onExecution(({ flow, outcome, logs }) => …)
 * // in the page: createAuth0Client({ domain: tenant.url, clientId: 'DemoClientIdOfTheWebShop', … })
 * await Promise.all([tenant.close(), auth0.close()])
 * ```
 */
export interface OpenTenant {
  /** `http://localhost:PORT`: the `domain` of Auth0's SDKs. */
  readonly url: string
  /** Ends with a slash, as in every token. */
  readonly issuer: string
  readonly port: number
  applications(): readonly Application[]
  /** Returns the users, without their passwords. */
  users(): readonly User[]
  /**
   * Adds addresses to an application: callbacks and logout URLs exactly as they are sent, origins without a path. A page of
   * an allowed origin may sign in silently and call the token endpoint.
   * @throws Error if there is no such application.
   */
  allow(clientId: string, addresses: Addresses): void
  /** Blocks or unblocks a user. @throws Error if there is no such user. */
  block(userId: string, blocked: boolean): void
  /** Changes a user's address or metadata. @throws Error if there is no such user. */
  change(userId: string, change: UserChange): void
  /** Adds a user to the tenant's first database. @throws SignUpError for the reasons that a person who signs up would read. */
  signUp(email: string, password: string, verified: boolean): User
  /** @throws Error if there is no such user. */
  remove(userId: string): void
  /** Links the second user into the first one. @throws Error if there is no such user. */
  link(primaryId: string, secondaryId: string): void
  /** Calls `listener` after each run of the trigger. Returns a function that removes the listener. */
  onExecution(listener: (execution: Execution) => void): () => void
  /** Closes all connections at once. The local Auth0 behind it keeps running. */
  close(): Promise<void>
}

/**
 * Reads the file and listens, on the loopback address only.
 * @throws TenantFileError, or the socket's error if the port is not free.
 */
export async function openTenant(options: TenantOptions): Promise<OpenTenant> {
  const { auth0, port = 0, file = DEFAULT_TENANT_FILE, tenant: id = 'local' } = options
  const tenant = new OidcTenant(
    await readTenantFile(file),
    new Executions((event) => auth0.signIn(event), id, options.deniedWrites ?? 'kept'),
  )
  auth0.directory.add({
    all: () =>
      tenant.users.all.map((user) => ({
        ...profileOf(user),
        blocked: user.blocked,
        logins_count: user.logins_count,
      })),
    change(userId, change) {
      if (!tenant.users.byId(userId)) return false
      tenant.users.change(userId, change)
      return true
    },
  })
  let answer = (_request: IncomingMessage, response: ServerResponse) => void response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const actualPort = typeof address === 'object' && address !== null ? address.port : port
  const url = `http://localhost:${actualPort}`

  const provider = await createProvider(tenant, `${url}/`, actualPort)
  provider.use(knownPrompts)
  provider.use(tokenEndpoint)
  provider.use(logoutRoute(provider, tenant))
  provider.use(signInRoutes(provider, tenant))
  const callback = provider.callback()
  answer = (request, response) => void callback(request, response)

  return {
    url,
    issuer: `${url}/`,
    port: actualPort,
    applications: () => tenant.applications.all,
    users: () => tenant.users.all,
    allow: (clientId, addresses) => tenant.applications.allow(clientId, addresses),
    block: (userId, blocked) => tenant.users.change(userId, { blocked }),
    change: (userId, change) => tenant.users.change(userId, change),
    signUp: (email, password, verified) =>
      tenant.users.signUp(tenant.database()?.name ?? '', email, password, verified),
    remove: (userId) => tenant.users.remove(userId),
    link: (primaryId, secondaryId) => tenant.users.link(primaryId, secondaryId),
    onExecution: (listener) => tenant.executions.subscribe(listener),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
