// Sends the requests to Backendless and the sign-ins to every open page, as server-sent events.
import type { ServerResponse } from 'node:http'
import type { Execution } from '@backendless-login/local-auth0/oidc'
import type { RecordedRequest } from '@backendless-login/local-backendless'

/** A request of the Action or the page to Backendless, without key, token or address. */
export interface RequestSeen {
  readonly kind: 'request'
  /** Identifies a request: its arrival and its end are two events. */
  readonly id: number
  readonly by: 'action' | 'page'
  readonly method: string
  readonly path: string
  /** 0: no answer yet, or none at all. */
  readonly status: number
  readonly code?: number
  readonly ms: number
  readonly ended: boolean
}

/** An entry of the tenant's logs. None of its fields contains the Action's log line. */
export interface LogEntrySeen {
  readonly type: string
  /** Empty for a success. */
  readonly description: string
  readonly client: string
  readonly user: string
}

/** One run of the trigger, with its entries in the tenant's logs. */
export type ExecutionSeen = {
  readonly kind: 'execution'
  readonly entries: readonly LogEntrySeen[]
} & Execution

export type Activity = RequestSeen | ExecutionSeen

/** The number of past events that a new page gets. */
const KEPT = 100

export class ActivityFeed {
  readonly #listeners = new Set<ServerResponse>()
  readonly #history: Activity[] = []
  readonly #ids = new WeakMap<RecordedRequest, number>()
  #lastId = 0

  request(record: RecordedRequest): void {
    // The page's SDK sends this request when it starts.
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
