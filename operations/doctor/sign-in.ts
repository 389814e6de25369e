// `--sign-in`: a test user signs in to the tenant, through the deployed Action, and Backendless says whether the token is valid.
import { SENTENCES } from '../../actions/backendless-login/outcomes.ts'
import { problemClaim } from '../../actions/backendless-login/settings.ts'
import type { BackendlessApi } from '../backendless/api.ts'
import { fieldsOf } from '../fields.ts'
import type { Findings } from './findings.ts'
import type { TestUser } from './test-user.ts'

/** For one request. Auth0 ends a trigger after 20 s. */
const TIMEOUT_MS = 30_000

export async function checkSignIn(
  found: Findings,
  user: TestUser,
  api: BackendlessApi,
  claim: string,
): Promise<void> {
  const answer = await askForTokens(user)
  if (!answer) return found.failed('sign-in', 'The token endpoint of the tenant gave no answer.')
  const { status, body } = answer
  if (status !== 200) return refused(found, status, body)
  const userToken = claimIn(body.id_token, claim)
  const problem = claimIn(body.id_token, problemClaim(claim))
  if (userToken === undefined && problem !== undefined) {
    return found.failed('sign-in', `The test user signed in without a user token: ${problem}.`)
  }
  if (userToken === undefined) {
    return found.failed(
      'sign-in',
      `The test user signed in, and the ID token has no claim ${claim}: the application may not be one of \`clients\`, or the Action skipped this user.`,
    )
  }
  const live = await api.isLive(userToken)
  if (live !== true) {
    return found.failed(
      'sign-in',
      'The test user got a claim, but Backendless says that it is not a valid user token.',
    )
  }
  await api.send('GET', '/users/logout', undefined, userToken)
  found.ok('sign-in', 'The test user got a valid user token, and was logged out again.')
}

async function askForTokens({
  url,
  fields,
}: TestUser): Promise<
  { readonly status: number; readonly body: Readonly<Record<string, unknown>> } | undefined
> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(fields.reveal()),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return { status: response.status, body: fieldsOf(JSON.parse(await response.text())) }
  } catch {
    return undefined
  }
}

/** Shows only the Action's own reason from Auth0's description: another Action may have written anything there. */
function refused(found: Findings, status: number, body: Readonly<Record<string, unknown>>) {
  const { error, error_description: description } = body
  const [, code = '', reference = ''] =
    /^([a-z_]+): .* Reference: ([A-Z0-9]{6})$/.exec(typeof description === 'string' ? description : '') ?? []
  if (Object.hasOwn(SENTENCES, code)) {
    return found.failed('sign-in', `The Action refused the test user: ${code}, reference ${reference}.`)
  }
  switch (error) {
    case 'invalid_grant':
      return found.failed('sign-in', 'Auth0 refused the name or the password of the test user.')
    case 'unauthorized_client':
    case 'unsupported_grant_type':
      return found.notChecked(
        ['sign-in'],
        'The tenant does not allow this application the Password grant: allow it, under Advanced Settings > Grant Types, or sign in by hand.',
      )
    case 'mfa_required':
      return found.notChecked(
        ['sign-in'],
        'The tenant asks the test user for a second factor: sign in by hand.',
      )
    case 'access_denied':
      return found.failed('sign-in', 'An Action refused the test user, and it was not this one.')
    default:
      return found.failed('sign-in', `Auth0 answered ${status} to the sign-in of the test user.`)
  }
}

/** The signature is not checked: the token comes from the tenant itself. */
function claimIn(idToken: unknown, claim: string): string | undefined {
  if (typeof idToken !== 'string') return undefined
  try {
    const value = fieldsOf(JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()))[
      claim
    ]
    return typeof value === 'string' && value !== '' ? value : undefined
  } catch {
    return undefined
  }
}
