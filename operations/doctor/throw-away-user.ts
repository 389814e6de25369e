import { randomBytes } from 'node:crypto'
import { errorAnswer, isLastingRefusal } from '../../actions/backendless-login/answers.ts'
import { type ApiAnswer, type BackendlessApi, isSuccess } from '../backendless/api.ts'
import { fieldsOf } from '../fields.ts'

/** A user of Backendless who is registered for the checks of `--try-user`. No method throws. */
export class ThrowAwayUser {
  readonly identityColumn: string
  /** Identity and password are those of the last accepted change. */
  identity: string
  password = newPassword()
  /** `undefined` until an answer shows it. */
  objectId: string | undefined
  /** Token of the latest session, which a change of the password may have ended. */
  token: string | undefined
  readonly #api: BackendlessApi

  constructor(api: BackendlessApi, identityColumn: string, identity: string) {
    this.#api = api
    this.identityColumn = identityColumn
    this.identity = identity
  }

  async register(): Promise<ApiAnswer | undefined> {
    const { identityColumn, identity, password } = this
    const answer = await this.#api.send('POST', '/users/register', { [identityColumn]: identity, password })
    this.#read(answer)
    return answer
  }

  async logIn({ identity = this.identity, password = this.password } = {}): Promise<ApiAnswer | undefined> {
    const answer = await this.#api.send('POST', '/users/login', { login: identity, password })
    this.#read(answer)
    return answer
  }

  /** Changes the user's own row with the user's own token. */
  async change(values: {
    readonly identity?: string
    readonly password: string
  }): Promise<ApiAnswer | undefined> {
    const { identity = this.identity, password } = values
    const body = { ...(values.identity === undefined ? {} : { [this.identityColumn]: identity }), password }
    const answer = await this.write(`/users/${this.#id()}`, body)
    if (isSuccess(answer)) Object.assign(this, { identity, password })
    return answer
  }

  write(path: string, body: object): Promise<ApiAnswer | undefined> {
    return this.#api.send('PUT', path, body, this.token)
  }

  writeWithoutToken(path: string, body: object): Promise<ApiAnswer | undefined> {
    return this.#api.send('PUT', path, body)
  }

  /** Deletes the row with the user's token or, if that is refused, with the key alone. */
  async remove(): Promise<ApiAnswer | undefined> {
    const path = `/data/Users/${this.#id()}`
    const answer =
      this.token === undefined ? undefined : await this.#api.send('DELETE', path, undefined, this.token)
    return isSuccess(answer) ? answer : this.#api.send('DELETE', path)
  }

  #id(): string {
    return encodeURIComponent(this.objectId ?? '')
  }

  #read(answer: ApiAnswer | undefined): void {
    if (!isSuccess(answer)) return
    const { objectId, 'user-token': token } = fieldsOf(answer?.body)
    if (typeof objectId === 'string') this.objectId ??= objectId
    if (typeof token === 'string' && token !== '') this.token = token
  }
}

export function newPassword(): string {
  return randomBytes(32).toString('base64url')
}

/** True if the password is right. 3002, 3044: it is, but the limit of sessions is reached. */
export function isAccepted(answer: ApiAnswer | undefined): boolean {
  return isSuccess(answer) || answer?.code === 3044 || answer?.code === 3002
}

/** True if Backendless refused, and would refuse a repetition too. */
export function isRefused(answer: ApiAnswer | undefined): answer is ApiAnswer {
  return (
    answer !== undefined && !isSuccess(answer) && isLastingRefusal(errorAnswer(answer.status, answer.code))
  )
}
