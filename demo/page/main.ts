// The page: signs in with auth0-spa-js, shows the result, and uses the user token.
import { createAuth0Client, type IdToken } from '@auth0/auth0-spa-js'
import { type Problem, UserToken } from '../../examples/client/user-token.ts'
import type { PageConfig } from '../page-server.ts'
import { initAccountSwitches, showAccountOf } from './account.ts'
import { listenToActivity } from './activity-list.ts'
import { showCircuit } from './circuit.ts'
import { ask, element, fill, messageOf, say, show } from './elements.ts'
import { logOutOfBackendless, OwnRow } from './row.ts'
import { initSwitches } from './switches.ts'

/** Claims of every ID token that the page does not show. */
const HIDDEN_CLAIMS = new Set([
  '__raw',
  'aud',
  'iss',
  'iat',
  'exp',
  'nonce',
  'sid',
  'at_hash',
  's_hash',
  'updated_at',
  'auth_time',
  'acr',
  'amr',
])

listenToActivity((execution) => {
  void showAccountOf(execution.userId)
  showCircuit(execution)
})
const config = await ask<PageConfig>('/config.json')
const auth0 = await createAuth0Client({
  domain: config.domain,
  clientId: config.clientId,
  useRefreshTokens: true,
  useRefreshTokensFallback: true,
  authorizationParams: { redirect_uri: location.origin },
})
const userToken = new UserToken(auth0, { claim: config.claim })
const ownRow = new OwnRow(userToken, config.backendless)
let email: string | undefined
let user: string | undefined

initSwitches(() => email)
initAccountSwitches({ user: () => user, signInAs: (address) => void signInAnew(address) })
onClick('sign-in', () => auth0.loginWithRedirect())
onClick('sign-up', () => auth0.loginWithRedirect({ authorizationParams: { screen_hint: 'signup' } }))
onClick('refresh', refresh)
onClick('sign-in-other', () => signInAnew())
onClick('sign-out', () => userToken.signOut(logOutOfBackendless, location.origin))
await arrive()

/** Shows the tenant's form even if there is a session: Auth0 keeps the session of a user who was denied. */
function signInAnew(login_hint = ''): Promise<void> {
  return auth0.loginWithRedirect({ authorizationParams: { prompt: 'login', login_hint } })
}

/** Handles a callback from the tenant, or an existing session, or a first visit. */
async function arrive(): Promise<void> {
  const query = new URLSearchParams(location.search)
  try {
    if (query.has('state') && (query.has('code') || query.has('error'))) {
      history.replaceState({}, '', '/')
      await auth0.handleRedirectCallback(`${location.origin}/?${query}`)
    } else {
      await auth0.checkSession()
    }
    await showSession()
  } catch (error) {
    showDenial(error)
  }
}

async function refresh(): Promise<void> {
  status('busy', 'Refreshing …')
  try {
    await userToken.refresh()
    await showSession()
  } catch (error) {
    await showSession()
    say('detail', `The refresh failed: ${messageOf(error)}`)
  }
}

async function showSession(): Promise<void> {
  const claims = await auth0.getIdTokenClaims()
  email = claims?.email
  user = claims?.sub
  buttons(claims !== undefined)
  say('detail', '')
  show('claims', claims !== undefined)
  for (const id of ['change-password', 'change-address', 'take-address']) {
    element(id).toggleAttribute('disabled', claims === undefined)
  }
  if (!claims) {
    ownRow.clear()
    return status('out', 'You are signed out.')
  }
  fill('claim-list', claimEntries(claims), config.claim)
  const token = await userToken.take()
  if (token === undefined) {
    ownRow.clear()
    status('kept', `Skipped. You are signed in as ${nameOf(claims)}, without a user token.`)
    await sayProblem()
    return
  }
  if (claims[config.claim] === undefined) {
    status(
      'kept',
      `You are signed in as ${nameOf(claims)}. This ID token brought no user token: the one from before is kept.`,
    )
    await sayProblem()
  } else {
    status('good', `You are signed in as ${nameOf(claims)}, with a Backendless user token.`)
  }
  if (email !== undefined) await ownRow.read(email)
}

/** A reason of the form `<code>: <sentence> Reference: <ref>` comes from the Action; any other comes from Auth0. */
function showDenial(error: unknown): void {
  buttons(false)
  show('sign-in-other', true)
  show('sign-out', true)
  const text = messageOf(error)
  const [, code, sentence, reference] = /^(\w+): (.*) Reference: (\w+)$/s.exec(text) ?? []
  status('bad', sentence === undefined ? `You are not signed in. ${text}` : `Denied. ${sentence}`)
  if (code !== undefined && reference !== undefined) sayReason({ code, reference })
  else say('detail', '')
}

/** Shows why the ID token has no user token: the claim `<claim>Problem`. */
async function sayProblem(): Promise<void> {
  const problem = await userToken.problem()
  if (problem) sayReason(problem)
}

function sayReason({ code, reference }: Problem): void {
  say('detail', `Code ${code}, reference ${reference}, which is in the log line too.`)
}

function status(kind: 'out' | 'busy' | 'good' | 'kept' | 'bad', text: string): void {
  element('status').dataset.kind = kind
  say('status', text)
}

function buttons(signedIn: boolean): void {
  show('sign-in', !signedIn)
  show('sign-up', !signedIn)
  show('hint', !signedIn)
  show('refresh', signedIn)
  show('sign-in-other', signedIn)
  show('sign-out', signedIn)
}

function claimEntries(claims: IdToken): [string, string][] {
  const entries = Object.entries(claims).filter(
    ([name, value]) => !HIDDEN_CLAIMS.has(name) && value !== undefined,
  )
  return entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
}

function nameOf({ name, email: address, sub }: IdToken): string {
  return name ?? address ?? sub
}

function onClick(id: string, work: () => Promise<unknown>): void {
  element(id).addEventListener('click', () => {
    work().catch((error: unknown) => say('detail', messageOf(error)))
  })
}
