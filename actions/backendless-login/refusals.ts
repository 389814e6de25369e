/**
 * What Backendless means when it refuses. Its numeric `code` decides; the HTTP status only where there is no code, for
 * most statuses are unconfirmed. Codes: the documentation's list, its end-to-end specs, the support forum.
 */
export type Refusal =
  | 'exists'
  | 'bad_credentials'
  | 'locked'
  | 'disabled'
  | 'email_unconfirmed'
  | 'session_limit'
  | 'token_dead'
  | 'misconfigured'
  | 'busy'
  | 'down'
  | 'refused'

/** Every code that is known, by what it means at a registration or a login. */
export const REFUSAL_CODES: readonly (readonly [Refusal, readonly number[]])[] = [
  // 1155, 1166: a duplicate entry; 3018: the identity exists.
  ['exists', [1155, 1166, 3018, 3033]],
  // 3003: unknown user or wrong password, Backendless does not say which.
  ['bad_credentials', [3003]],
  ['locked', [3036]],
  // 3000 by the documentation, 3090 by the end-to-end specs.
  ['disabled', [3000, 3090]],
  ['email_unconfirmed', [3082, 3087]],
  ['session_limit', [3002, 3044]],
  ['token_dead', [3023, 3048, 3064, 3091]],
  [
    'misconfigured',
    [2002, 2009, 2014, 3001, 3008, 3009, 3010, 3012, 3013, 3034, 3040, 3041, 3070, 3072, 3074, 3078, 9000],
  ],
  ['busy', [999, 9070, 11009, 11033]],
  [
    'refused',
    [
      // data
      1002, 1005, 1011, 1012, 1013, 1014, 1015, 1017, 1025, 1036, 1134, 1136, 19000,
      // roles
      2005, 2007, 2008, 2011, 3047, 3058, 3059, 3081,
      // registration, login, logout
      3004, 3005, 3006, 3007, 3011, 3014, 3015, 3016, 3017, 3019, 3021, 3022, 3026, 3027, 3032, 3038, 3039,
      3043, 3052, 3053, 3054, 3076, 3077, 3097,
      // updates
      3024, 3028, 3029, 3030, 3031, 3045, 3049, 3050, 3055, 3057, 3063, 3083, 3084, 3085, 3086, 3094, 3095,
      3096, 3098,
      // recovery, confirmation
      3020, 3025, 3051, 3075, 3088, 3089, 3092, 3101, 3102, 3103, 3104, 5050,
      // requests, and what is in no list
      3121, 3122, 8001, 8002, 8004, 8007, 8010,
    ],
  ],
]

const byCode = new Map(
  REFUSAL_CODES.flatMap(([refusal, codes]) => codes.map((code) => [code, refusal] as const)),
)

/** The meaning of an answer that is no success. A code that nobody knows is a plain refusal, whatever its status. */
export function refusalOf(status: number, code: number | undefined): Refusal {
  if (code !== undefined) return byCode.get(code) ?? 'refused'
  if (status === 429) return 'busy'
  if (status >= 500) return 'down'
  if (status === 409) return 'exists'
  return 'refused'
}
