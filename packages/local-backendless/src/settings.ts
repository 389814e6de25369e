// What a developer would set in the Backendless console, plus the points on which Backendless' answer is not known.

import type { Compare } from './compare.ts'

export type KeyKind = 'rest' | 'js' | 'codeRunner'

/** All of it may be changed while the service runs; each request reads the values afresh. */
export interface Settings {
  /** The column of Users that identifies a user; uniqueness is enforced on it alone. */
  identityColumn: string
  /** How string values compare: identities at login and registration, and every string in a `where` clause. */
  compare: Compare

  /** Console: "multiple logins". Off, a user has one session. */
  multipleLogins: boolean
  /** With `multipleLogins`: the login after this many live sessions gets 3044. */
  maxConcurrentLogins: number
  /** Without `multipleLogins`: true refuses a further login with 3002, false kills the older token. Named as in the console. */
  logoutLastUser: boolean
  /** False: every login gets 3034. */
  loginEnabled: boolean
  /** Failures that lock an identity; 0 is never. */
  failedLoginsLock: number
  /** Milliseconds until a locked identity may try again. */
  lockMs: number
  /** Milliseconds without a call after which a session ends. */
  sessionMs: number

  /** `closed` answers 403 to POST /users/register. */
  registration: 'open' | 'closed'
  /** Unconfirmed: whether that 403 carries code 3009. */
  closedHasCode: boolean
  /** Unconfirmed: whether closed registration stops the Cloud Code key as well. */
  closedForCodeRunner: boolean
  /** Unconfirmed: whether rows made through the Data API obey `registration` and `confirmation`. */
  dataObeysRegistration: boolean
  /** New users wait for a click in an e-mail: 3087 at login until then. */
  confirmation: boolean
  /** True: unknown properties become columns. False: they are dropped in silence. */
  dynamicSchema: boolean
  /** False: restorepassword answers 3101. */
  recovery: boolean

  /**
   * True: a row of Users is written only with the Cloud Code key, by its own user or by its owner (`ownerId`), who may be whoever
   * updated it before; others get 3029, or 1012 and 1014 in the Data API.
   */
  ownRowOnly: boolean
  /** False: nobody but the Cloud Code key writes the password column; others get 3024, a guess. */
  passwordChange: boolean
  /** Unconfirmed: whether a new password ends the user's sessions. */
  passwordChangeKillsTokens: boolean
  /** The rows of a page at most, whatever was asked for: Cloud has 100, and Pro can be configured to give fewer. */
  maxPageSize: number
  /** False: the roles of the REST and JS keys may not FIND, and see an empty table. */
  findAllowed: boolean
  /** False: the roles of the REST and JS keys may not DELETE; they get 1014. */
  deleteAllowed: boolean

  /** Unconfirmed: whether login by objectId answers 3090, 3087 and 3036 as a login by password does. */
  objectIdLoginChecks: boolean
  /** Unconfirmed: whether a login that succeeds forgets the failures before it. */
  successForgetsFailures: boolean
  /** Unconfirmed: whether isvalidusertoken counts as a call that prolongs the session. */
  validityCheckProlongs: boolean
  /** Unconfirmed: what a backslash in a `where` string means; `escape` is MySQL's way. */
  backslash: 'refuse' | 'literal' | 'escape'
  /** The key that `/api/<path>` is mapped to. */
  domainKey: KeyKind
  /** HTTP statuses by code, over the defaults, most of which are guesses. */
  statuses: Record<number, number>
}

/** A new application's settings as far as they are known. */
export function defaultSettings(): Settings {
  return {
    identityColumn: 'email',
    compare: 'loose',
    multipleLogins: false,
    maxConcurrentLogins: 5,
    logoutLastUser: false,
    loginEnabled: true,
    failedLoginsLock: 0,
    lockMs: 15 * 60_000,
    sessionMs: 3_600_000,
    registration: 'open',
    closedHasCode: true,
    closedForCodeRunner: true,
    dataObeysRegistration: false,
    confirmation: false,
    dynamicSchema: true,
    recovery: true,
    ownRowOnly: false,
    passwordChange: true,
    passwordChangeKillsTokens: false,
    maxPageSize: 100,
    findAllowed: true,
    deleteAllowed: true,
    objectIdLoginChecks: true,
    successForgetsFailures: true,
    validityCheckProlongs: false,
    backslash: 'refuse',
    domainKey: 'rest',
    statuses: {},
  }
}
