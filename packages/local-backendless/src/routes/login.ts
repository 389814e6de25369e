// POST /users/login: by identity and password, or by objectId with the Cloud Code key.
import type { FastifyInstance } from 'fastify'
import { type Backend, type Caller, isIdentity } from '../backend.ts'
import { Refusal } from '../errors.ts'
import { OWN_ACCOUNT, type Row } from '../users.ts'
import { callerOf, fieldsOf } from './request.ts'

export function loginRoutes(app: FastifyInstance, backend: Backend): void {
  app.post('/users/login', (request) => {
    if (!backend.settings.loginEnabled) throw new Refusal(3034)
    const { login, password, objectId } = fieldsOf(request.body)
    const row =
      objectId === undefined
        ? byPassword(backend, login, password)
        : byObjectId(backend, objectId, callerOf(request))
    return backend.logIn(row)
  })
}

/** An unknown identity and a wrong password give the same answer. */
function byPassword(backend: Backend, login: unknown, password: unknown): Row {
  if (!isIdentity(login) || typeof password !== 'string' || password === '') throw new Refusal(3006)
  const row = backend.users.byIdentity(login)
  if (row === undefined) throw new Refusal(3003)
  if (backend.lockout.isLocked(row.objectId)) throw new Refusal(3036)
  if (row.socialAccount !== OWN_ACCOUNT) throw new Refusal(3072)
  if (!backend.users.passwordIs(row, password)) {
    backend.lockout.failed(row.objectId)
    throw new Refusal(3003)
  }
  backend.lockout.succeeded(row.objectId)
  refuseUnusable(row)
  return row
}

function byObjectId(backend: Backend, objectId: unknown, { kind }: Caller): Row {
  if (kind !== 'codeRunner') throw new Refusal(2014)
  const row = typeof objectId === 'string' ? backend.users.byId(objectId) : undefined
  if (row === undefined) throw new Refusal(3003)
  if (backend.settings.objectIdLoginChecks) {
    if (backend.lockout.isLocked(row.objectId)) throw new Refusal(3036)
    refuseUnusable(row)
  }
  return row
}

function refuseUnusable(row: Row): void {
  if (row.userStatus === 'DISABLED') throw new Refusal(3090)
  if (row.userStatus === 'EMAIL_CONFIRMATION_PENDING') throw new Refusal(3087)
}
