// What a pull request would do to one environment, as a comment; and whether it may.
import { type PulumiPlace, runPulumi } from '../stack/pulumi.ts'
import { comment } from './comment.ts'
import { leapsIn, lossesIn, readPlan } from './plan.ts'

export interface Preview {
  /** Pulumi agrees, and no password is lost. */
  readonly good: boolean
  /** Markdown. */
  readonly comment: string
}

/** Runs `pulumi preview` for people and for machines, and refuses a plan that loses a password. Changes nothing. */
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
  const title = losses.length > 0 ? 'refused: a password would be lost' : summary(plan.changeSummary)
  return {
    good: losses.length === 0,
    comment: comment({ stack, title, notes: [...losses, ...leapsIn(plan)], output }),
  }
}

function summary(changes: Readonly<Record<string, number>>): string {
  const counts = Object.entries(changes).filter(([op, count]) => op !== 'same' && count > 0)
  return counts.length === 0 ? 'no changes' : counts.map(([op, count]) => `${count} to ${op}`).join(', ')
}
