import { setTimeout as pause } from 'node:timers/promises'
import { type Answer, errorAnswer } from '../../actions/backendless-login/answers.ts'
import { BackendlessClient } from '../../actions/backendless-login/client.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { BackendlessApi, isSuccess, type ApiAnswer as Reply } from '../backendless/api.ts'
import type { StackReading } from '../stack/reading.ts'
import type { Pace } from './pace.ts'

/** Longer than in a sign-in, because no user waits. */
const REQUEST_MS = 15_000
/** Pauses before a request is repeated that got no answer or was refused for a rate limit. */
const PAUSES_MS: readonly number[] = [1_000, 4_000]

/** How many requests of each kind were sent. */
export interface RequestCounts {
  find: number
  login: number
  change: number
  logout: number
}

/** Values of columns, by their names. */
export type Columns = Readonly<Record<string, string | null>>

export type Fetched =
  | { readonly kind: 'success'; readonly body: unknown }
  | { readonly kind: 'refusal'; readonly status: number; readonly code: number | undefined }
  | { readonly kind: 'failure' }

export interface ApplicationOptions {
  /** A key that may find users, if the stack's key may not. Logins always use the stack's key. */
  readonly findKey?: Secret | undefined
  /** The CodeRunner key. Only this key can set another user's password. */
  readonly coderunnerKey?: Secret | undefined
  readonly pace: Pace
  /** Called right before each login and each change is sent. If it throws, the request is not sent and the error is passed on. */
  readonly beforeRequest?: (() => Promise<void>) | undefined
  readonly pausesMs?: readonly number[]
}

/** The Backendless application. Requests are paced, counted, and repeated if that is safe. */
export class Application {
  readonly requests: RequestCounts = { find: 0, login: 0, change: 0, logout: 0 }
  readonly #client: BackendlessClient
  readonly #api: BackendlessApi
  readonly #findApi: BackendlessApi
  readonly #coderunnerApi: BackendlessApi | undefined
  readonly #pace: Pace
  readonly #beforeRequest: () => Promise<void>
  readonly #pausesMs: readonly number[]

  constructor(
    stack: StackReading,
    {
      findKey,
      coderunnerKey,
      pace,
      beforeRequest = async () => {},
      pausesMs = PAUSES_MS,
    }: ApplicationOptions,
  ) {
    const { serverUrl, appId, apiKey } = stack
    const apiWith = (key: Secret) =>
      new BackendlessApi({ serverUrl, appId: appId.reveal(), apiKey: key.reveal() }, REQUEST_MS)
    this.#client = new BackendlessClient(serverUrl, stack)
    this.#api = apiWith(apiKey)
    this.#findApi = apiWith(coderunnerKey ?? findKey ?? apiKey)
    this.#coderunnerApi = coderunnerKey && apiWith(coderunnerKey)
    this.#pace = pace
    this.#beforeRequest = beforeRequest
    this.#pausesMs = pausesMs
  }

  login(identity: Secret, password: Secret): Promise<Answer> {
    return this.#patiently(async () => {
      await this.#turn()
      this.requests.login += 1
      return this.#client.login({ identity, password }, REQUEST_MS)
    })
  }

  /** Repeated until there is an answer, because setting the same password twice does no harm and the answer shows the row. */
  changePassword(objectId: string, userToken: Secret, password: Secret): Promise<Answer> {
    return this.#patiently(async () => {
      await this.#turn()
      this.requests.change += 1
      const changes = new Secret({ password: password.reveal() })
      return this.#client.update({ objectId, userToken, changes }, REQUEST_MS)
    })
  }

  /**
   * Sets any user's password, and with it other columns of the row. Repeated until there is an answer.
   * @throws Error without a CodeRunner key.
   */
  async setPassword(objectId: string, password: Secret, columns: Columns = {}): Promise<Fetched> {
    const api = this.#coderunnerApi
    if (!api) throw new Error('A password is set with the CodeRunner key alone.')
    const path = `/users/${encodeURIComponent(objectId)}`
    return this.#patiently(async () => {
      await this.#turn()
      this.requests.change += 1
      return fetched(await api.send('PUT', path, { ...columns, password: password.reveal() }))
    })
  }

  /** Ends the session. A failure is ignored, because the session then ends by inactivity. */
  async logout(userToken: Secret): Promise<void> {
    await this.#pace.turn()
    this.requests.logout += 1
    await this.#api.send('GET', '/users/logout', undefined, userToken.reveal())
  }

  /** A read with the key that may find users. */
  find(path: string, body?: object): Promise<Fetched> {
    return this.#patiently(async () => {
      await this.#pace.turn()
      this.requests.find += 1
      return fetched(await this.#findApi.send(body === undefined ? 'GET' : 'POST', path, body))
    })
  }

  /** A request may wait for its turn for long, at a low rate. */
  async #turn(): Promise<void> {
    await this.#pace.turn()
    await this.#beforeRequest()
  }

  async #patiently<T extends Answer | Fetched>(send: () => Promise<T>): Promise<T> {
    let answer = await send()
    for (const ms of this.#pausesMs) {
      if (!isPassing(answer)) break
      await pause(ms)
      answer = await send()
    }
    return answer
  }
}

function fetched(answer: Reply | undefined): Fetched {
  if (!answer) return { kind: 'failure' }
  const { status, code, body } = answer
  return isSuccess(answer) ? { kind: 'success', body } : { kind: 'refusal', status, code }
}

/** True if the same request may succeed a moment later. */
export function isPassing(answer: Answer | Fetched): boolean {
  if (answer.kind === 'refusal' && !('refusal' in answer)) {
    return isPassing(errorAnswer(answer.status, answer.code))
  }
  return answer.kind === 'failure' || (answer.kind === 'refusal' && answer.refusal === 'busy')
}
