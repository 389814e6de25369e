// The settings of the Backendless console, and one setting for each guess that a client could depend on.

import type { Compare } from './compare.ts'

export type KeyKind = 'rest' | 'js' | 'codeRunner'

/** Can be changed while the service runs: each request reads the current values. */
export interface Settings {
  /** The column of Users that identifies a user. Only its values must be unique. */
  identityColumn: string
  /** How string values compare: identities at login and registration, and every string in a `where` clause. */
  compare: Compare

  /** "Multiple logins" in the console. False: a user has one session. */
  multipleLogins: boolean
  /** With `multipleLogins`: a login beyond this many live sessions gets 3044. */
  maxConcurrentLogins: number
  /** Without `multipleLogins`: true refuses a second login with 3002, false ends the older session. Named as in the console. */
  logoutLastUser: boolean
  /** False: every login gets 3034. */
  loginEnabled: boolean
  /** Number of failed logins that lock an identity; 0: none do. */
  failedLoginsLock: number
  /** Milliseconds until a locked identity may try again. */
  lockMs: number
  /** Milliseconds without a call after which a session ends. */
  sessionMs: number

  /** `closed` answers 403 to POST /users/register. */
  registration: 'open' | 'closed'
  /** True: that 403 has the code 3009. A guess. */
  closedHasCode: boolean
  /** True: a closed registration is closed for the Cloud Code key too. A guess. */
  closedForCodeRunner: boolean
  /** True: `registration` and `confirmation` apply to rows created through the Data API. False is a guess. */
  dataObeysRegistration: boolean
  /** True: a new user's login gets 3087 until the address is confirmed. */
  confirmation: boolean
  /** True: an unknown property becomes a column. False: it is ignored, without an error. */
  dynamicSchema: boolean
  /** False: restorepassword answers 3101. */
  recovery: boolean

  /**
   * True: a row of Users can be written only with the Cloud Code key, by its own user, or by its owner (`ownerId`), who may be
   * another user who updated it before. Others get 3029, or 1012 and 1014 in the Data API.
   */
  ownRowOnly: boolean
  /** False: only the Cloud Code key may write the password column; others get 3024. */
  passwordChange: boolean
  /** True: a new password ends the user's sessions. False is a guess. */
  passwordChangeKillsTokens: boolean
  /** Limit on the rows of a page, whatever the request says. 100 in the cloud; Pro can be configured to return fewer. */
  maxPageSize: number
  /** False: the roles of the REST and JS keys may not FIND, and see an empty table. */
  findAllowed: boolean
  /** False: the roles of the REST and JS keys may not DELETE; they get 1014. */
  deleteAllowed: boolean

  /** True: a login by objectId can get 3090, 3087 and 3036, like a login by password. A guess. */
  objectIdLoginChecks: boolean
  /** True: a successful login resets the count of failures. A guess. */
  successForgetsFailures: boolean
  /** True: isvalidusertoken prolongs the session. False is a guess. */
  validityCheckProlongs: boolean
  /** What a backslash in a `where` string means. `escape` is as in MySQL; which one is real is unknown. */
  backslash: 'refuse' | 'literal' | 'escape'
  /** The kind of key to which `/api/<path>` is mapped. */
  domainKey: KeyKind
  /** HTTP statuses by code; they replace the defaults. */
  statuses: Record<number, number>
}

/** The settings of a new application, as far as they are known. */
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
