// Raw calls over HTTPS that trust only the certificate of the local Auth0.
import type { OutgoingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:https'
import type { LocalAuth0 } from '../src/index.ts'

const agent = new Agent({ keepAlive: true })

export interface Answer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly text: string
  /** The parsed body; `undefined` if there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read JSON of every shape and assert what they read.
  readonly body: any
}

/** Calls the Management API. `path` is below /api/v2. */
export function call(
  auth0: LocalAuth0,
  line: string,
  body?: unknown,
  token = auth0.apiToken,
): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ')
  const headers: OutgoingHttpHeaders = token === '' ? {} : { authorization: `Bearer ${token}` }
  if (body === undefined) return send(auth0, method, `/api/v2${path}`, headers)
  return send(
    auth0,
    method,
    `/api/v2${path}`,
    { ...headers, 'content-type': 'application/json' },
    JSON.stringify(body),
  )
}

export function send(
  auth0: LocalAuth0,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders,
  content = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = `https://${auth0.domain}${path}`
    const outgoing = request(url, { method, headers, ca: auth0.certificate, agent }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const parsed: unknown = text === '' ? undefined : JSON.parse(text)
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, body: parsed })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(content)
  })
}
