// What both ways to deploy take and give.

/** Where to deploy: the part of the local Auth0 that a deployer needs. */
export interface Target {
  /** `localhost:PORT` */
  readonly domain: string
  readonly apiToken: string
  /** PEM; trusted in place of the machine's authorities. */
  readonly certificate: string
  /** AUTH0_DOMAIN, AUTH0_API_TOKEN and SSL_CERT_FILE, for the provider of the real engine. */
  readonly environment: Readonly<Record<string, string>>
}

export interface Deployment {
  readonly auth0: Target
  /** Keys without the project's name in front; what is no string is handed over as JSON. */
  readonly config: Readonly<Record<string, unknown>>
  readonly secretConfig: Readonly<Record<string, string>>
  /** Ends the deployment and all its processes at once. */
  readonly signal?: AbortSignal
}

/** The stack's outputs, secrets in plain text. */
export type Outputs = Readonly<Record<string, unknown>>

/** The program, or what it declares, could not be deployed. The message says why, as the program or the tenant said it. */
export class DeployError extends Error {
  override readonly name = 'DeployError'
}

/** The project's name in Pulumi.yaml: the namespace of its config. */
export const PROJECT = 'backendless-login'
/** A name for the one stack of a deployment. */
export const STACK = 'local'

/** The config as Pulumi hands it to a program: `project:key`, and JSON for what is no string. */
export function configStrings(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      `${PROJECT}:${key}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}
