import { type Management, ManagementError } from 'auth0/management'
import { type Purpose, TenantProblem } from './problem.ts'
import {
  actionNamesSchema,
  actionSchema,
  bindingsSchema,
  type LogEntry,
  logSchema,
  type TenantUser,
  usersSchema,
  type Version,
  versionsSchema,
} from './shapes.ts'
import { TenantClient, TIMEOUT_S } from './tenant-client.ts'

const PAGE = 50
/** The largest page of logs and of users. */
const LARGEST_PAGE = 100
/** Auth0's limit on the results of a user search. */
const MOST_USERS = 1_000
/** Attempts after a refusal for the rate limit; each waits until `X-RateLimit-Reset`, a minute at most. */
const RATE_LIMIT_RETRIES = 5

const ACTIONS: Purpose = {
  scope: 'read:actions',
  absent: 'The Action of this stack is not in the tenant of AUTH0_DOMAIN. Is it the right tenant?',
}
const LOGS: Purpose = { scope: 'read:logs', absent: 'The tenant of AUTH0_DOMAIN has no such log entry.' }
const USERS: Purpose = { scope: 'read:users', absent: 'The tenant of AUTH0_DOMAIN has no such user.' }

/** An Action that is bound to post-login. */
export interface BoundAction {
  readonly id: string
  readonly name: string
  /** Code of the deployed version. `undefined` if Auth0 does not show it: for a Marketplace Action, or one that was just deleted. */
  readonly code: string | undefined
}

/**
 * Reads the tenant of AUTH0_DOMAIN through the Management API, with the credentials of the deployment. A request that
 * Auth0 refuses for its rate limit or with a 5xx is repeated, after the wait that Auth0 asks for.
 *
 * Every method throws a TenantProblem if Auth0 refuses or does not answer, and a Problem if the answer is unreadable.
 */
export class Tenant {
  readonly #client: TenantClient

  /** @throws Problem if the environment does not name the tenant and usable credentials. */
  constructor(environment: NodeJS.ProcessEnv) {
    this.#client = new TenantClient(environment)
  }

  get domain(): string {
    return this.#client.domain
  }

  /** Auth0's clock when it sent its latest answer: see `TenantClient`. */
  get answeredAt(): number | undefined {
    return this.#client.answeredAt
  }

  /** The scopes of the credentials, or `undefined` if the token does not name them. */
  scopes(): Promise<readonly string[] | undefined> {
    return this.#client.scopes()
  }

  /** The version of an Action that runs at sign-ins. `undefined` if none is deployed. */
  async deployedVersion(actionId: string): Promise<Version | undefined> {
    const answer = await this.#client.read(ACTIONS, actionSchema, () =>
      this.#client.management.actions.get(actionId),
    )
    return answer.deployed_version ?? undefined
  }

  /** All versions of an Action, the newest first. */
  versions(actionId: string): Promise<readonly Version[]> {
    return allPages(async (page) => {
      const request = { page, per_page: PAGE }
      const list = () => this.#client.management.actions.versions.list(actionId, request)
      return (await this.#client.read(ACTIONS, versionsSchema, async () => (await list()).response)).versions
    })
  }

  /** Id and name of the Actions that are bound to post-login, in the order in which they run. */
  async bindings(): Promise<readonly Omit<BoundAction, 'code'>[]> {
    const bindings = await allPages(async (page) => {
      const request = { page, per_page: PAGE }
      const list = () => this.#client.management.actions.triggers.bindings.list('post-login', request)
      return (await this.#client.read(ACTIONS, bindingsSchema, async () => (await list()).response)).bindings
    })
    return bindings.map(({ display_name, action: { id, name } }) => ({
      id,
      name: name ?? display_name ?? id,
    }))
  }

  /** The same with the code that runs. */
  async boundActions(): Promise<readonly BoundAction[]> {
    const bound: BoundAction[] = []
    for (const binding of await this.bindings()) {
      bound.push({ ...binding, code: await this.#codeOf(binding.id) })
    }
    return bound
  }

  /** The id of the Action with this name. */
  async actionNamed(name: string): Promise<string | undefined> {
    const actions = await allPages(async (page) => {
      // Whether Auth0 compares the whole name is not documented, so it is compared again below.
      const request = { actionName: name, page, per_page: PAGE }
      const list = () => this.#client.management.actions.list(request)
      return (await this.#client.read(ACTIONS, actionNamesSchema, async () => (await list()).response))
        .actions
    })
    return actions.find((action) => action.name === name)?.id
  }

  /**
   * The log entries after a checkpoint, 100 at most, the oldest first. The next checkpoint is the `log_id` of the last
   * one; an empty list is the end. Needs the scope read:logs.
   */
  logAfter(checkpoint: string): Promise<readonly LogEntry[]> {
    return this.#readLog({ from: checkpoint, take: String(LARGEST_PAGE) })
  }

  /** The oldest log entry at or after a time: where reading by checkpoint begins. Needs the scope read:logs. */
  async firstLogEntry(since: Date): Promise<LogEntry | undefined> {
    const q = `date:[${since.toISOString()} TO *]`
    const [first] = await this.#readLog({ q, sort: 'date:1', page: '0', per_page: '1' })
    return first
  }

  /**
   * The users that a query in Auth0's search syntax (engine v3) finds; 1,000 at most, while `total` counts all.
   * @param fields of each user; fewer fields keep personal data out. Needs the scope read:users.
   */
  async searchUsers(
    q: string,
    fields: readonly ('user_id' | 'app_metadata' | 'email' | 'last_login')[] = ['user_id', 'app_metadata'],
  ): Promise<{ readonly users: readonly TenantUser[]; readonly total: number }> {
    const users: TenantUser[] = []
    for (let page = 0; ; page += 1) {
      const request: Management.ListUsersRequestParameters = {
        ...{ q, search_engine: 'v3', fields: fields.join(','), include_fields: true },
        ...{ page, per_page: LARGEST_PAGE, include_totals: true },
      }
      const list = () => this.#client.management.users.list(request, { maxRetries: RATE_LIMIT_RETRIES })
      const found = await this.#client.read(USERS, usersSchema, async () => (await list()).response)
      users.push(...found.users)
      const isLast = found.users.length === 0 || users.length >= Math.min(found.total, MOST_USERS)
      if (isLast) return { users, total: found.total }
    }
  }

  async #codeOf(actionId: string): Promise<string | undefined> {
    try {
      return (await this.deployedVersion(actionId))?.code ?? ''
    } catch (error) {
      if (error instanceof TenantProblem && error.obstacle === 'absent') return undefined
      throw error
    }
  }

  /** node-auth0's `logs.list` knows no checkpoint, and expects another shape than Auth0's list of entries. */
  #readLog(query: Readonly<Record<string, string>>): Promise<readonly LogEntry[]> {
    return this.#client.read(LOGS, logSchema, async () => {
      // The whole address: node-auth0 would take the `?` of a path for a part of it.
      const url = `https://${this.#client.domain}/api/v2/logs?${new URLSearchParams(query)}`
      const options = { maxRetries: RATE_LIMIT_RETRIES, timeoutInSeconds: TIMEOUT_S }
      const response = await this.#client.management.fetch(url, {}, options)
      if (!response.ok) throw new ManagementError({ statusCode: response.status })
      return response.json()
    })
  }
}

async function allPages<T>(pageAt: (page: number) => Promise<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = []
  for (let page = 0; ; page += 1) {
    const items = await pageAt(page)
    // A page that is not full need not be the last: Auth0 may give fewer than were asked for.
    if (items.length === 0) return all
    all.push(...items)
  }
}
