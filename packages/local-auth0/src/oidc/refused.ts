import { errors } from 'oidc-provider'

/** An error answer of the token endpoint, in Auth0's form. */
export class Refused extends errors.OIDCProviderError {
  /** Without this, the provider would hide the details of a 500. */
  override expose = true
  override error_description: string

  constructor(status: number, error: string, description: string) {
    super(status, error)
    this.error_description = description
  }

  /** The answer after an Action denied or failed. The status is from reports of 2022 and 2024. */
  static denied(reason: string): Refused {
    return new Refused(500, 'access_denied', reason)
  }

  static wrongCredentials(): Refused {
    return new Refused(403, 'invalid_grant', 'Wrong email or password.')
  }

  static blocked(): Refused {
    return new Refused(401, 'unauthorized', 'user is blocked')
  }
}
