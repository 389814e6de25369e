import { Tenant } from '../auth0/tenant.ts'
import { Problem } from '../problem.ts'
import { type PulumiPlace, runPulumi } from '../stack/pulumi.ts'
import { lossesIn, readPlan } from './plan.ts'
import { lockOutsIn } from './running-version.ts'

/**
 * Runs `pulumi up --refresh` without asking, after checking its plan. A plan that loses a password is refused here
 * too, because the state or the tenant may have changed since the pull request was reviewed.
 * @throws Problem if it was refused or failed.
 */
export async function deploy(
  stack: string,
  place: PulumiPlace,
  output: { write(text: string): unknown },
): Promise<void> {
  const common = ['--stack', stack, '--non-interactive', '--color', 'never']
  const planned = await runPulumi(['preview', '--refresh', '--json', '--show-sames', ...common], place)
  if (planned.code !== 0) {
    throw new Problem(
      `Nothing was changed: the preview fails. Run \`npx pulumi preview --refresh --stack ${stack}\` to see why.`,
    )
  }
  const plan = readPlan(planned.stdout)
  const losses = [...lossesIn(plan), ...(await lockOutsIn(plan, () => new Tenant(place.environment)))]
  if (losses.length > 0) throw new Problem(['Nothing was changed.', ...losses].join('\n'))
  const { code } = await runPulumi(
    ['up', '--refresh', '--yes', '--skip-preview', '--diff', ...common],
    place,
    (text) => output.write(text),
  )
  if (code !== 0) {
    throw new Problem(
      `The deployment of ${stack} failed; Pulumi says why above. Unless it says that the Action was updated, the previous version still runs. Run the command again: it continues where it stopped.`,
    )
  }
}
