// The refusals of Backendless: its codes and texts, and the HTTP statuses as far as they are known.

/** Sources: third-party clients (3003, 3087, 3064), the forum (1014), the specs of the JS SDK (3009). */
const STATUSES: Readonly<Record<number, number>> = { 1014: 403, 3003: 401, 3009: 403, 404: 404 }

/** The status of every other code. `settings.statuses` changes it. */
const GUESSED_STATUS = 400

/** Texts from the documentation where it quotes them; the others are paraphrases. */
const MESSAGES = {
  404: 'The requested resource was not found',
  1000: 'Entity with the ID not found',
  1009: 'Unable to retrieve data. Table not found',
  1012: 'User does not have permission to update the object',
  1013: 'User does not have permission to find objects',
  1014: 'User does not have permission to delete the object',
  1017: 'Invalid where clause',
  1025: 'Invalid page size. The value must be between 1 and 100',
  1155: 'Duplicate entry',
  2002: 'Unable to find application. Check application id and/or API key.',
  2014: 'Login by object id is allowed only for Code Runner API key',
  3002: 'User is already logged in from another client',
  3003: 'Invalid login or password',
  3006: 'Login or password is missing',
  3009: 'User registration is denied for this version of application',
  3011: 'Password is required',
  3013: 'Identity property is missing',
  3018: 'User with this identity already exists',
  3020: 'Unable to find a user with the specified login',
  3024: 'Unable to update user',
  3028: 'User is not logged in',
  3029: 'Only admin or the user itself may update the user',
  3030: 'User is not found',
  3033: 'User already exists',
  3034: 'User login is disabled for this application',
  3036: 'Account locked out due to too many failed logins',
  3039: 'Property objectId is reserved',
  3040: 'Wrong e-mail format',
  3044: 'Multiple login limit for the user is reached',
  3045: 'Required fields are empty',
  3049: 'The value does not have the type of its column',
  3050: 'Password must be a string',
  3054: 'Operation allowed only for BL logic.',
  3064: 'Not existing user token',
  3078: 'E-mail is required while e-mail confirmation is on',
  3072: 'A user of a social login cannot log in with a password',
  3085: 'User is already disabled',
  3086: 'User is already enabled',
  3087: 'Unable to login. User email is not confirmed.',
  3090: 'User account is disabled',
  3101: 'Password recovery is disabled',
  3121: 'There is no authenticated user',
  3122: 'Password verification allowed only from CloudCode',
  8002: 'Unable to parse the request',
  8004: 'Unable to parse JSON',
} as const

export type Code = keyof typeof MESSAGES

/** Thrown by a route; the server answers it as `{message, code, errorData}`. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: Code

  constructor(code: Code, message: string = MESSAGES[code]) {
    super(message)
    this.code = code
  }
}

/** The text of 3064 contains the dead token, as in the real service: a client must not log it. */
export const deadToken = (token: string) =>
  new Refusal(3064, `Not existing user token - ${token}. Relogin user to update your user token`)

export function statusOf(code: number, overrides: Readonly<Record<number, number>>): number {
  return overrides[code] ?? STATUSES[code] ?? GUESSED_STATUS
}

const TEXTS = new Map<number, string>(Object.entries(MESSAGES).map(([code, text]) => [Number(code), text]))

/** Returns the text of any code, even of one that no route here returns. */
export const textOf = (code: number) => TEXTS.get(code) ?? `Backendless error ${code}`

/** The body of every error. Real bodies have the empty `errorData`, which the documentation does not mention. */
export function errorBody(message: string, code: number | undefined) {
  return code === undefined ? { message, errorData: {} } : { message, code, errorData: {} }
}
