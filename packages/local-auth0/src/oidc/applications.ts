// The applications of the tenant. Addresses can be added while it runs, because a page learns its port when it listens.
import type { AdapterPayload } from 'oidc-provider'
import type { Application } from './tenant-file.ts'

export const PASSWORD_GRANT = 'password'
export const PASSWORD_REALM_GRANT = 'http://auth0.com/oauth/grant-type/password-realm'

/** Addresses to add to an application, each exactly as it is used. */
export interface Addresses {
  readonly callbacks?: readonly string[]
  readonly allowed_logout_urls?: readonly string[]
  readonly web_origins?: readonly string[]
}

export class Applications {
  readonly #applications: Map<string, Application>

  constructor(applications: readonly Application[]) {
    this.#applications = new Map(applications.map((one) => [one.client_id, one]))
  }

  get all(): readonly Application[] {
    return [...this.#applications.values()]
  }

  byId(clientId: string): Application | undefined {
    return this.#applications.get(clientId)
  }

  /** @throws Error if there is no such application. */
  allow(clientId: string, { callbacks = [], allowed_logout_urls = [], web_origins = [] }: Addresses): void {
    const before = this.#applications.get(clientId)
    if (!before) throw new Error(`The tenant has no application ${clientId}.`)
    this.#applications.set(clientId, {
      ...before,
      callbacks: [...before.callbacks, ...callbacks],
      allowed_logout_urls: [...before.allowed_logout_urls, ...allowed_logout_urls],
      web_origins: [...before.web_origins, ...web_origins],
    })
  }

  /** True if each refresh issues a new refresh token. */
  rotates(clientId: string): boolean {
    const application = this.#applications.get(clientId)
    return (
      (application?.refresh_token ?? (application?.client_secret ? 'non-rotating' : 'rotating')) ===
      'rotating'
    )
  }

  /** As in Auth0, the origins of an application's callbacks are allowed too. */
  allowsOrigin(clientId: string, origin: string): boolean {
    const application = this.#applications.get(clientId)
    return [...(application?.web_origins ?? []), ...(application?.callbacks ?? [])].some(
      (address) => new URL(address).origin === origin,
    )
  }

  /** Returns the application in the provider's form. */
  clientMetadata(clientId: string): AdapterPayload | undefined {
    const application = this.#applications.get(clientId)
    if (!application) return undefined
    const secret = application.client_secret
    return {
      client_id: clientId,
      client_name: application.name,
      ...(secret === undefined ? {} : { client_secret: secret }),
      token_endpoint_auth_method: secret === undefined ? 'none' : 'client_secret_post',
      application_type: 'web',
      redirect_uris: [...application.callbacks],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token', PASSWORD_GRANT, PASSWORD_REALM_GRANT],
      id_token_signed_response_alg: 'RS256',
    }
  }
}
