// What the Action is measured against: bare requests, and the requests of the former rule.
import https, { Agent } from 'node:https'
import type { Network } from './network.ts'

const GIVEN_UP_MS = 20_000

/** Sends requests one by one. Resolves to the body of an answer with status 200, and rejects otherwise. */
export class Requests {
  readonly #network: Network
  /** `false`: a new connection for each request. */
  readonly #agent: Agent | false

  constructor(network: Network, connections: 'warm' | 'new each') {
    this.#network = network
    this.#agent = connections === 'warm' && new Agent({ keepAlive: true, scheduling: 'lifo' })
  }

  login(email: string): Promise<string> {
    return this.#send('POST', '/users/login', { login: email, password: this.#network.passwordOf(email) })
  }

  register(email: string): Promise<string> {
    return this.#send('POST', '/users/register', { email, password: this.#network.passwordOf(email) })
  }

  /** Updates a row with the token of its own user. */
  update(objectId: string, token: string, fields: object): Promise<string> {
    return this.#send('PUT', `/users/${objectId}`, fields, { 'user-token': token })
  }

  find(email: string): Promise<string> {
    return this.#send('GET', `/data/Users?where=${encodeURIComponent(`email='${email}'`)}`)
  }

  close(): void {
    if (this.#agent) this.#agent.destroy()
  }

  #send(method: string, path: string, fields?: object, more: Record<string, string> = {}): Promise<string> {
    const { url, appId, apiKey } = this.#network
    const body = fields && JSON.stringify(fields)
    const headers = body
      ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...more }
      : more
    const options = { method, headers, agent: this.#agent, timeout: GIVEN_UP_MS }
    return new Promise((resolve, reject) => {
      const request = https.request(`${url}/${appId}/${apiKey}${path}`, options, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('error', reject).on('end', () => {
          if (answer.statusCode === 200) resolve(text)
          else reject(new Error(`${method} ${path.split('?')[0]} answered ${answer.statusCode}: ${text}`))
        })
      })
      request
        .on('error', reject)
        .on('timeout', () => request.destroy(new Error('No answer')))
        .end(body)
    })
  }
}

/** The rule's sign-in: finds the user, registers one if there is none, and logs in, each on a new connection. */
export async function signInAsTheRuleDid(requests: Requests, email: string): Promise<void> {
  const found: unknown = JSON.parse(await requests.find(email))
  if (!Array.isArray(found)) throw new Error('A search did not answer with a list')
  if (found.length === 0) await requests.register(email)
  await requests.login(email)
}
