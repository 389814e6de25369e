// What every route reads from a request.
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../backend.ts'
import { Refusal } from '../errors.ts'

const callers = new WeakMap<FastifyRequest, Caller>()

export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller)
}

export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (caller === undefined) throw new Refusal(2002)
  return caller
}

/** Returns the properties of a JSON object; none if there is no body. @throws Refusal 8002 for any other JSON. */
export function fieldsOf(body: unknown): Record<string, unknown> {
  if (body === undefined || body === null) return {}
  if (!isFields(body)) throw new Refusal(8002)
  return body
}

export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
