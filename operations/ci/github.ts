import { Problem } from '../problem.ts'

const TIMEOUT_MS = 30_000

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT'

interface GitHubAnswer {
  readonly status: number
  readonly body: unknown
}

/** GitHub's REST API for one repository, named by the variables of a workflow: GITHUB_TOKEN, GITHUB_REPOSITORY. */
export class GitHub {
  readonly #base: string
  readonly #token: string

  /** @throws Problem if a variable is missing. */
  constructor({ GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL }: NodeJS.ProcessEnv) {
    if (!GITHUB_TOKEN) throw new Problem('GITHUB_TOKEN is not set: `gh auth token` prints one.')
    if (!GITHUB_REPOSITORY || !/^[\w.-]+\/[\w.-]+$/.test(GITHUB_REPOSITORY)) {
      throw new Problem('GITHUB_REPOSITORY must be set, as owner/name.')
    }
    this.#base = `${GITHUB_API_URL || 'https://api.github.com'}/repos/${GITHUB_REPOSITORY}`
    this.#token = GITHUB_TOKEN
  }

  /** @param path below the repository @throws Problem if GitHub does not answer, or answers with an error. */
  async call(method: Method, path: string, body?: object): Promise<unknown> {
    const answer = await this.attempt(method, path, body)
    if (answer.status < 300) return answer.body
    throw new Problem(explain(method, path, answer))
  }

  /** Like `call`, but returns a 422, GitHub's refusal of a valid request, for the caller to interpret. */
  async attempt(method: Method, path: string, body?: object): Promise<GitHubAnswer> {
    const answer = await this.#send(method, path, body)
    if (answer.status < 300 || answer.status === 422) return answer
    throw new Problem(explain(method, path, answer))
  }

  async #send(method: Method, path: string, body: object | undefined): Promise<GitHubAnswer> {
    try {
      const response = await fetch(this.#base + path, {
        method,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${this.#token}`,
          'content-type': 'application/json',
          'user-agent': 'backendless-login',
          'x-github-api-version': '2022-11-28',
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    } catch {
      throw new Problem(`GitHub does not answer ${method} ${path}. Try again later.`)
    }
  }
}

function explain(method: Method, path: string, { status, body }: GitHubAnswer): string {
  const message = typeof body === 'object' && body !== null ? Reflect.get(body, 'message') : undefined
  const said = typeof message === 'string' ? `: ${message}` : ''
  const advice =
    status === 401 || status === 403 || status === 404
      ? ' Is the repository right, and does the token have the permission? In a workflow, see `permissions` of the job.'
      : ''
  return `GitHub answered ${status} to ${method} ${path}${said}.${advice}`
}
