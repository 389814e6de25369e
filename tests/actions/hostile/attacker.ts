// What anybody can do with the application's public key, and with a token of their own.
import type { LocalBackendless } from '@backendless-login/local-backendless'

interface AttackAnswer {
  readonly status: number
  /** The code of a refusal. */
  readonly code: unknown
  readonly body: Readonly<Record<string, unknown>>
}

/** A client of the REST API with the JS key, which every browser can read. */
export class Attacker {
  readonly #base: string

  constructor(app: LocalBackendless) {
    this.#base = `${app.url}/${app.appId}/${app.keys.js}`
  }

  register(row: Readonly<Record<string, unknown>>): Promise<AttackAnswer> {
    return this.#send('POST', '/users/register', row)
  }

  logIn(login: string, password: string): Promise<AttackAnswer> {
    return this.#send('POST', '/users/login', { login, password })
  }

  /** Writes a row with the attacker's token. Default: their own row. */
  update(
    objectId: unknown,
    token: unknown,
    changes: Readonly<Record<string, unknown>>,
  ): Promise<AttackAnswer> {
    return this.#send('PUT', `/users/${objectId}`, changes, { 'user-token': String(token) })
  }

  async #send(method: string, path: string, body: object, headers = {}): Promise<AttackAnswer> {
    const response = await fetch(this.#base + path, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
    const answer: Record<string, unknown> = JSON.parse((await response.text()) || '{}')
    return { status: response.status, code: answer.code, body: answer }
  }
}
