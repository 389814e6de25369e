// A comment that shows what a pull request would do to one environment, and whether that is allowed.
import { Tenant } from '../auth0/tenant.ts'
import { Problem } from '../problem.ts'
import { type PulumiPlace, runPulumi } from '../stack/pulumi.ts'
import { comment } from './comment.ts'
import { leapsIn, lossesIn, readPlan } from './plan.ts'
import { lockOutsIn } from './running-version.ts'

export interface Preview {
  /** True if Pulumi's preview succeeds and nobody would be locked out. */
  readonly good: boolean
  /** Markdown. */
  readonly comment: string
}

/** Runs `pulumi preview` as text and as JSON, and refuses a plan that locks users out. Changes nothing. */
export async function preview(stack: string, place: PulumiPlace): Promise<Preview> {
  const parameters = ['preview', '--stack', stack, '--non-interactive', '--color', 'never']
  const [forPeople, forMachines] = await Promise.all([
    runPulumi([...parameters, '--diff'], place),
    runPulumi([...parameters, '--json', '--show-sames'], place),
  ])
  const output = `${forPeople.stdout}${forPeople.stderr}`
  if (forPeople.code !== 0 || forMachines.code !== 0) {
    const failure = forPeople.code === 0 ? `${forMachines.stdout}${forMachines.stderr}` : output
    return { good: false, comment: comment({ stack, title: 'refused by Pulumi', output: failure }) }
  }
  const plan = readPlan(forMachines.stdout)
  const losses = lossesIn(plan)
  const lockOuts = await lockOutsIn(plan, () => new Tenant(place.environment)).catch((error: unknown) => {
    if (error instanceof Problem) return [`Which version is deployed is not known: ${error.message}`]
    throw error
  })
  const title =
    losses.length > 0
      ? 'refused: a password would be lost'
      : lockOuts.length > 0
        ? 'refused: users could be locked out'
        : summary(plan.changeSummary)
  const notes = [...losses, ...lockOuts, ...leapsIn(plan), ...warningsIn(output)]
  return { good: losses.length + lockOuts.length === 0, comment: comment({ stack, title, notes, output }) }
}

/** The program's warnings, which Pulumi shows in the middle of its output. */
function warningsIn(output: string): string[] {
  return [...new Set(output.match(/(?<=^ *warning: ).+$/gm))]
}

function summary(changes: Readonly<Record<string, number>>): string {
  const counts = Object.entries(changes).filter(([op, count]) => op !== 'same' && count > 0)
  return counts.length === 0 ? 'no changes' : counts.map(([op, count]) => `${count} to ${op}`).join(', ')
}
