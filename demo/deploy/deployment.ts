// What a deployment takes and returns.

/** The tenant to deploy to: what the deployer needs of the local Auth0. */
export interface Target {
  /** `localhost:PORT` */
  readonly domain: string
  readonly apiToken: string
  /** PEM. The only certificate that is trusted. */
  readonly certificate: string
}

export interface Deployment {
  readonly auth0: Target
  /** Keys without the project's name. A value that is not a string is passed on as JSON. */
  readonly config: Readonly<Record<string, unknown>>
  readonly secretConfig: Readonly<Record<string, string>>
  /** Aborted, it ends the deployment and its process at once. */
  readonly signal?: AbortSignal
}

/** The stack's outputs, secrets in plain text. */
export type Outputs = Readonly<Record<string, unknown>>

/** The program could not be deployed. The message is that of the program or of the tenant. */
export class DeployError extends Error {
  override readonly name = 'DeployError'
}

/** The project's name in Pulumi.yaml: the namespace of its config. */
export const PROJECT = 'backendless-login'
/** The name of the stack, which the program can ask for. */
export const STACK = 'local'

/** The config as Pulumi passes it to a program: `project:key`, with JSON for every value that is not a string. */
export function configStrings(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      `${PROJECT}:${key}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}
