// POST /users/register, and the creation of users on every route.
import type { FastifyInstance } from 'fastify'
import { type Backend, type Caller, isIdentity } from '../backend.ts'
import { type Code, Refusal } from '../errors.ts'
import type { Row } from '../users.ts'
import { callerOf, fieldsOf } from './request.ts'

type Values = Readonly<Record<string, unknown>>

export function registrationRoutes(app: FastifyInstance, backend: Backend): void {
  app.post('/users/register', (request) => {
    const { registration, closedForCodeRunner, confirmation } = backend.settings
    const { kind } = callerOf(request)
    if (registration === 'closed' && (kind !== 'codeRunner' || closedForCodeRunner)) throw new Refusal(3009)
    const values = fieldsOf(request.body)
    const row =
      values.objectId === undefined
        ? createUser(backend, values, 3033, confirmation)
        : convertGuest(backend, values)
    // "The registration API does not login the user": no token here.
    return backend.users.present(row)
  })

  app.post('/users/register/guest', () => {
    const row = backend.users.insert({}, undefined, { userStatus: 'GUEST' })
    return backend.logIn(row)
  })
}

/** Creates a user, who can log in, through the Data API. The settings of registration apply with `dataObeysRegistration`. */
export function createThroughData(backend: Backend, values: Values, { kind }: Caller): Row {
  const { dataObeysRegistration, registration, closedForCodeRunner, confirmation } = backend.settings
  const closed = registration === 'closed' && (kind !== 'codeRunner' || closedForCodeRunner)
  if (dataObeysRegistration && closed) throw new Refusal(3009)
  // 1155 is "Duplicate entry"; a registration answers 3033.
  return createUser(backend, values, 1155, dataObeysRegistration && confirmation)
}

function createUser(backend: Backend, values: Values, duplicate: Code, confirmation: boolean): Row {
  const password = check(backend, values, duplicate, confirmation)
  const system = confirmation ? { userStatus: 'EMAIL_CONFIRMATION_PENDING' } : {}
  return backend.users.insert(values, password, system)
}

/** A registration with the `objectId` of a guest turns the guest into a user. Any other id is refused with 3039. */
function convertGuest(backend: Backend, values: Values): Row {
  const guest = typeof values.objectId === 'string' ? backend.users.byId(values.objectId) : undefined
  if (guest?.userStatus !== 'GUEST') throw new Refusal(3039)
  const { confirmation } = backend.settings
  const password = check(backend, values, 3033, confirmation)
  backend.users.update(guest, values)
  backend.users.setPassword(guest, password)
  backend.users.setStatus(guest, confirmation ? 'EMAIL_CONFIRMATION_PENDING' : 'ENABLED')
  return guest
}

/** Checks a registration and returns its password. @throws Refusal, 3011 for `{}`. */
function check(backend: Backend, values: Values, duplicate: Code, confirmation: boolean): string {
  const { password, email } = values
  const identity = values[backend.settings.identityColumn]
  if (password === undefined || password === null || password === '') throw new Refusal(3011)
  if (typeof password !== 'string') throw new Refusal(3050)
  if (!isIdentity(identity)) throw new Refusal(3013)
  if (confirmation && !isIdentity(email)) throw new Refusal(3078)
  if (isIdentity(email) && !/^[^\s@]+@[^\s@]+$/.test(String(email))) throw new Refusal(3040)
  if (backend.users.byIdentity(identity) !== undefined) throw new Refusal(duplicate)
  return password
}
