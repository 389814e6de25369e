// What the parts of the provider share: applications, users, and the sign-in of a request.
import type { KoaContextWithOIDC } from 'oidc-provider'
import { Applications } from './applications.ts'
import type { Executions } from './executions.ts'
import type { Flow, SignIn } from './flow-event.ts'
import type { Api, Connection, TenantFile } from './tenant-file.ts'
import { type User, Users } from './users.ts'

/** How a user signed in, as stored with the session and the tokens: in the provider's `amr`. */
export type Authentication = readonly [method: string, connection: string]

export class OidcTenant {
  readonly connections: readonly Connection[]
  readonly apis: readonly Api[]
  readonly applications: Applications
  readonly users: Users
  readonly executions: Executions

  constructor(file: TenantFile, executions: Executions) {
    this.connections = file.connections
    this.apis = file.apis
    this.applications = new Applications(file.applications)
    this.users = new Users(file.users, file.connections)
    this.executions = executions
  }

  connection(name: string | undefined): Connection | undefined {
    return this.connections.find((connection) => connection.name === name)
  }

  /** Returns the database of this name. Default: the first database. */
  database(name?: string): Connection | undefined {
    return this.connections.find(
      (connection) => connection.strategy === 'auth0' && (name === undefined || connection.name === name),
    )
  }

  authentication({ name, strategy }: Connection): Authentication {
    return [strategy === 'auth0' ? 'pwd' : 'federated', name]
  }

  /** Returns what the trigger needs. @throws Error if the tenant no longer has the connection or the application. */
  signIn(
    ctx: KoaContextWithOIDC,
    flow: Flow,
    user: User,
    [method = '', connectionName]: readonly string[],
    authenticatedAt: number,
  ): SignIn {
    const connection = this.connection(connectionName)
    const application = this.applications.byId(ctx.oidc.client?.clientId ?? '')
    if (!connection || !application) throw new Error('The tenant has no such connection or application.')
    return { flow, user, connection, application, method, authenticatedAt }
  }
}
