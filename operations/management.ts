import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { rootCertificates } from 'node:tls'
import { clientAssertion } from './client-assertion.ts'
import { Problem } from './problem.ts'
import { record } from './record.ts'

const PATIENCE_MS = 30_000

/** Why Auth0 gave no answer that can be used. */
export type Obstacle = 'unreachable' | 'credentials' | 'scope' | 'absent' | 'trouble'

export class ManagementProblem extends Problem {
  readonly obstacle: Obstacle

  constructor(obstacle: Obstacle, sentence: string) {
    super(sentence)
    this.obstacle = obstacle
  }
}

/** Reads from Auth0's Management API, with the same variables of the environment as the deployment. */
export class ManagementApi {
  readonly #domain: string
  readonly #ca: string[] | undefined
  readonly #environment: NodeJS.ProcessEnv
  #token: string | undefined
  /** As the answer to client credentials says. */
  #granted: string | undefined
  #answeredAt: number | undefined

  /** @throws Problem where the tenant or the credentials are not named. */
  constructor(environment: NodeJS.ProcessEnv) {
    const { AUTH0_DOMAIN: domain, AUTH0_API_TOKEN: token, SSL_CERT_FILE: file } = environment
    if (!domain) throw new Problem('AUTH0_DOMAIN is not set: the tenant whose Action is to be looked at.')
    const { AUTH0_CLIENT_SECRET: secret, AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: key } = environment
    if (!token && !(environment.AUTH0_CLIENT_ID && (secret || key))) {
      throw new Problem(
        'Auth0 needs AUTH0_API_TOKEN, or AUTH0_CLIENT_ID with AUTH0_CLIENT_SECRET or AUTH0_CLIENT_ASSERTION_PRIVATE_KEY; the scope read:actions suffices.',
      )
    }
    this.#domain = domain
    this.#token = token || undefined
    this.#ca = file ? [...rootCertificates, readCertificates(file)] : undefined
    this.#environment = environment
  }

  /**
   * Auth0's clock when it sent the last answer, in milliseconds with a precision of a second: the header `Date`.
   * `undefined` if there was no answer yet, or no readable date in it.
   */
  get answeredAt(): number | undefined {
    return this.#answeredAt
  }

  /** @param path what follows `/api/v2` @throws Problem where Auth0 refuses or does not answer. */
  async get(path: string): Promise<unknown> {
    return this.#send('GET', `/api/v2${path}`, { authorization: `Bearer ${await this.#accessToken()}` })
  }

  /**
   * The scopes of the credentials, as Auth0 says with the token, or the token says itself; undefined where neither does.
   * @throws Problem where Auth0 gives no token.
   */
  async scopes(): Promise<readonly string[] | undefined> {
    const token = await this.#accessToken()
    return (this.#granted ?? scopeIn(token))?.split(' ').filter((scope) => scope !== '')
  }

  async #accessToken(): Promise<string> {
    this.#token ??= await this.#requestToken()
    return this.#token
  }

  async #requestToken(): Promise<string> {
    const { AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET } = this.#environment
    const proof = AUTH0_CLIENT_SECRET
      ? { client_secret: AUTH0_CLIENT_SECRET }
      : await clientAssertion(this.#environment, this.#domain)
    const answer = await this.#send(
      'POST',
      '/oauth/token',
      { 'content-type': 'application/json' },
      JSON.stringify({
        grant_type: 'client_credentials',
        client_id: AUTH0_CLIENT_ID,
        ...proof,
        audience: `https://${this.#domain}/api/v2/`,
      }),
    )
    const { access_token: token, scope } = record(answer)
    if (typeof token !== 'string') {
      throw new ManagementProblem('credentials', 'Auth0 gave no token for AUTH0_CLIENT_ID.')
    }
    this.#granted = typeof scope === 'string' ? scope : undefined
    return token
  }

  #send(
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>>,
    content = '',
  ): Promise<unknown> {
    const silent = () =>
      new ManagementProblem(
        'unreachable',
        `Auth0 at ${this.#domain} cannot be reached. Is AUTH0_DOMAIN right?`,
      )
    return new Promise((resolve, reject) => {
      const url = `https://${this.#domain}${path}`
      const trust = this.#ca ? { ca: this.#ca } : {}
      const outgoing = request(url, { method, headers, timeout: PATIENCE_MS, ...trust }, (incoming) => {
        let text = ''
        incoming.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        incoming.once('error', () => reject(silent()))
        incoming.once('end', () => {
          const { statusCode = 0 } = incoming
          const date = Date.parse(incoming.headers.date ?? '')
          this.#answeredAt = Number.isNaN(date) ? undefined : date
          if (statusCode !== 200) return reject(refused(statusCode, path))
          try {
            resolve(JSON.parse(text))
          } catch {
            reject(silent())
          }
        })
      })
      outgoing.once('timeout', () => outgoing.destroy())
      outgoing.once('close', () => reject(silent()))
      outgoing.once('error', () => reject(silent()))
      outgoing.end(content)
    })
  }
}

function refused(status: number, path: string): ManagementProblem {
  if (path === '/oauth/token') {
    return new ManagementProblem(
      'credentials',
      `Auth0 refused AUTH0_CLIENT_ID with its secret or private key (status ${status}).`,
    )
  }
  if (status === 401) {
    return new ManagementProblem(
      'credentials',
      'Auth0 refused the token: AUTH0_API_TOKEN is wrong or has expired.',
    )
  }
  if (status === 403) return new ManagementProblem('scope', 'The Auth0 token lacks the scope read:actions.')
  if (status === 404) {
    return new ManagementProblem(
      'absent',
      'The Action of this stack is not in the tenant of AUTH0_DOMAIN. Is it the right tenant?',
    )
  }
  return new ManagementProblem('trouble', `Auth0 answered ${status}. Try again later.`)
}

/** The claim `scope` of a token that is a JWT. Whether the token is good is for Auth0 to say. */
function scopeIn(token: string): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    const { scope } = record(payload)
    return typeof scope === 'string' ? scope : undefined
  } catch {
    return undefined
  }
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Problem('SSL_CERT_FILE names a file that cannot be read.')
  }
}
