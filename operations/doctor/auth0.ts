// The checks of the Auth0 tenant that need no deployment.
import type { Config } from '../../provisioning/config-schema.ts'
import { passwordsIn, settingsIn } from '../../provisioning/deployed-settings.ts'
import { appIdFingerprint } from '../../provisioning/fingerprint.ts'
import { TenantProblem } from '../auth0/problem.ts'
import type { BoundAction, Tenant } from '../auth0/tenant.ts'
import { Problem } from '../problem.ts'
import type { Findings } from './findings.ts'

const NEEDED = ['create:actions', 'read:actions', 'update:actions', 'delete:actions'] as const
/** Auth0's limit for a trigger. */
const MOST_BOUND = 20

const DEPENDENT_CHECKS = ['scopes', 'trigger', 'second stack', 'action name'] as const

/** What could be read of the stack. */
export interface Known {
  readonly config: Config | undefined
  readonly actionId: string | undefined
}

/**
 * Returns the tenant with the Actions that are bound to post-login, or `undefined` if it cannot be read.
 * @param open throws a Problem if the environment does not name the tenant.
 */
export async function checkAuth0(
  found: Findings,
  open: () => Tenant,
  known: Known,
): Promise<{ readonly tenant: Tenant; readonly bound: readonly BoundAction[] } | undefined> {
  let tenant: Tenant
  let scopes: readonly string[] | undefined
  let bound: readonly BoundAction[]
  try {
    tenant = open()
    scopes = await tenant.scopes()
    bound = await tenant.boundActions()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error instanceof TenantProblem && error.obstacle === 'scope') {
      found.ok('auth0', 'Auth0 answers, and accepts the credentials.')
      found.failed('scopes', error.message)
      found.notChecked(DEPENDENT_CHECKS, 'The credentials may not read Actions.')
    } else {
      found.failed('auth0', error.message)
      found.notChecked(DEPENDENT_CHECKS, 'The tenant cannot be read.')
    }
    return undefined
  }
  found.ok('auth0', 'Auth0 answers, and accepts the credentials.')
  checkScopes(found, scopes)
  checkTrigger(found, bound, known)
  checkSecondStack(found, bound, known)
  await checkName(found, tenant, known)
  return { tenant, bound }
}

function checkScopes(found: Findings, scopes: readonly string[] | undefined): void {
  if (!scopes) {
    found.notChecked(
      ['scopes'],
      'The token does not say its scopes; it may read Actions. Use AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET.',
    )
    return
  }
  const missing = NEEDED.filter((scope) => !scopes.includes(scope))
  if (missing.length > 0) found.failed('scopes', `The credentials lack ${missing.join(', ')}.`)
  else found.ok('scopes', 'The credentials have every scope that a deployment needs.')
}

function checkTrigger(found: Findings, bound: readonly BoundAction[], { config, actionId }: Known): void {
  const others = bound.filter(({ id }) => id !== actionId)
  if (others.length === bound.length && bound.length >= MOST_BOUND) {
    found.failed('trigger', `post-login has ${bound.length} Actions, and Auth0 binds no more.`)
    return
  }
  const rivals = config ? others.filter(({ code }) => setsSameClaim(code, config)) : []
  if (rivals.length > 0) {
    found.warning('trigger', `Bound too, and with the same claim for the same clients: ${namesOf(rivals)}.`)
    return
  }
  found.ok('trigger', others.length === 0 ? 'No other Action is bound.' : `Bound too: ${namesOf(others)}.`)
}

function setsSameClaim(code: string | undefined, { claim, clients }: Config): boolean {
  if (code === undefined) return false
  const read = settingsIn(code)
  if (read.kind === 'unreadable') return code.includes(claim)
  const theirs = read.settings.clients
  const everybody = clients.includes('*') || theirs.includes('*')
  return read.settings.claim === claim && (everybody || theirs.some((client) => clients.includes(client)))
}

/** Two Actions for one application write a user's memory to the same key of `app_metadata`. */
function checkSecondStack(found: Findings, bound: readonly BoundAction[], { config, actionId }: Known): void {
  if (!config) {
    found.notChecked(['second stack'], 'The configuration is not usable.')
    return
  }
  const application = appIdFingerprint(config.appId)
  const others = bound.filter(({ id, code }) => id !== actionId && code && writesMemory(code, application))
  if (config.identity !== 'email' || !config.memory) {
    found.ok('second stack', 'This stack writes no `app_metadata`.')
  } else if (others.length > 0) {
    found.warning(
      'second stack',
      `For the same application these Actions write the same \`app_metadata\`: ${namesOf(others)}.`,
    )
  } else found.ok('second stack', 'No other Action writes the same `app_metadata`.')
}

function writesMemory(code: string, application: string): boolean {
  const read = settingsIn(code)
  if (read.kind === 'settings') {
    const { appIdFingerprint: theirs, identity, memory } = read.settings
    return theirs === application && identity === 'email' && memory
  }
  // Another version of this program deployed it. A version without a memory has no such setting.
  const passwords = passwordsIn(code)
  return (
    passwords.kind === 'passwords' &&
    passwords.appIdFingerprint === application &&
    code.includes('"memory": true')
  )
}

async function checkName(found: Findings, tenant: Tenant, { config, actionId }: Known): Promise<void> {
  if (!config) return found.notChecked(['action name'], 'The configuration is not usable.')
  const { actionName } = config
  await found.attempt('action name', async () => {
    const id = await tenant.actionNamed(actionName)
    if (id === undefined) found.ok('action name', `The name ${actionName} is free.`)
    else if (id === actionId) found.ok('action name', `The Action ${actionName} is the stack's.`)
    else
      found.failed(
        'action name',
        `The name ${actionName} is that of another Action, which is not the stack's.`,
      )
  })
}

export function namesOf(actions: readonly BoundAction[]): string {
  return actions.map(({ name }) => name).join(', ')
}
