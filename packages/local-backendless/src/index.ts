// The REST API of Backendless in memory, on loopback.
import { randomUUID } from 'node:crypto'
import { Backend, type Keys } from './backend.ts'
import { type Fault, type FaultRule, FaultRules, type Faults } from './faults.ts'
import { type RecordedRequest, type RequestListener, Requests } from './requests.ts'
import { createApp, type TlsIdentity } from './server.ts'
import { defaultSettings, type Settings } from './settings.ts'
import type { Row } from './users.ts'

export type { Compare } from './compare.ts'
export type { Fault, FaultRule, Faults, Keys, RecordedRequest, RequestListener, Row, Settings, TlsIdentity }

export type BackendlessOptions = Partial<Settings> & {
  /** Default: a free port. */
  readonly port?: number
  /** The clock of sessions, lock-outs and `created`, in milliseconds. Default: `Date.now`. */
  readonly now?: () => number
  /** Serves https. */
  readonly tls?: TlsIdentity
  /** A prefix of every path, as a self-hosted Backendless Pro can have: `/api`, `/a/b`. Default: none. */
  readonly pathPrefix?: string
  readonly appId?: string
  readonly keys?: Partial<Keys>
  readonly onRequest?: RequestListener
}

export interface LocalBackendless {
  /** Origin and prefix, without a slash at the end. `/<app-id>/<key>/…` or `/api/…` follows. */
  readonly url: string
  readonly appId: string
  readonly keys: Keys
  /** A change applies from the next request on. */
  readonly settings: Settings
  /** In order of arrival; `length = 0` clears it. */
  readonly requests: RecordedRequest[]
  readonly faults: Faults
  /**
   * Adds a row, and columns for it, without the rules of registration. System columns such as `userStatus` may be set. With a
   * `socialAccount` other than BACKENDLESS, it is a user of a social login, who has no password (3072).
   * @throws Error if the identity is taken.
   */
  addUser(row: { password: string; [column: string]: unknown }): Row
  /** Creates columns of the table Users, as a developer does in the console. */
  addColumns(...names: string[]): void
  /** Returns a copy of the row. */
  user(identity: string): Row | undefined
  /** False if there is no such user. */
  passwordIs(identity: string, password: string): boolean
  /** Locks a user as failed logins do, but until it is unlocked, or unlocks it. @throws Error if there is no such user. */
  setLocked(identity: string, locked: boolean): void
  /** Returns the user of a live session. */
  ownerOf(token: string): Row | undefined
  /** Live tokens, oldest first. */
  sessionsOf(identity: string): string[]
  /** Closes the service and its open connections. */
  close(): Promise<void>
}

/** Starts the service on 127.0.0.1. Two services share no state. */
export async function startBackendless(options: BackendlessOptions = {}): Promise<LocalBackendless> {
  const {
    port = 0,
    now = Date.now,
    tls,
    pathPrefix = '',
    appId = newId(),
    keys: given = {},
    onRequest,
    ...chosen
  } = options
  const keys: Keys = { rest: newId(), js: newId(), codeRunner: newId(), ...given }
  const settings: Settings = { ...defaultSettings(), ...chosen }
  const backend = new Backend(appId, keys, settings, now)
  const { users, sessions } = backend
  const requests = new Requests(onRequest)
  const faults = new FaultRules()
  const prefix = pathPrefix === '' ? '' : `/${pathPrefix.replace(/^\/+|\/+$/g, '')}`
  const { app, destroy } = createApp({ backend, requests, faults, prefix, tls })
  await app.listen({ host: '127.0.0.1', port })
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('the service has no port')

  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${address.port}${prefix}`,
    appId,
    keys,
    settings,
    requests: requests.list,
    faults,
    addUser({ password, ...values }) {
      const identity = values[settings.identityColumn]
      if ((typeof identity === 'string' || typeof identity === 'number') && users.byIdentity(identity)) {
        throw new Error(`addUser: there is a user with ${settings.identityColumn} ${identity} already`)
      }
      users.declare(Object.keys(values))
      return { ...users.insert(values, password, systemOf(values)) }
    },
    addColumns: (...names) => users.declare(names),
    user: (identity) => copy(users.byIdentity(identity)),
    passwordIs(identity, password) {
      const row = users.byIdentity(identity)
      return row !== undefined && users.passwordIs(row, password)
    },
    setLocked(identity, locked) {
      const row = users.byIdentity(identity)
      if (row === undefined) throw new Error(`setLocked: there is no user ${identity}`)
      backend.lockout.set(row.objectId, locked)
    },
    ownerOf: (token) => copy(backend.ownerOf(token)),
    sessionsOf(identity) {
      const row = users.byIdentity(identity)
      return row === undefined ? [] : sessions.tokensOf(row.objectId)
    },
    async close() {
      const closed = app.close()
      destroy()
      await closed
    },
  }
}

const newId = () => randomUUID().toUpperCase()

const copy = (row: Row | undefined): Row | undefined => (row === undefined ? undefined : { ...row })

/** The system columns that a test may set and a client may not. */
function systemOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const system: Record<string, unknown> = {}
  for (const column of [
    'objectId',
    'created',
    'updated',
    'lastLogin',
    'userStatus',
    'ownerId',
    'socialAccount',
  ]) {
    if (values[column] !== undefined) system[column] = values[column]
  }
  return system
}
