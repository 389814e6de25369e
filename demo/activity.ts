// Sends what happens in both services to every open page, as server-sent events.
import type { ServerResponse } from 'node:http'
import type { Execution } from '@backendless-login/local-auth0/oidc'
import type { RecordedRequest } from '@backendless-login/local-backendless'

/** A request of the Action or the page to Backendless, without key, token or address. */
export interface RequestSeen {
  readonly kind: 'request'
  /** The same for both events of one request: its arrival and its end. */
  readonly id: number
  readonly by: 'action' | 'page'
  readonly method: string
  readonly path: string
  /** 0: no answer yet, or none. */
  readonly status: number
  readonly code?: number
  readonly ms: number
  readonly ended: boolean
}

/** What an entry of the tenant's logs says. The Action's line is in none of its fields. */
export interface LogEntrySeen {
  readonly type: string
  /** Empty for a success. */
  readonly description: string
  readonly client: string
  readonly user: string
}

/** One run of the trigger, with the entries that it left in the tenant's logs. */
export type ExecutionSeen = {
  readonly kind: 'execution'
  readonly entries: readonly LogEntrySeen[]
} & Execution

export type Activity = RequestSeen | ExecutionSeen

/** How many events a page that is opened later still gets. */
const KEPT = 100

export class ActivityFeed {
  readonly #listeners = new Set<ServerResponse>()
  readonly #history: Activity[] = []
  readonly #ids = new WeakMap<RecordedRequest, number>()
  #lastId = 0

  request(record: RecordedRequest): void {
    // A request that the page's SDK makes at its start.
    if (record.path === '/info') return
    const before = this.#ids.get(record)
    const id = before ?? ++this.#lastId
    this.#ids.set(record, id)
    const { method, path, status, code, ms, userAgent } = record
    this.#tell({
      kind: 'request',
      id,
      by: userAgent === 'backendless-login' ? 'action' : 'page',
      method,
      path,
      status,
      ...(code === undefined ? {} : { code }),
      ms,
      ended: before !== undefined,
    })
  }

  execution(execution: Execution, entries: readonly LogEntrySeen[]): void {
    this.#tell({ kind: 'execution', entries, ...execution })
  }

  /** Writes past events and then new ones, until the page is closed. */
  listen(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    for (const activity of this.#history) response.write(line(activity))
    response.write(': listening\n\n')
    this.#listeners.add(response)
    response.once('close', () => this.#listeners.delete(response))
  }

  #tell(activity: Activity): void {
    this.#history.push(activity)
    if (this.#history.length > KEPT) this.#history.shift()
    for (const response of this.#listeners) response.write(line(activity))
  }
}

function line(activity: Activity): string {
  return `data: ${JSON.stringify(activity)}\n\n`
}
