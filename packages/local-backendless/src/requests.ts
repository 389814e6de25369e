// Records requests, for tests that count them.
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** One request, recorded when it arrives. `status` is 0 until it is answered. */
export interface RecordedRequest {
  readonly method: string
  /** Without prefix, app id, API key and query; the token of isvalidusertoken is a `*`. */
  readonly path: string
  /** Without the question mark; empty if there is none. */
  readonly query: string
  readonly status: number
  /** The code of the error body. */
  readonly code?: number
  /** From arrival to answer. */
  readonly ms: number
  /** True if it is not the first request on its connection. */
  readonly reusedConnection: boolean
  /** What the client calls itself; empty where it does not. */
  readonly userAgent: string
}

/** Called when a request arrives, and again when it is answered or its connection ends. `status` shows which. */
export type RequestListener = (request: RecordedRequest) => void

/** A recorded request that is not answered yet. */
export interface OpenRequest extends RecordedRequest {
  readonly startedAt: number
  answered(status: number, body: unknown): void
  /** Records that the connection was closed. */
  closed(): void
}

export class Requests {
  readonly list: RecordedRequest[] = []
  readonly #usedSockets = new WeakSet<Socket>()
  readonly #listener: RequestListener

  constructor(listener: RequestListener = () => {}) {
    this.#listener = listener
  }

  arrived({ method = '', url = '', headers, socket }: IncomingMessage, prefix: string): OpenRequest {
    const at = url.indexOf('?')
    const [pathname, query] = at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
    const startedAt = performance.now()
    const record: { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] } = {
      method,
      path: publicPath(pathname, prefix),
      query,
      status: 0,
      ms: 0,
      reusedConnection: this.#usedSockets.has(socket),
      userAgent: headers['user-agent'] ?? '',
    }
    this.#usedSockets.add(socket)
    this.list.push(record)
    const listener = this.#listener
    listener(record)
    return {
      ...record,
      startedAt,
      answered(status, body) {
        record.status = status
        record.ms = performance.now() - startedAt
        const code = codeOf(body)
        if (code === undefined) delete record.code
        else record.code = code
        listener(record)
      },
      closed() {
        if (record.status !== 0) return
        record.ms = performance.now() - startedAt
        listener(record)
      },
    }
  }
}

function publicPath(pathname: string, prefix: string): string {
  const path = pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname
  const bare = path.replace(path.startsWith('/api/') ? /^\/api/ : /^\/[^/]+\/[^/]+/, '')
  return bare.replace(/^\/users\/isvalidusertoken\/.*/, '/users/isvalidusertoken/*')
}

function codeOf(body: unknown): number | undefined {
  if (typeof body !== 'string' || !body.startsWith('{')) return undefined
  try {
    const { code } = JSON.parse(body)
    return typeof code === 'number' ? code : undefined
  } catch {
    return undefined
  }
}
