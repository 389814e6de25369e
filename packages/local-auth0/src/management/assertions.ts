// A client that signs in to the Management API with a private key instead of a secret.
import { createPublicKey } from 'node:crypto'
import { jwtVerify } from 'jose'

interface Client {
  readonly id: string
  /** PEM. Without it no assertion is accepted. */
  readonly publicKey?: string | undefined
}

export class Assertions {
  readonly #client: Client
  readonly #issuer: () => string
  readonly #served = new Set<string>()

  /** @param issuer of the tenant, `https://DOMAIN/`. */
  constructor(client: Client, issuer: () => string) {
    this.#client = client
    this.#issuer = issuer
  }

  /**
   * RFC 7523: the assertion's issuer and subject are the client, and it expires soon. Auth0 requires its own issuer as the
   * only audience, and accepts each `jti` once.
   */
  async accepts(assertion: string): Promise<boolean> {
    const { id, publicKey } = this.#client
    if (publicKey === undefined) return false
    const options = {
      issuer: id,
      subject: id,
      audience: this.#issuer(),
      maxTokenAge: '5 minutes',
      requiredClaims: ['exp', 'jti'],
    }
    try {
      const { payload } = await jwtVerify(assertion, createPublicKey(publicKey), options)
      const { aud, jti } = payload
      if (typeof aud !== 'string' || jti === undefined || this.#served.has(jti)) return false
      this.#served.add(jti)
      return true
    } catch {
      return false
    }
  }
}
