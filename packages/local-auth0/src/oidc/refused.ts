import { errors } from 'oidc-provider'

/** An answer of the token endpoint that is no success, in the shape in which Auth0 gives it. */
export class Refused extends errors.OIDCProviderError {
  /** Sent as it is, whatever the status: the provider would hide what goes with a 500. */
  override expose = true
  override error_description: string

  constructor(status: number, error: string, description: string) {
    super(status, error)
    this.error_description = description
  }

  /** An Action denied, or failed. The status is that of a report from 2022. */
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
