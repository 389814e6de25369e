// The Data API on the table Users: find, count, one row, create, update, delete.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Backend, Caller } from '../backend.ts'
import { Refusal } from '../errors.ts'
import { count, type FindParameters, find } from '../query.ts'
import type { Row } from '../users.ts'
import { createThroughData } from './registration.ts'
import { callerOf, fieldsOf, isFields } from './request.ts'

interface ById {
  Params: { id: string }
}

export function dataRoutes(app: FastifyInstance, backend: Backend): void {
  const { users, settings } = backend
  // ServerCodeUser has every permission; a role without FIND sees an empty table, not an error.
  const mayFind = (request: FastifyRequest) => settings.findAllowed || callerOf(request).kind === 'codeRunner'
  const findFor = (request: FastifyRequest, parameters: FindParameters) =>
    mayFind(request) ? find(users, settings, parameters) : []
  const countFor = (request: FastifyRequest, parameters: FindParameters) =>
    mayFind(request) ? count(users, settings, parameters) : 0

  app.get('/data/Users', (request) => findFor(request, fieldsOf(request.query)))
  app.post('/data/Users/find', (request) => findFor(request, fieldsOf(request.body)))
  app.get('/data/Users/count', (request) => countFor(request, fieldsOf(request.query)))
  app.post('/data/Users/count', (request) => countFor(request, fieldsOf(request.body)))

  app.get<ById>('/data/Users/:id', (request) => {
    if (!mayFind(request)) throw new Refusal(1013)
    return users.present(existing(backend, request.params.id))
  })

  app.put<ById>('/data/Users/:id', (request) =>
    updateRow(backend, request.params.id, fieldsOf(request.body), callerOf(request)),
  )

  // DELETE is a permission of roles, as UPDATE is.
  app.delete<ById>('/data/Users/:id', (request) => {
    const caller = callerOf(request)
    if (caller.kind !== 'codeRunner' && !settings.deleteAllowed) throw new Refusal(1014)
    const row = existing(backend, request.params.id)
    if (!backend.mayWrite(row, caller)) throw new Refusal(1014)
    backend.remove(row)
    return { deletionTime: backend.now() }
  })

  app.put('/data/Users', (request) => {
    const values = fieldsOf(request.body)
    if (typeof values.objectId === 'string') {
      return updateRow(backend, values.objectId, values, callerOf(request))
    }
    return users.present(createThroughData(backend, values, callerOf(request)))
  })

  // Answers with the new objectIds in order. Rows before a refused one are kept.
  app.post('/data/bulk/Users', (request) => {
    const { body } = request
    if (!Array.isArray(body) || !body.every(isFields)) throw new Refusal(8002)
    return body.map((values) => createThroughData(backend, values, callerOf(request)).objectId)
  })
}

function existing(backend: Backend, objectId: string): Row {
  const row = backend.users.byId(objectId)
  if (row === undefined) throw new Refusal(1000, `Entity with ID ${objectId} not found`)
  return row
}

/** UPDATE is a permission of roles, so by default no token is needed. */
function updateRow(backend: Backend, objectId: string, values: FindParameters, caller: Caller) {
  const row = existing(backend, objectId)
  if (!backend.mayWrite(row, caller)) throw new Refusal(1012)
  return backend.update(row, values, caller)
}
