// The state does not show a version that was restored in Auth0's dashboard, so Auth0 is asked which version runs.
import { problemsOf } from '../../provisioning/deployed-passwords.ts'
import { passwordsIn } from '../../provisioning/deployed-settings.ts'
import type { Tenant } from '../auth0/tenant.ts'
import { type ActionUpdate, actionUpdatesIn, type Plan } from './plan.ts'

/**
 * Returns a sentence for each reason why the plan would lock out users of the versions that run now. Auth0 is asked only if
 * the plan updates an Action; `connect` is then called once.
 * @throws Problem if Auth0 cannot be asked.
 */
export async function lockOutsIn(
  plan: Plan,
  connect: () => Pick<Tenant, 'deployedVersion'>,
): Promise<string[]> {
  const updates = actionUpdatesIn(plan)
  if (updates.length === 0) return []
  const tenant = connect()
  const found: string[] = []
  for (const update of updates) {
    const version = await tenant.deployedVersion(update.id)
    if (version) found.push(...lockOutsOf(update, version.code))
  }
  return found
}

function lockOutsOf({ name, planned, created }: ActionUpdate, code: string): string[] {
  const running = passwordsIn(code)
  // Not this program's code. The program warns about it once the state shows it.
  if (running.kind === 'unreadable') return []
  const problems = problemsOf(running.passwords, planned)
  const renewed = running.passwords
    .filter(({ id }) => created.includes(id))
    .map(
      ({ id }) =>
        `${id} is in use in the deployed version, and would get a new value: nobody who is on it could sign in. Give it the value from the vault (docs/state.md).`,
    )
  return [...problems, ...renewed].map(
    (problem) =>
      `${name}, as it is deployed in Auth0, where an older version may have been restored: ${problem}`,
  )
}
