import http from 'node:http'
import https from 'node:https'
import axios, { type AxiosResponse } from 'axios'
import { type Answer, errorAnswer, type RequestFailure, type Row } from './answers.ts'
import type { Credentials } from './password.ts'
import { plainHttp } from './protocol.ts'
import { Secret } from './secret.ts'

/** In bytes: far more than a user's row with all its columns, and far less than the memory of an instance. */
const LARGEST_ANSWER = 1024 * 1024
/** In characters. */
const LONGEST_TOKEN = 4096

/**
 * The instance keeps its agents: with a connection that is kept alive, later sign-ins need no handshakes. The configuration
 * allows plain HTTP on loopback only.
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
  // Axios parses JSON leniently, and returns a string if that fails. `read` is strict.
  responseType: 'text',
  transformResponse: (body: unknown) => body,
  validateStatus: () => true,
  headers: { accept: 'application/json', 'user-agent': 'backendless-login' },
})

export interface Login {
  readonly identity: Secret
  readonly password: Secret
}

export interface Update {
  readonly objectId: string
  /** The token of the row's own user, who needs no permission except to update their own row. */
  readonly userToken: Secret
  readonly changes: Secret<Row>
}

/**
 * Four calls of the REST API. They never throw, and return nothing from an error or from the message of a refusal, because
 * some messages of Backendless repeat the token.
 */
export class BackendlessClient {
  readonly #base: Secret

  constructor(serverUrl: string, { appId, apiKey }: Pick<Credentials, 'appId' | 'apiKey'>) {
    // The key is part of the path, so the URL is a secret too.
    this.#base = new Secret(
      `${serverUrl}/${encodeURIComponent(appId.reveal())}/${encodeURIComponent(apiKey.reveal())}`,
    )
  }

  login({ identity, password }: Login, timeoutMs: number): Promise<Answer> {
    const data = { login: identity.reveal(), password: password.reveal() }
    return this.#send({ method: 'post', path: '/users/login', data }, timeoutMs)
  }

  /** `row` includes the password. */
  register(row: Secret<Row>, timeoutMs: number): Promise<Answer> {
    return this.#send({ method: 'post', path: '/users/register', data: row.reveal() }, timeoutMs)
  }

  /** Changes columns of a row; the answer holds the whole row. */
  update({ objectId, userToken, changes }: Update, timeoutMs: number): Promise<Answer> {
    const path = `/users/${encodeURIComponent(objectId)}`
    return this.#send({ method: 'put', path, data: changes.reveal(), userToken }, timeoutMs)
  }

  /** Ends the session. The body of a successful answer is empty. */
  async logOut(userToken: Secret, timeoutMs: number): Promise<void> {
    await this.#send({ method: 'get', path: '/users/logout', userToken }, timeoutMs)
  }

  async #send({ method, path, data, userToken }: Call, timeoutMs: number): Promise<Answer> {
    // Axios' own timeout measures silence: every byte of a slow answer restarts it.
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), timeoutMs)
    try {
      const response = await transport.request({
        method,
        url: this.#base.reveal() + path,
        ...(data ? { data } : {}),
        headers: userToken ? { 'user-token': userToken.reveal() } : {},
        signal: controller.signal,
      })
      return read(response)
    } catch (error) {
      return { kind: 'failure', failure: controller.signal.aborted ? 'timeout' : failureOf(error) }
    } finally {
      clearTimeout(timer)
    }
  }
}

interface Call {
  readonly method: 'get' | 'post' | 'put'
  readonly path: string
  readonly data?: Row
  readonly userToken?: Secret
}

/** The user token in a login's answer, or `undefined` if it has none that is usable in a header. */
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
  return errorAnswer(status, code)
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

/** Node's codes for a certificate that is not trusted and for a TLS handshake that failed. */
const UNTRUSTED =
  /^(EPROTO|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|HOSTNAME_MISMATCH|ERR_TLS_|ERR_SSL_)/

/** Node's codes for a body that cannot be decompressed and for an answer that is not HTTP. */
const UNREADABLE = /^(Z_|ZSTD_|ERR_(_)?BROTLI|ERR__ERROR_FORMAT|HPE_)/

function failureOf(error: unknown): RequestFailure {
  if (!axios.isAxiosError(error)) return 'broken'
  const { code = '', message, request } = error
  if (NO_CONNECTION.has(code)) return 'no_connection'
  if (UNTRUSTED.test(code)) return 'untrusted'
  // Axios uses the same code for an answer that is too large and for one that breaks off.
  if (message.startsWith('maxContentLength')) return 'bad_answer'
  if (UNREADABLE.test(code)) return 'bad_answer'
  return RESET.has(code) && isUnansweredReuse(request) ? 'stale_connection' : 'broken'
}

const RESET = new Set(['ECONNRESET', 'EPIPE'])

function isUnansweredReuse(request: unknown): boolean {
  return request instanceof http.ClientRequest && request.reusedSocket && !Reflect.get(request, 'res')
}
