// Changes to one user: PUT /users/<objectId>, its status, and the recovery of a password.
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Backend } from '../backend.ts'
import { Refusal } from '../errors.ts'
import type { Row } from '../users.ts'
import { callerOf, fieldsOf } from './request.ts'

interface ById {
  Params: { id: string }
}

export function userRoutes(app: FastifyInstance, backend: Backend): void {
  app.put<ById>('/users/:id', (request) => {
    const caller = callerOf(request)
    if (caller.kind !== 'codeRunner' && caller.user === undefined) throw new Refusal(3028)
    const row = existing(backend, request.params.id)
    // By default any user may write any row, as in the specs of the SDK.
    if (!backend.mayWrite(row, caller)) throw new Refusal(3029)
    return backend.update(row, fieldsOf(request.body), caller)
  })

  app.put<ById>('/users/:id/status', (request) => {
    if (callerOf(request).kind !== 'codeRunner') throw new Refusal(3054)
    const row = existing(backend, request.params.id)
    setStatus(backend, row, fieldsOf(request.body).userStatus)
    return backend.users.present(row)
  })

  app.get<{ Params: { identity: string } }>('/users/restorepassword/:identity', async ({ params }, reply) => {
    if (!backend.settings.recovery) throw new Refusal(3101)
    const row = backend.users.byIdentity(params.identity)
    if (row === undefined) throw new Refusal(3020)
    // "Mails a system-generated password which replaces the current one". No mail is sent here.
    backend.setPassword(row, randomUUID())
    return reply.send()
  })
}

function existing(backend: Backend, objectId: string): Row {
  const row = backend.users.byId(objectId)
  if (row === undefined) throw new Refusal(3030)
  return row
}

/** ENABLED <-> DISABLED, and EMAIL_CONFIRMATION_PENDING to either. */
function setStatus(backend: Backend, row: Row, status: unknown): void {
  if (status !== 'ENABLED' && status !== 'DISABLED') throw new Refusal(3024)
  if (row.userStatus === status) throw new Refusal(status === 'ENABLED' ? 3086 : 3085)
  if (row.userStatus === 'GUEST') throw new Refusal(3024)
  backend.users.setStatus(row, status)
}
