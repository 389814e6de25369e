import { NAMESPACE } from '../../provisioning/config.ts'
import { warningsOf } from '../../provisioning/config-rules.ts'
import { asSentence } from '../../provisioning/findings.ts'
import { Tenant } from '../auth0/tenant.ts'
import { BackendlessApi } from '../backendless/api.ts'
import { type Configuration, readConfiguration } from '../stack/reading.ts'
import { checkAuth0, type Known } from './auth0.ts'
import { checkBackendless } from './backendless.ts'
import { checkDeployed, DEPLOYED } from './deployed.ts'
import { type CheckResult, Findings } from './findings.ts'
import type { DoctorOptions } from './options.ts'
import { checkSignIn } from './sign-in.ts'
import { readTestUser, type TestUser } from './test-user.ts'
import { TRIED, tryUser } from './throw-away.ts'
import { checkColumns, checkRowOwners, TABLE } from './users-table.ts'

const BACKENDLESS = [
  'backendless',
  'response time',
  'application',
  'registration',
  ...TABLE,
  ...TRIED,
] as const

interface DoctorSurroundings {
  readonly environment: NodeJS.ProcessEnv
  /** Reads the stack. Default: through Pulumi. */
  readonly read?: (stack: string) => Promise<Pick<Configuration, 'checked' | 'actionId'>>
}

/**
 * Checks everything that a sign-in needs. Returns a finding for each check of the catalogue.
 * @throws UsageError if the environment lacks what the options need.
 * @throws Problem if it was interrupted.
 */
export async function doctor(
  options: DoctorOptions,
  surroundings: DoctorSurroundings,
): Promise<readonly CheckResult[]> {
  const { environment } = surroundings
  const testUser = options.signIn ? readTestUser(environment) : undefined
  const read =
    surroundings.read ??
    ((stack) => readConfiguration(stack, { folder: process.cwd(), environment }, options.component))

  const found = new Findings()
  const known = await checkConfig(found, () => read(options.stack))
  await Promise.all([
    checkBefore(found, options, known),
    checkTenant(found, () => new Tenant(environment), known),
  ])
  await checkTestUser(found, testUser, known)
  return found.all()
}

async function checkConfig(
  found: Findings,
  read: () => Promise<Pick<Configuration, 'checked' | 'actionId'>>,
): Promise<Known> {
  let known: Known = { config: undefined, actionId: undefined }
  await found.attempt('config', async () => {
    const { checked, actionId } = await read()
    if ('findings' in checked) {
      const lines = checked.findings.map(({ path, problem }) => `${NAMESPACE}:${path} ${asSentence(problem)}`)
      found.failed('config', lines.join('\n'))
      known = { config: undefined, actionId }
      return
    }
    known = { config: checked.config, actionId }
    const warnings = warningsOf(checked.config)
    if (warnings.length > 0) found.warning('config', warnings.join('\n'))
    else found.ok('config', 'The configuration is usable.')
  })
  return known
}

async function checkBefore(
  found: Findings,
  { tryUser: tries, allRows }: DoctorOptions,
  { config }: Known,
): Promise<void> {
  if (!config) return found.notChecked(BACKENDLESS, 'The configuration is not usable.')
  const api = new BackendlessApi(config)
  const isUsable = await checkBackendless(found, api)
  if (!isUsable) return found.notChecked([...TABLE, ...TRIED], 'The application cannot be used.')
  await checkColumns(found, api, config)
  await checkRowOwners(found, api, allRows)
  if (tries) return tryUser(found, api, config)
  found.notChecked(TRIED, 'This needs users who are registered for it and deleted again: --try-user.')
}

async function checkTenant(found: Findings, open: () => Tenant, known: Known): Promise<void> {
  const tenant = await checkAuth0(found, open, known)
  const { config, actionId } = known
  if (!tenant) found.notChecked(DEPLOYED, 'The tenant cannot be read.')
  else if (actionId === undefined) {
    found.notChecked(DEPLOYED, 'The stack has no Action, as far as could be read: run `npx pulumi up` first.')
  } else await checkDeployed(found, tenant, actionId, config)
}

async function checkTestUser(found: Findings, user: TestUser | undefined, { config }: Known): Promise<void> {
  if (!user) return found.notChecked(['sign-in'], 'This needs a user of the tenant who signs in: --sign-in.')
  if (!config) return found.notChecked(['sign-in'], 'The configuration is not usable.')
  if (found.result('bound') !== 'ok' || found.result('deployed') !== 'ok') {
    return found.notChecked(['sign-in'], 'The Action is not known to run at sign-ins.')
  }
  await checkSignIn(found, user, new BackendlessApi(config), config.claim)
}
