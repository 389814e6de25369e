// The paths of a sign-in, request by request, and how a fault at each request ends. Written from the documentation, not from the code.

export type PathName = keyof typeof PATHS

/** One request. `refused`: Backendless refuses it, and the sign-in continues. */
export interface PathStep {
  readonly request: 'login' | 'register' | 'change'
  readonly refused?: boolean
}

interface PathOfSignIn {
  readonly title: string
  readonly steps: readonly PathStep[]
  /** The outcome without a fault. */
  readonly ends: 'ok' | 'moved' | 'renamed'
}

const login: PathStep = { request: 'login' }
const refusedLogin: PathStep = { request: 'login', refused: true }
const register: PathStep = { request: 'register' }
const change: PathStep = { request: 'change' }

export const PATHS = {
  known: { title: 'a known user', steps: [login], ends: 'ok' },
  brandNew: { title: 'a brand-new user', steps: [register, login], ends: 'ok' },
  unknown: { title: 'an unknown user', steps: [refusedLogin, register, login], ends: 'ok' },
  moved: { title: 'a user to move', steps: [refusedLogin, login, change, login], ends: 'moved' },
  registeredBefore: {
    title: 'a new user with an older row',
    steps: [{ request: 'register', refused: true }, refusedLogin, login, change, login],
    ends: 'moved',
  },
  claimed: { title: 'a user whose row is nobody’s', steps: [login, change], ends: 'ok' },
  synced: { title: 'a user whose name has changed', steps: [login, change], ends: 'ok' },
  renamed: { title: 'a user whose address has changed', steps: [login, change, login], ends: 'renamed' },
  outdated: { title: 'a user whose memory is out of date', steps: [refusedLogin, login], ends: 'ok' },
} as const satisfies Readonly<Record<string, PathOfSignIn>>

/** The effect of a fault on the rest of the sign-in. */
export type Effect = keyof typeof EXPECTED

/**
 * By effect and path, for a fault at the first request, the second, and so on: the outcome and the number of requests in all.
 * `=` is the fault's own outcome.
 */
