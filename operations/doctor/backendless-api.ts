import type { Config } from '../../provisioning/config-schema.ts'
import { fieldsOf } from '../fields.ts'

/** Longer than a sign-in waits, so that a slow service is told from a silent one. */
const PATIENCE_MS = 10_000

export interface Answer {
  readonly status: number
  /** Backendless' own, in the body of a refusal. */
  readonly code: number | undefined
  readonly body: unknown
  readonly ms: number
}

/** Requests with the stack's key. The address holds the key, so no error and no address comes out of here. */
export class BackendlessApi {
  readonly #base: string

  constructor({ serverUrl, appId, apiKey }: Pick<Config, 'serverUrl' | 'appId' | 'apiKey'>) {
    this.#base = `${serverUrl}/${encodeURIComponent(appId)}/${encodeURIComponent(apiKey)}`
  }

  /** Undefined where no answer comes, or none that Backendless would give. */
  async send(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    userToken?: string,
  ): Promise<Answer | undefined> {
    const began = performance.now()
    try {
      const response = await fetch(this.#base + path, {
        method,
        headers: {
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(userToken === undefined ? {} : { 'user-token': userToken }),
        },
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      const text = await response.text()
      const ms = Math.round(performance.now() - began)
      const parsed: unknown = text === '' ? undefined : JSON.parse(text)
      const { code } = fieldsOf(parsed)
      return { status: response.status, code: typeof code === 'number' ? code : undefined, body: parsed, ms }
    } catch {
      return undefined
    }
  }

  /** Whether the token is of a living session; undefined where Backendless does not say. */
  async isLive(userToken: string): Promise<boolean | undefined> {
    const answer = await this.send('GET', `/users/isvalidusertoken/${encodeURIComponent(userToken)}`)
    return typeof answer?.body === 'boolean' ? answer.body : undefined
  }
}

export function isSuccess(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.status >= 200 && answer.status < 300
}

/** `403, code 3009`, or that nothing came: what Backendless said without its message, which may repeat a token. */
export function saidBy(answer: Answer | undefined): string {
  if (!answer) return 'gave no answer'
  return `answered ${answer.status}${answer.code === undefined ? '' : `, code ${answer.code}`}`
}
