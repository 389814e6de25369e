import { createManagementAuth, ManagementClient } from 'auth0/management'
import type { z } from 'zod'
import { fieldsOf } from '../fields.ts'
import { Problem } from '../problem.ts'
import { trustingFetch } from './certificates.ts'
import { tenantCredentials } from './credentials.ts'
import { type Purpose, requestProblem, tokenProblem } from './problem.ts'

export const TIMEOUT_S = 30

/** The Management API of the tenant of AUTH0_DOMAIN, with the credentials of the deployment. */
export class TenantClient {
  readonly domain: string
  readonly management: ManagementClient
  readonly #getToken: () => Promise<string>
  #answeredAt: number | undefined

  /** @throws Problem if the environment does not name the tenant and usable credentials. */
  constructor(environment: NodeJS.ProcessEnv) {
    const credentials = tenantCredentials(environment)
    const send = trustingFetch(environment)
    const options = {
      timeoutInSeconds: TIMEOUT_S,
      telemetry: false,
      fetch: async (...request: Parameters<typeof fetch>) => {
        const response = await send(...request)
        const date = Date.parse(response.headers.get('date') ?? '')
        this.#answeredAt = Number.isNaN(date) ? undefined : date
        return response
      },
    }
    this.domain = credentials.domain
    this.#getToken = createManagementAuth({ ...credentials, ...options }).getToken
    this.management = new ManagementClient({ domain: this.domain, token: this.#getToken, ...options })
  }

  /**
   * Auth0's clock when it sent its latest answer, in milliseconds with a precision of a second: the header `Date`.
   * `undefined` before the first answer, and if that has no readable date.
   */
  get answeredAt(): number | undefined {
    return this.#answeredAt
  }

  /** The scopes of the credentials, or `undefined` if the token does not name them. */
  async scopes(): Promise<readonly string[] | undefined> {
    return scopeIn(await this.#token())
      ?.split(' ')
      .filter((scope) => scope !== '')
  }

  /**
   * Sends a request with `ask`, and reads its answer.
   * @throws TenantProblem if Auth0 refuses or does not answer.
   * @throws Problem if the answer does not have the form of `schema`.
   */
  async read<T>(purpose: Purpose, schema: z.ZodType<T>, ask: () => Promise<unknown>): Promise<T> {
    await this.#token()
    let answer: unknown
    try {
      answer = await ask()
    } catch (error) {
      throw requestProblem(error, this.domain, purpose)
    }
    const { success, data } = schema.safeParse(answer)
    if (!success) throw new Problem('Auth0 answered something that this command cannot read.')
    return data
  }

  async #token(): Promise<string> {
    try {
      return await this.#getToken()
    } catch (error) {
      throw tokenProblem(error, this.domain)
    }
  }
}

/** The claim `scope` of a token that is a JWT, as Auth0's are. The signature is not checked: Auth0 does that. */
function scopeIn(token: string): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    const { scope } = fieldsOf(payload)
    return typeof scope === 'string' ? scope : undefined
  } catch {
    return undefined
  }
}