export const EXPECTED = {
  /** A valid answer. */
  harmless: {
    known: ['ok 1'],
    brandNew: ['ok 2', 'ok 2'],
    unknown: ['ok 3', 'ok 3', 'ok 3'],
    moved: ['moved 4', 'moved 4', 'moved 4', 'moved 4'],
    registeredBefore: ['moved 5', 'moved 5', 'moved 5', 'moved 5', 'moved 5'],
    claimed: ['ok 2', 'ok 2'],
    synced: ['ok 2', 'ok 2'],
    renamed: ['renamed 3', 'renamed 3', 'renamed 3'],
    outdated: ['ok 2', 'ok 2'],
  },
  /** The request did not reach Backendless. */
  unsent: {
    known: ['= 1'],
    brandNew: ['= 1', '= 2'],
    unknown: ['= 1', '= 2', '= 3'],
    moved: ['= 1', '= 2', 'not_moved 3', 'moved 4'],
    registeredBefore: ['= 1', '= 2', '= 3', 'not_moved 4', 'moved 5'],
    claimed: ['= 1', 'ok 2'],
    synced: ['= 1', 'ok 2'],
    renamed: ['= 1', 'not_renamed 2', 'renamed 3'],
    outdated: ['= 1', '= 2'],
  },
  /** The request and its retry did not reach Backendless. */
  unsentTwice: {
    known: ['= 2'],
    brandNew: ['= 2', '= 3'],
    unknown: ['= 2', '= 3', '= 4'],
    moved: ['= 2', '= 3', 'not_moved 4', 'moved 5'],
    registeredBefore: ['= 2', '= 3', '= 4', 'not_moved 5', 'moved 6'],
    claimed: ['= 2', 'ok 2'],
    synced: ['= 2', 'ok 2'],
    renamed: ['= 2', 'not_renamed 3', 'renamed 4'],
    outdated: ['= 2', '= 3'],
  },
  /** The retry succeeded. */
  repeated: {
    known: ['ok 2'],
    brandNew: ['ok 3', 'ok 3'],
    unknown: ['ok 4', 'ok 4', 'ok 4'],
    moved: ['moved 5', 'moved 5', 'moved 5', 'moved 5'],
    registeredBefore: ['moved 6', 'moved 6', 'moved 6', 'moved 6', 'moved 6'],
    claimed: ['ok 3', 'ok 2'],
    synced: ['ok 3', 'ok 2'],
    renamed: ['renamed 4', 'renamed 4', 'renamed 4'],
    outdated: ['ok 3', 'ok 3'],
  },
  /** Backendless refused the request. */
  refused: {
    known: ['= 1'],
    brandNew: ['= 2', '= 2'],
    unknown: ['= 1', '= 2', '= 3'],
    moved: ['= 1', '= 2', 'not_moved 3', 'moved 4'],
    registeredBefore: ['moved 5', '= 2', '= 3', 'not_moved 4', 'moved 5'],
    claimed: ['= 1', 'ok 2'],
    synced: ['= 1', 'ok 2'],
    renamed: ['= 1', 'not_renamed 2', 'renamed 3'],
    outdated: ['= 1', '= 2'],
  },
  /** The row exists already. */
  exists: {
    known: ['= 1'],
    brandNew: ['= 2', '= 2'],
    unknown: ['= 1', '= 3', '= 3'],
    moved: ['= 1', '= 2', 'not_moved 3', 'moved 4'],
    registeredBefore: ['moved 5', '= 2', '= 3', 'not_moved 4', 'moved 5'],
    claimed: ['= 1', 'ok 2'],
    synced: ['= 1', 'ok 2'],
    renamed: ['= 1', 'not_renamed 2', 'renamed 3'],
    outdated: ['= 1', '= 2'],
  },
  /** No such user, or another password. */
  badCredentials: {
    known: ['ok 3'],
    brandNew: ['= 2', '= 2'],
    unknown: ['ok 3', '= 2', '= 3'],
    moved: ['moved 4', '= 4', 'not_moved 3', 'not_moved 4'],
    registeredBefore: ['moved 5', 'moved 5', '= 4', 'not_moved 4', 'not_moved 5'],
    claimed: ['ok 4', 'ok 2'],
    synced: ['ok 4', 'ok 2'],
    renamed: ['ok 4', 'not_renamed 2', 'renamed 3'],
    outdated: ['ok 2', 'ok 4'],
  },
  /** The session has ended: a login shows whether the password was changed. */
  deadToken: {
    known: ['= 1'],
    brandNew: ['= 2', '= 2'],
    unknown: ['= 1', '= 2', '= 3'],
    moved: ['= 1', '= 2', 'not_moved 4', 'moved 4'],
    registeredBefore: ['moved 5', '= 2', '= 3', 'not_moved 5', 'moved 5'],
    claimed: ['= 1', 'ok 2'],
    synced: ['= 1', 'ok 2'],
    renamed: ['= 1', 'not_renamed 3', 'renamed 3'],
    outdated: ['= 1', '= 2'],
  },
  /** It is unknown whether it was processed; it was not. */
  lost: {
    known: ['= 1'],
    brandNew: ['= 2', '= 2'],
    unknown: ['= 1', '= 3', '= 3'],
    moved: ['= 1', '= 2', 'not_moved 4', 'moved 4'],
    registeredBefore: ['moved 5', '= 2', '= 3', 'not_moved 5', 'moved 5'],
    claimed: ['= 1', 'ok 2'],
    synced: ['= 1', 'ok 2'],
    renamed: ['= 1', 'not_renamed 3', 'renamed 3'],
    outdated: ['= 1', '= 2'],
  },
  /** It is unknown whether it was processed; it was. */
  done: {
    known: ['= 1'],
    brandNew: ['ok 2', '= 2'],
    unknown: ['= 1', 'ok 3', '= 3'],
    moved: ['= 1', '= 2', 'moved 4', 'moved 4'],
    registeredBefore: ['moved 5', '= 2', '= 3', 'moved 5', 'moved 5'],
    claimed: ['= 1', 'ok 2'],
    synced: ['= 1', 'ok 2'],
    renamed: ['= 1', 'renamed 3', 'renamed 3'],
    outdated: ['= 1', '= 2'],
  },
  /** It is unknown whether it was processed, and no time is left for another request. */
  spent: {
    known: ['= 1'],
    brandNew: ['= 1', '= 2'],
    unknown: ['= 1', '= 2', '= 3'],
    moved: ['= 1', '= 2', 'not_moved 3', 'moved 4'],
    registeredBefore: ['= 1', '= 2', '= 3', 'not_moved 4', 'moved 5'],
    claimed: ['= 1', 'ok 2'],
    synced: ['= 1', 'ok 2'],
    renamed: ['= 1', 'not_renamed 2', 'renamed 3'],
    outdated: ['= 1', '= 2'],
  },
  /** The kept-alive connection was closed before the request: a login is repeated; after a registration a login follows. */
  stale: {
    known: ['ok 2'],
    brandNew: ['ok 4', 'ok 3'],
    unknown: ['ok 4', 'ok 5', 'ok 4'],
    moved: ['moved 5', 'moved 5', 'not_moved 4', 'moved 5'],
    registeredBefore: ['moved 5', 'moved 6', 'moved 6', 'not_moved 5', 'moved 6'],
    claimed: ['ok 3', 'ok 2'],
    synced: ['ok 3', 'ok 2'],
    renamed: ['renamed 4', 'not_renamed 3', 'renamed 4'],
    outdated: ['ok 3', 'ok 3'],
  },
  /** The same after it was processed. */
  staleDone: {
    known: ['ok 2'],
    brandNew: ['ok 2', 'ok 3'],
    unknown: ['ok 4', 'ok 3', 'ok 4'],
    moved: ['moved 5', 'moved 5', 'moved 4', 'moved 5'],
    registeredBefore: ['moved 5', 'moved 6', 'moved 6', 'moved 5', 'moved 6'],
    claimed: ['ok 3', 'ok 2'],
    synced: ['ok 3', 'ok 2'],
    renamed: ['renamed 4', 'renamed 3', 'renamed 4'],
    outdated: ['ok 3', 'ok 3'],
  },
  /** A row of another user. */
  somebodyElse: {
    known: ['= 1'],
    brandNew: ['ok 2', '= 2'],
    unknown: ['ok 3', 'ok 3', '= 3'],
    moved: ['moved 4', '= 2', 'moved 4', '= 4'],
    registeredBefore: ['moved 5', 'moved 5', '= 3', 'moved 5', '= 5'],
    claimed: ['= 1', 'ok 2'],
    synced: ['= 1', 'ok 2'],
    renamed: ['ok 4', 'renamed 3', 'renamed 3'],
    outdated: ['ok 2', '= 2'],
  },
  /** A row without a usable token. */
  noToken: {
    known: ['= 1'],
    brandNew: ['ok 2', '= 2'],
    unknown: ['ok 3', 'ok 3', '= 3'],
    moved: ['moved 4', '= 2', 'moved 4', 'moved 4'],
    registeredBefore: ['moved 5', 'moved 5', '= 3', 'moved 5', 'moved 5'],
    claimed: ['= 1', 'ok 2'],
    synced: ['= 1', 'ok 2'],
    renamed: ['= 1', 'renamed 3', 'renamed 3'],
    outdated: ['ok 2', '= 2'],
  },
  /** A row without a usable id. */
  noObjectId: {
    known: ['ok 1'],
    brandNew: ['ok 2', 'ok 2'],
    unknown: ['ok 3', 'ok 3', 'ok 3'],
    moved: ['moved 4', 'not_moved 2', 'moved 4', 'moved 4'],
    registeredBefore: ['moved 5', 'moved 5', 'not_moved 3', 'moved 5', 'moved 5'],
    claimed: ['ok 1', 'ok 2'],
    synced: ['ok 1', 'ok 2'],
    renamed: ['not_renamed 1', 'renamed 3', 'renamed 3'],
    outdated: ['ok 2', 'ok 2'],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<PathName, readonly string[]>>>>
