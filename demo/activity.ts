// What happens in both services, told to every page that listens (server-sent events).
import type { ServerResponse } from 'node:http'
import type { Execution } from '@backendless-login/local-auth0/oidc'
import type { RecordedRequest } from '@backendless-login/local-backendless'

/** What Auth0's provider, the Action and the page ask of Backendless; never a key, a token or an address. */
export interface RequestSeen {
  readonly kind: 'request'
  /** Of one request, which is told when it arrives and when it ends. */
  readonly id: number
  readonly by: 'action' | 'page'
  readonly method: string
  readonly path: string
  /** 0: not answered yet, or never. */
  readonly status: number
  readonly code?: number
  readonly ms: number
  readonly ended: boolean
}

export type Activity = RequestSeen | ({ readonly kind: 'execution' } & Execution)

/** What a page that comes later still sees. */
const KEPT = 100

export class ActivityFeed {
  readonly #listeners = new Set<ServerResponse>()
  readonly #history: Activity[] = []
  readonly #ids = new WeakMap<RecordedRequest, number>()
  #lastId = 0

  request(record: RecordedRequest): void {
    // What the page's SDK asks at its start says nothing about signing in.
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

  execution(execution: Execution): void {
    this.#tell({ kind: 'execution', ...execution })
  }

  /** Writes what was, and what comes, until the page goes. */
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
