import { fieldsOf } from '../fields.ts'

/** In milliseconds. Longer than a sign-in waits, so that a slow service and a silent one can be distinguished. */
const TIMEOUT_MS = 10_000

export interface ApiAnswer {
  readonly status: number
  /** Backendless' own, in the body of a refusal. */
  readonly code: number | undefined
  readonly body: unknown
  readonly ms: number
}

export interface BackendlessApplication {
  readonly serverUrl: string
  readonly appId: string
  readonly apiKey: string
}

/** Requests to a Backendless application with one of its keys. The key is part of each URL, so no error shows a URL. */
export class BackendlessApi {
  readonly #base: string
  readonly #timeoutMs: number

  /** @param timeoutMs of one request, in milliseconds. Default: 10,000. */
  constructor({ serverUrl, appId, apiKey }: BackendlessApplication, timeoutMs = TIMEOUT_MS) {
    this.#base = `${serverUrl}/${encodeURIComponent(appId)}/${encodeURIComponent(apiKey)}`
    this.#timeoutMs = timeoutMs
  }

  /** Returns `undefined` if no answer comes, or one that is not of Backendless. Never throws. */
  async send(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
    userToken?: string,
  ): Promise<ApiAnswer | undefined> {
    const began = performance.now()
    try {
      const response = await fetch(this.#base + path, {
        method,
        headers: {
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(userToken === undefined ? {} : { 'user-token': userToken }),
        },
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#timeoutMs),
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      const text = await response.text()
      const ms = Math.round(performance.now() - began)
      const parsed = parse(text, response.ok)
      const { code } = fieldsOf(parsed)
      return { status: response.status, code: typeof code === 'number' ? code : undefined, body: parsed, ms }
    } catch {
      return undefined
    }
  }

  /** True if the token is of a live session; `undefined` if Backendless does not say. */
  async isLive(userToken: string): Promise<boolean | undefined> {
    const answer = await this.send('GET', `/users/isvalidusertoken/${encodeURIComponent(userToken)}`)
    return typeof answer?.body === 'boolean' ? answer.body : undefined
  }
}

export function isSuccess(answer: ApiAnswer | undefined): boolean {
  return answer !== undefined && answer.status >= 200 && answer.status < 300
}

/** `403, code 3009`, or that nothing came: what Backendless said without its message, which may repeat a token. */
export function saidBy(answer: ApiAnswer | undefined): string {
  if (!answer) return 'gave no answer'
  return `answered ${answer.status}${answer.code === undefined ? '' : `, code ${answer.code}`}`
}

/** A refusal may be a page of a proxy. @throws SyntaxError if a success is not JSON. */
function parse(text: string, isOk: boolean): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch (error) {
    if (isOk) throw error
    return undefined
  }
}
