// The parameters and the result of a deployment.

/** The tenant to deploy to. */
export interface Target {
  /** `localhost:PORT` */
  readonly domain: string
  readonly apiToken: string
  /** PEM. The only certificate that is trusted. */
  readonly certificate: string
}

export interface Deployment {
  readonly auth0: Target
  /** Keys without the project's name. A value that is not a string is passed as JSON. */
  readonly config: Readonly<Record<string, unknown>>
  readonly secretConfig: Readonly<Record<string, string>>
  /** Aborting it ends the deployment and its process at once. */
  readonly signal?: AbortSignal
}

/** The stack's outputs, secrets in plain text. */
export type Outputs = Readonly<Record<string, unknown>>

/** The program could not be deployed. The message comes from the program or the tenant. */
export class DeployError extends Error {
  override readonly name = 'DeployError'
}

/** The project's name in Pulumi.yaml: the namespace of its config. */
export const PROJECT_NAME = 'backendless-login'
/** The name of the stack. */
export const STACK = 'local'

/** Returns the config as Pulumi passes it to a program: keys are `project:key`, and values that are not strings are JSON. */
export function configStrings(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      `${PROJECT_NAME}:${key}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}
