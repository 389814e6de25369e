import http from 'node:http'
import https from 'node:https'
import axios, { type AxiosResponse } from 'axios'
import type { Credentials } from './password.ts'
import { plainHttp } from './protocol.ts'
import { type Refusal, refusalOf } from './refusals.ts'
import { Secret } from './secret.ts'

/** A user's row with everything it holds; far more than a row needs, far less than an instance's memory. */
const LARGEST_ANSWER = 1024 * 1024
const LONGEST_TOKEN = 4096

/**
 * One agent for the life of the instance: a warm connection saves the handshakes of every later sign-in. Plain HTTP is
 * for loopback only, which the configuration sees to.
 */
const agents = {
  httpAgent: new http.Agent({ keepAlive: true, scheduling: 'lifo' }),
  httpsAgent: new https.Agent({ keepAlive: true, scheduling: 'lifo' }),
}

const transport = axios.create({
  ...agents,
  adapter: 'http',
  transport: plainHttp,
  proxy: false,
  maxRedirects: 0,
  maxContentLength: LARGEST_ANSWER,
  // Axios would parse JSON leniently and hand on a string where it cannot.
  responseType: 'text',
  transformResponse: (body: unknown) => body,
  validateStatus: () => true,
  headers: { accept: 'application/json', 'user-agent': 'backendless-login' },
})

/** What Backendless answers when it does what it was asked for: a user's row, of which a login's has a `user-token`. */
export type Row = Readonly<Record<string, unknown>>

/** What came of one request. */
export type Answer =
  | { readonly kind: 'success'; readonly row: Secret<Row> }
  | {
      readonly kind: 'refusal'
      readonly refusal: Refusal
      /** HTTP status. */
      readonly status: number
      readonly code?: number
    }
  | { readonly kind: 'failure'; readonly failure: Failure }

export type Failure =
  /** Refused, no address, no route: not processed. */
  | 'no_connection'
  /** A connection whose other end did not prove to be Backendless: not processed. */
  | 'untrusted'
  /** A kept-alive connection was reset before a byte of the answer: most likely not processed. */
  | 'stale_connection'
  /** The connection broke: it may have been processed, or not. */
  | 'broken'
  | 'timeout'
  | 'bad_answer'
  /** Not sent: the circuit breaker is open. */
  | 'circuit_open'

export interface Login {
  readonly identity: Secret
  readonly password: Secret
}

export interface PasswordChange {
  /** The row's. */
  readonly objectId: string
  readonly userToken: Secret
  readonly password: Secret
}

/** Three calls of the REST API. Never throws; nothing of an error or of a refusal's message comes out. */
export class BackendlessClient {
  readonly #base: Secret

  constructor(serverUrl: string, { appId, apiKey }: Credentials) {
    // The key is part of the path, so the address is a secret too.
    this.#base = new Secret(
      `${serverUrl}/${encodeURIComponent(appId.reveal())}/${encodeURIComponent(apiKey.reveal())}`,
    )
  }

  login({ identity, password }: Login, timeoutMs: number): Promise<Answer> {
    return this.#send(
      'post',
      '/users/login',
      { login: identity.reveal(), password: password.reveal() },
      timeoutMs,
    )
  }

  register(row: Secret<Row>, password: Secret, timeoutMs: number): Promise<Answer> {
    return this.#send('post', '/users/register', { ...row.reveal(), password: password.reveal() }, timeoutMs)
  }

  /** With the user's own token: a role that may update nothing but its own row is enough. */
  changePassword({ objectId, userToken, password }: PasswordChange, timeoutMs: number): Promise<Answer> {
    const path = `/users/${encodeURIComponent(objectId)}`
    return this.#send('put', path, { password: password.reveal() }, timeoutMs, {
      'user-token': userToken.reveal(),
    })
  }

  async #send(
    method: 'post' | 'put',
    path: string,
    data: object,
    timeoutMs: number,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    // Axios' own timeout counts silence, and starts anew with each drop of a slow answer.
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), timeoutMs)
    try {
      const url = this.#base.reveal() + path
      return read(await transport.request({ method, url, data, headers, signal: controller.signal }))
    } catch (error) {
      return { kind: 'failure', failure: controller.signal.aborted ? 'timeout' : failureOf(error) }
    } finally {
      clearTimeout(timer)
    }
  }
}

/** The user token of a login's answer, or undefined where there is none that could be used in a header. */
export function userTokenOf(row: Row): Secret | undefined {
  const token = row['user-token']
  if (typeof token !== 'string' || token.length > LONGEST_TOKEN) return undefined
  return /^[\x21-\x7e]+$/.test(token) ? new Secret(token) : undefined
}

function read({ status, data }: AxiosResponse<unknown>): Answer {
  const body = parseObject(data)
  if (status >= 200 && status < 300) {
    return body ? { kind: 'success', row: new Secret(body) } : { kind: 'failure', failure: 'bad_answer' }
  }
  const code = typeof body?.code === 'number' ? body.code : undefined
  if (status < 400 && code === undefined) return { kind: 'failure', failure: 'bad_answer' }
  const refusal = refusalOf(status, code)
  return { kind: 'refusal', refusal, status, ...(code === undefined ? {} : { code }) }
}

function parseObject(text: unknown): Row | undefined {
  if (typeof text !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** Node's codes for a certificate that does not convince, and for a handshake that fails. */
const UNTRUSTED =
  /^(EPROTO|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|HOSTNAME_MISMATCH|ERR_TLS_|ERR_SSL_)/

/** Compressed and not decodable, or no HTTP. */
const UNREADABLE = /^(Z_|ZSTD_|ERR_(_)?BROTLI|ERR__ERROR_FORMAT|HPE_)/

function failureOf(error: unknown): Failure {
  if (!axios.isAxiosError(error)) return 'broken'
  const { code = '', message, request } = error
  if (NO_CONNECTION.has(code)) return 'no_connection'
  if (UNTRUSTED.test(code)) return 'untrusted'
  // Axios uses one code for an answer that is too large and for one that breaks off.
  if (message.startsWith('maxContentLength')) return 'bad_answer'
  if (UNREADABLE.test(code)) return 'bad_answer'
  return RESET.has(code) && isUnansweredReuse(request) ? 'stale_connection' : 'broken'
}

const RESET = new Set(['ECONNRESET', 'EPIPE'])

function isUnansweredReuse(request: unknown): boolean {
  return request instanceof http.ClientRequest && request.reusedSocket && !Reflect.get(request, 'res')
}
