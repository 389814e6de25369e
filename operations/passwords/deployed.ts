import { passwordSecret, type Settings } from '../../actions/backendless-login/settings.ts'
import { type BundledSettings, settingsIn } from '../../provisioning/deployed-settings.ts'
import { appIdFingerprint } from '../../provisioning/fingerprint.ts'
import type { Tenant } from '../auth0/tenant.ts'
import { Problem } from '../problem.ts'
import { differencesOf } from '../stack/differences.ts'
import type { StackReading } from '../stack/reading.ts'
import { putBackAdvice } from './put-back.ts'

/** Pulumi compares only with the state, and does not see a version that was restored in the dashboard. */
const TO_DO =
  'If the configuration is what you want, run `npx pulumi up --refresh`: without `--refresh`, Pulumi does not see an edit in the dashboard. If it finds no changes, an older version was restored: deploy the last version again in the dashboard, Actions > Library > Version History.'

/** The version of the Action that runs at sign-ins. */
export interface DeployedVersion {
  readonly id: string
  /** How long it has been deployed, in milliseconds of Auth0's clock; `undefined` if Auth0 does not say when. */
  readonly ageMs: number | undefined
  /** `''`: it has none. */
  readonly ownerColumn: string
}

/**
 * Makes sure that the version of the Action that runs at sign-ins would let in everybody who is moved: it is for the stack's
 * application, knows its passwords (by the names of its secrets), and tries them in the same order and form (by its
 * settings).
 * @throws TenantProblem if Auth0 does not answer as asked.
 * @throws Problem if the version differs from the stack, or does not run.
 */
export async function requireDeployed(
  tenant: Pick<Tenant, 'deployedVersion' | 'bindings' | 'answeredAt'>,
  stack: StackReading,
): Promise<DeployedVersion> {
  const { actionId } = stack
  const version = await tenant.deployedVersion(actionId)
  const { answeredAt } = tenant
  if (!version) throw new Problem('The Action has no deployed version. Run `npx pulumi up` first.')
  if (version.deployed === false) {
    throw new Problem('The Action is being deployed at this moment. Try again in a minute.')
  }
  const deployed = settingsIn(version.code)
  if (deployed.kind === 'settings') {
    refuseOtherApplication(deployed.settings, stack)
    const advice = putBackAdvice(deployed.settings.passwords, stack)
    if (advice) throw new Problem(`${differs(deployed.settings, stack)} ${advice}`)
  }
  const names = new Set(version.secrets.map(({ name }) => name))
  const unknown = stack.passwords.map(({ id }) => id).filter((id) => !names.has(passwordSecret(id)))
  if (unknown.length > 0) {
    throw new Problem(
      `The deployed version of the Action does not know ${unknown.length === 1 ? 'password' : 'the passwords'} ${unknown.join(', ')}: a user moved there could not sign in. ${TO_DO}`,
    )
  }
  if (deployed.kind === 'unreadable') {
    throw new Problem(
      `The settings of the Action's deployed version cannot be read: ${deployed.why}. So it is not known which passwords it tries. ${TO_DO}`,
    )
  }
  if (differencesOf(deployed.settings, stack).length > 0) {
    throw new Problem(
      `${differs(deployed.settings, stack)} A user moved by the one could be locked out by the other. ${TO_DO}`,
    )
  }
  if (!(await tenant.bindings()).some(({ id }) => id === actionId)) {
    throw new Problem(
      'The Action is not bound to the trigger post-login, so sign-ins do not run it. Run `npx pulumi up --refresh`, or bind it again in the dashboard.',
    )
  }
  // It has run since the latest of these times, because a deployment takes a moment.
  const times = [version.created_at, version.built_at, version.updated_at]
  const since = Math.max(...times.map((time) => Date.parse(time ?? '')).filter((time) => !Number.isNaN(time)))
  const known = answeredAt !== undefined && Number.isFinite(since)
  const { ownerColumn } = deployed.settings
  return { id: version.id, ageMs: known ? answeredAt - since : undefined, ownerColumn }
}

/** @throws Problem if the deployed version compares another column with the user than the stack says. */
export function checkOwnerColumn(deployed: DeployedVersion, { ownerColumn }: StackReading): void {
  if (deployed.ownerColumn === ownerColumn) return
  const [there, here] = [deployed.ownerColumn, ownerColumn].map((column) => column || 'none')
  throw new Problem(
    `The deployed version of the Action is not what the stack is configured to be: ownerColumn: deployed ${there}, configured ${here}. So the wrong column would be changed. ${TO_DO}`,
  )
}

/** @throws Problem if sign-ins go to another Backendless application than the one whose users are moved. */
function refuseOtherApplication({ appIdFingerprint: there }: BundledSettings, stack: StackReading): void {
  const here = appIdFingerprint(stack.appId.reveal())
  if (there === undefined || there === here) return
  throw new Problem(
    `The deployed version of the Action is for another Backendless application (appIdFingerprint ${there}) than the configured one (${here}): its sign-ins do not reach the users of this one. ${TO_DO}`,
  )
}

function differs(deployed: Settings, stack: StackReading): string {
  return `The deployed version of the Action is not what the stack is configured to be: ${differencesOf(deployed, stack).join('; ')}.`
}
