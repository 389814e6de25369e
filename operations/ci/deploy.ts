import { Tenant } from '../auth0/tenant.ts'
import { Problem } from '../problem.ts'
import { type PulumiPlace, runPulumi } from '../stack/pulumi.ts'
import { lossesIn, readPlan } from './plan.ts'
import { lockOutsIn } from './running-version.ts'

/**
 * `pulumi up --refresh` without a question, after a look at what it would do. A plan that loses a password is refused here
 * too, since the state or the tenant may have changed after the pull request was read.
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
      `The deployment of ${stack} did not end well; Pulumi says why above. What was deployed before goes on, unless it says that the Action was updated. Run it again: it goes on where it was.`,
    )
  }
}
