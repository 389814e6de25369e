// Starts the services of a measurement: a Backendless with users, and a network with latency in front of it.
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Certificate } from '@backendless-login/local-auth0'
import type { Fault } from '@backendless-login/local-backendless'
import { userPassword } from '../actions/backendless-login/password.ts'
import { Secret } from '../actions/backendless-login/secret.ts'
import type { NetworkOrder as LatencyOrder } from './latency.ts'
import type { ServiceOrder } from './service.ts'

/** In milliseconds, as across a continent. Auth0 and Backendless may be nearer or farther. */
export const ROUND_TRIP_MS = 30

export interface Network {
  readonly url: string
  readonly appId: string
  readonly apiKey: string
  /** The program's current password: Action secret PASSWORD_1. */
  readonly password: string
  /** Addresses of the users in Backendless. */
  readonly emails: readonly string[]
  /** Returns the user's password in Backendless. */
  passwordOf(email: string): string
  /** Injects the fault into every further request. Absent: removes it. */
  injectFault(fault?: Fault): Promise<void>
  refuseConnections(): Promise<void>
  acceptConnections(): Promise<void>
  close(): void
}

export type ServerIdentity = Pick<Certificate, 'certificate' | 'privateKey'>

export async function openNetwork(
  identity: ServerIdentity,
  users: number,
  roundTripMs = ROUND_TRIP_MS,
): Promise<Network> {
  const [appId, apiKey, password] = [randomUUID(), randomUUID(), `${randomUUID()}${randomUUID()}`]
  const passwordOf = (email: string) =>
    userPassword(
      { id: '1', perUser: true, value: new Secret(password) },
      new Secret(appId),
      new Secret(email),
    ).reveal()
  const emails = Array.from({ length: users }, (_, index) => `user${index}@example.com`)
  const service = start('service.ts')
  const latency = start('latency.ts')
  const tellService = (order: ServiceOrder) => ask(service, order)
  const tellLatency = (order: LatencyOrder) => ask(latency, order)
  const tls = { key: identity.privateKey, cert: identity.certificate }
  const known = emails.map((email) => ({ email, password: passwordOf(email) }))
  const { port: target } = await tellService({ kind: 'open', appId, apiKey, tls, users: known })
  const { port } = await tellLatency({ kind: 'open', port: target, roundTripMs })
  return {
    url: `https://127.0.0.1:${port}`,
    appId,
    apiKey,
    password,
    emails,
    passwordOf,
    async injectFault(fault) {
      await tellService(fault ? { kind: 'fault', fault } : { kind: 'fault' })
    },
    async refuseConnections() {
      await tellLatency({ kind: 'refuse' })
    },
    async acceptConnections() {
      await tellLatency({ kind: 'accept' })
    },
    close() {
      service.disconnect()
      latency.disconnect()
    },
  }
}

function start(file: string): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: ['--no-warnings'] })
}

async function ask(child: ChildProcess, order: LatencyOrder | ServiceOrder): Promise<{ port: number }> {
  child.send(order)
  const [answer] = await once(child, 'message')
  return answer
}
