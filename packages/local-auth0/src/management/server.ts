// The HTTPS server: certificate, body formats, injected faults, error bodies, and recorded calls.
import fastify, { type FastifyInstance } from 'fastify'
import type { Certificate } from '../certificate.ts'
import type { Fault, FaultRules } from '../faults.ts'
import { ApiError, errorBody } from './errors.ts'

// Larger than Auth0's limit for code, so that code above that limit gets Auth0's error.
const BODY_LIMIT = 4 * 1024 * 1024

/** An answered call. `path` is below /api/v2, without the query. */
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly status: number
}

export interface ServerParts {
  readonly certificate: Certificate
  readonly faults: FaultRules
  readonly requests: RecordedRequest[]
  /** The clock of the header `Date`, in milliseconds. */
  readonly now: () => number
}

export function createServer({ certificate, faults, requests, now }: ServerParts): FastifyInstance {
  const server: FastifyInstance = fastify({
    https: { key: certificate.privateKey, cert: certificate.certificate },
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
  })

  // The deploy call has no body, with or without a content type.
  server.removeContentTypeParser('application/json')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body.length === 0 ? undefined : JSON.parse(body.toString()))
    } catch {
      done(new ApiError(400, 'Invalid JSON in the request body', 'invalid_body'))
    }
  })
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
  )

  server.addHook('onRequest', async (request, reply) => {
    const fault = faults.pick(request.method, pathOf(request.url))
    if (fault)
      return reply
        .code(fault.status)
        .headers(faultHeaders(fault))
        .send(fault.body ?? faultBody(fault))
  })
  server.addHook('onSend', async (_request, reply) => {
    reply.header('date', new Date(now()).toUTCString())
  })
  server.addHook('onResponse', async (request, reply) => {
    requests.push({ method: request.method, path: pathOf(request.url), status: reply.statusCode })
  })

  server.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody(404, 'Not Found')))
  server.setErrorHandler((error: Error & { statusCode?: number; errorCode?: string }, _request, reply) => {
    const status = error.statusCode ?? 500
    return reply.code(status).send(errorBody(status, error.message, error.errorCode))
  })
  return server
}

function pathOf(url: string): string {
  return url.replace(/\?.*$/, '').replace(/^\/api\/v2(?=\/)/, '')
}

function faultBody({ status }: Fault) {
  return status === 429
    ? errorBody(429, 'Global limit has been reached', 'too_many_requests')
    : errorBody(status, 'Injected fault')
}

// A client waits until X-RateLimit-Reset, in whole seconds since 1970.
function faultHeaders({ status, headers }: Fault): Record<string, string> {
  if (headers || status !== 429) return { ...headers }
  return {
    'x-ratelimit-limit': '2',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000)),
  }
}
