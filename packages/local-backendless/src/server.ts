// The HTTP server: both URL forms, keys and tokens, error bodies, recorded requests, and faults.
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import cors from '@fastify/cors'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Backend } from './backend.ts'
import { deadToken, errorBody, Refusal, statusOf } from './errors.ts'
import { actsBeforeProcessing, type Fault, type FaultRules } from './faults.ts'
import { injectBefore, injectIntoAnswer } from './inject.ts'
import type { OpenRequest, Requests } from './requests.ts'
import { dataRoutes } from './routes/data.ts'
import { loginRoutes } from './routes/login.ts'
import { registrationRoutes } from './routes/registration.ts'
import { fieldsOf, setCaller } from './routes/request.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { userRoutes } from './routes/users.ts'
import type { KeyKind } from './settings.ts'

/** PEM. */
export interface TlsIdentity {
  readonly key: string | Buffer
  readonly cert: string | Buffer
}

export interface ServerParts {
  readonly backend: Backend
  readonly requests: Requests
  readonly faults: FaultRules
  /** Prefix of both URL forms: empty, or `/a/path`. */
  readonly prefix: string
  readonly tls: TlsIdentity | undefined
}

/** `destroy` ends every open connection; call it with `app.close()`. */
export function createApp(parts: ServerParts): { app: FastifyInstance; destroy: () => void } {
  const { backend, prefix, tls } = parts
  const sockets = new Set<Socket>()
  const app = Fastify({
    // An identity in a path can be an e-mail address of full length with every byte encoded.
    routerOptions: { maxParamLength: 2000 },
    serverFactory: (handler) => {
      const server = tls ? createTlsServer({ key: tls.key, cert: tls.cert }, handler) : createServer(handler)
      server.keepAliveTimeout = 60_000
      return server.on('connection', (socket: Socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
      })
    },
  })
  app.register(cors, { origin: true, methods: ['GET', 'POST', 'PUT', 'DELETE'] })
  recordAndInject(app, parts)
  app.setErrorHandler((error, _request, reply) => answerError(error, reply, backend))
  app.setNotFoundHandler((_request, reply) => answerError(new Refusal(404), reply, backend))

  app.register(
    async (classic) => {
      identify(classic, backend, ({ params }) => {
        const { appId, apiKey } = fieldsOf(params)
        return backend.kindOf(appId, apiKey)
      })
      // An empty object satisfies the SDK; `loggers` is what its logging reads.
      classic.get('/info', () => ({ loggers: [] }))
      routes(classic, backend)
    },
    { prefix: `${prefix}/:appId/:apiKey` },
  )
  app.register(
    async (domain) => {
      identify(domain, backend, () => backend.settings.domainKey)
      // The SDK's real-time code reads both here.
      domain.get('/info', () => ({
        loggers: [],
        appId: backend.appId,
        apiKey: backend.keys[backend.settings.domainKey],
      }))
      routes(domain, backend)
    },
    { prefix: `${prefix}/api` },
  )
  return {
    app,
    destroy: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function routes(app: FastifyInstance, backend: Backend): void {
  registrationRoutes(app, backend)
  loginRoutes(app, backend)
  tokenRoutes(app, backend)
  userRoutes(app, backend)
  dataRoutes(app, backend)
}

function recordAndInject(app: FastifyInstance, { backend, requests, faults, prefix }: ServerParts): void {
  const open = new WeakMap<FastifyRequest, { record: OpenRequest; fault: Fault | undefined }>()

  app.addHook('onRequest', async (request, reply) => {
    // A browser's preflight request.
    if (request.method === 'OPTIONS') return
    const record = requests.arrived(request.raw, prefix)
    reply.raw.once('close', () => record.closed())
    open.set(request, { record, fault: faults.pick(record.method, record.path) })
  })
  app.addHook('preValidation', async (request, reply) => {
    const fault = open.get(request)?.fault
    if (fault === undefined || !actsBeforeProcessing(fault)) return
    await injectBefore(fault, reply, backend.settings.statuses)
    if (reply.sent) return reply
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const { record, fault } = open.get(request) ?? {}
    const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : ''
    const changed = fault !== undefined && !actsBeforeProcessing(fault)
    const sent = changed ? await injectIntoAnswer(fault, reply, body, backend.settings.statuses) : payload
    record?.answered(reply.statusCode, typeof sent === 'string' ? sent : body)
    return sent
  })
}

/** Reads key and token before a route runs. @throws Refusal 2002, 3064 or 3090. */
function identify(
  app: FastifyInstance,
  backend: Backend,
  kindOf: (request: FastifyRequest) => KeyKind | undefined,
): void {
  app.addHook('preHandler', async (request) => {
    const kind = kindOf(request)
    if (kind === undefined) throw new Refusal(2002)
    const header = request.headers['user-token']
    const token = typeof header === 'string' && header !== '' ? header : undefined
    // The SDK sends the token in the header too, and gets `false` for a dead token: so this route ignores the header.
    const ignored = request.routeOptions.url?.endsWith('/isvalidusertoken/:token') ?? false
    if (token === undefined || ignored) {
      setCaller(request, { kind, token: undefined, user: undefined })
      return
    }
    const user = backend.holderOf(token)
    if (user === undefined) throw deadToken(token)
    if (user.userStatus === 'DISABLED') throw new Refusal(3090)
    backend.sessions.prolong(token)
    setCaller(request, { kind, token, user })
  })
}

function answerError(error: unknown, reply: FastifyReply, backend: Backend): FastifyReply {
  const refusal = error instanceof Refusal ? error : badRequest(error)
  const hideCode = refusal.code === 3009 && !backend.settings.closedHasCode
  return reply
    .code(statusOf(refusal.code, backend.settings.statuses))
    .send(errorBody(refusal.message, hideCode ? undefined : refusal.code))
}

/** Fastify's own errors are about bodies: invalid JSON (8004), or another content type (8002). Any other error is a defect. */
function badRequest(error: unknown): Refusal {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  // 413: the body is too large.
  if (status === 415 || status === 413) return new Refusal(8002)
  if (status === 400 || error instanceof SyntaxError) return new Refusal(8004)
  throw error
}
