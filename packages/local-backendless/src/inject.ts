// Injects a fault before a request is processed, or into its answer.
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import type { FastifyReply } from 'fastify'
import { errorBody, statusOf, textOf } from './errors.ts'
import type { Fault } from './faults.ts'

/** Time for the client to read what was sent, before the connection is reset. */
const RESET_AFTER_MS = 5

const never = () => new Promise<never>(() => {})

/** The timer does not keep the process alive. */
const wait = (ms: number) => sleep(ms, undefined, { ref: false })

/** Sends the fault's answer, or never returns, or returns so that the request is processed. */
export async function injectBefore(fault: Fault, reply: FastifyReply, statuses: Record<number, number>) {
  if (fault.kind === 'answer' || fault.kind === 'code') {
    reply.send(replace(fault, reply, statuses))
    return
  }
  await injectIntoAnswer(fault, reply, '', statuses)
}

/** Returns the body to send. */
export async function injectIntoAnswer(
  fault: Fault,
  reply: FastifyReply,
  payload: string | Buffer,
  statuses: Record<number, number>,
): Promise<string | Buffer | Readable> {
  switch (fault.kind) {
    case 'delay':
      await wait(fault.ms)
      return payload
    case 'hang':
      return never()
    case 'reset':
      resetConnection(reply)
      return never()
    case 'resetMidway': {
      const bytes = Buffer.from(payload)
      reply.raw.writeHead(reply.statusCode, { ...headersOf(reply), 'content-length': bytes.length })
      reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)))
      await wait(RESET_AFTER_MS)
      resetConnection(reply)
      return never()
    }
    case 'drip': {
      const bytes = Buffer.from(payload)
      reply.header('content-length', bytes.length)
      return Readable.from(drops(bytes, fault.ms))
    }
    case 'rewrite': {
      for (const [name, value] of Object.entries(fault.headers ?? {})) reply.header(name, value)
      if (!fault.body) return payload
      reply.removeHeader('content-length')
      return fault.body(Buffer.from(payload))
    }
    case 'informational': {
      const head = `HTTP/1.1 ${fault.status} Early\r\n\r\n`
      reply.raw.socket?.write(head)
      if (fault.everyMs === undefined) return payload
      while (!reply.raw.destroyed) {
        await wait(fault.everyMs)
        reply.raw.socket?.write(head)
      }
      return never()
    }
    case 'raw':
      reply.raw.socket?.write(fault.bytes)
      if (fault.end) reply.raw.socket?.end()
      return never()
    case 'answer':
    case 'code':
      return replace(fault, reply, statuses)
    default:
      return fault satisfies never
  }
}

function replace(
  fault: Extract<Fault, { kind: 'answer' | 'code' }>,
  reply: FastifyReply,
  statuses: Record<number, number>,
): string | Buffer {
  reply.removeHeader('content-length')
  if (fault.kind === 'code') {
    reply.code(fault.status ?? statusOf(fault.code, statuses)).type('application/json')
    return JSON.stringify(errorBody(fault.message ?? textOf(fault.code), fault.code))
  }
  const { status, body = '', headers = {} } = fault
  const raw = typeof body === 'string' || Buffer.isBuffer(body)
  reply.code(status).type(raw ? 'text/html' : 'application/json')
  for (const [name, value] of Object.entries(headers)) reply.header(name, value)
  return raw ? body : JSON.stringify(body)
}

async function* drops(bytes: Buffer, ms: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1) {
    await wait(ms)
    yield bytes.subarray(at, at + 1)
  }
}

function resetConnection(reply: FastifyReply): void {
  const { socket } = reply.raw
  // A TLS socket cannot send a TCP reset by itself.
  if (socket instanceof TLSSocket) socket.destroy()
  else socket?.resetAndDestroy()
}

function headersOf(reply: FastifyReply): Record<string, string | number | string[]> {
  const headers: Record<string, string | number | string[]> = {}
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) headers[name] = value
  }
  return headers
}
