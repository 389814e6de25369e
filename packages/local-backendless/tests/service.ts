// A service for each test, with a clock that the test sets, and raw requests to it.
import { type BackendlessOptions, type LocalBackendless, startBackendless } from '../src/index.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; `undefined` if it is empty or not JSON. */
  readonly body: unknown
}

export interface CallOptions {
  readonly key?: 'rest' | 'js' | 'codeRunner'
  readonly token?: string
  readonly body?: unknown
}

export interface Service extends LocalBackendless {
  /** Advances the clock. */
  pass(ms: number): void
  /** Sends a request. Default: with the REST key. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Returns the code of the error body; `undefined` for a success. */
  codeOf(method: string, path: string, options?: CallOptions): Promise<number | undefined>
  /** Logs in and returns the user token. @throws Error if the login is refused. */
  logIn(email: string, password: string): Promise<string>
}

const started: LocalBackendless[] = []

export async function service(options: BackendlessOptions = {}): Promise<Service> {
  let time = Date.parse('2026-11-18T00:00:00Z')
  const local = await startBackendless({ now: () => time, ...options })
  started.push(local)

  async function call(method: string, path: string, { key = 'rest', token, body }: CallOptions = {}) {
    const headers: Record<string, string> = {}
    if (token !== undefined) headers['user-token'] = token
    if (body !== undefined) headers['content-type'] = 'application/json'
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    return fetchAnswer(`${local.url}/${local.appId}/${local.keys[key]}${path}`, init)
  }

  return {
    ...local,
    pass: (ms) => {
      time += ms
    },
    call,
    async codeOf(method, path, options) {
      const { body } = await call(method, path, options)
      return numberAt(body, 'code')
    },
    async logIn(email, password) {
      const answer = await call('POST', '/users/login', { body: { login: email, password } })
      const token = field(answer.body, 'user-token')
      if (typeof token !== 'string') throw new Error(`login: ${answer.status} ${answer.text}`)
      return token
    },
  }
}

export async function stopServices(): Promise<void> {
  await Promise.all(started.splice(0).map((local) => local.close()))
}

export async function fetchAnswer(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const text = await response.text()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  return { status: response.status, headers: response.headers, text, body }
}

/** Returns a property of a parsed body. */
export function field(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null) return undefined
  return new Map<string, unknown>(Object.entries(body)).get(name)
}

function numberAt(body: unknown, name: string): number | undefined {
  const value = field(body, name)
  return typeof value === 'number' ? value : undefined
}

/** Returns one column of every row of a find's answer. */
export function column(body: unknown, name: string): unknown[] {
  if (!Array.isArray(body)) throw new Error(`not a list: ${JSON.stringify(body)}`)
  return body.map((row) => field(row, name))
}

export const ada = { email: 'ada@example.com', password: 'engine' }
export const bob = { email: 'bob@example.com', password: 'builder' }
