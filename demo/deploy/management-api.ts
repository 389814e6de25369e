import { Agent, request } from 'node:https'
import type { Target } from './deployment.ts'

/** Time limit for one call, in milliseconds. */
const TIMEOUT_MS = 30_000

/** Calls of Auth0's Management API over HTTPS. */
export class ManagementApi {
  readonly #target: Pick<Target, 'domain' | 'apiToken' | 'certificate'>
  readonly #agent: Agent

  constructor(target: Pick<Target, 'domain' | 'apiToken' | 'certificate'>) {
    this.#target = target
    this.#agent = new Agent({ keepAlive: true, ca: target.certificate })
  }

  /**
   * @param path below `/api/v2`.
   * @throws Error with Auth0's message if the call fails.
   */
  async call(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<unknown> {
    const { status, text } = await this.#send(method, path, body === undefined ? '' : JSON.stringify(body))
    const answer: unknown = text === '' ? undefined : JSON.parse(text)
    if (status >= 200 && status < 300) return answer
    throw new Error(`Auth0 answered ${status} to ${method} ${path}: ${messageOf(answer)}`)
  }

  #send(method: string, path: string, content: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const headers: Record<string, string> = { authorization: `Bearer ${this.#target.apiToken}` }
      if (content !== '') headers['content-type'] = 'application/json'
      const outgoing = request(
        `https://${this.#target.domain}/api/v2${path}`,
        { method, headers, agent: this.#agent, timeout: TIMEOUT_MS },
        (incoming) => {
          let text = ''
          incoming.setEncoding('utf8')
          incoming.on('data', (part: string) => {
            text += part
          })
          incoming.once('error', reject)
          incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text }))
        },
      )
      outgoing.once('timeout', () =>
        outgoing.destroy(new Error(`Auth0 did not answer ${method} ${path} in ${TIMEOUT_MS / 1000} s.`)),
      )
      outgoing.once('error', reject)
      outgoing.end(content)
    })
  }
}

function messageOf(answer: unknown): string {
  const message = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'message') : undefined
  return typeof message === 'string' ? message : 'no message'
}
