// Routes that check a user token or a password, and end a session.
import type { FastifyInstance } from 'fastify'
import type { Backend } from '../backend.ts'
import { Refusal } from '../errors.ts'
import { callerOf, fieldsOf } from './request.ts'

export function tokenRoutes(app: FastifyInstance, backend: Backend): void {
  app.get<{ Params: { token: string } }>('/users/isvalidusertoken/:token', ({ params }) => {
    const valid = backend.ownerOf(params.token) !== undefined
    if (valid && backend.settings.validityCheckProlongs) backend.sessions.prolong(params.token)
    return valid
  })

  app.get('/users/logout', async (request, reply) => {
    const { token } = callerOf(request)
    // Without a token it succeeds and does nothing.
    if (token !== undefined) backend.sessions.close(token)
    return reply.send()
  })

  // The path that the SDK uses answers with an object, the documented path with a boolean.
  app.post('/users/verifypassowrd', (request) => ({
    valid: verify(backend, callerOf(request), request.body),
  }))
  app.post('/users/verifypassword', (request) => verify(backend, callerOf(request), request.body))
}

function verify(backend: Backend, { kind, user }: ReturnType<typeof callerOf>, body: unknown): boolean {
  if (kind !== 'codeRunner') throw new Refusal(3122)
  if (user === undefined) throw new Refusal(3121)
  const { password } = fieldsOf(body)
  return typeof password === 'string' && backend.users.passwordIs(user, password)
}
