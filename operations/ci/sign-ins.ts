import { isAboveLimit, outcomes } from '../outcomes/command.ts'
import { readOutcomesOptions } from '../outcomes/options.ts'
import { outcomesText } from '../outcomes/report-text.ts'
import { Problem } from '../problem.ts'
import type { PulumiPlace } from '../stack/pulumi.ts'
import { fenced } from './comment.ts'

export interface SignIns {
  /** False if too many failed, or if they could not be counted. */
  readonly good: boolean
  /** Markdown. */
  readonly report: string
}

/**
 * Returns what `npm run outcomes` says about the last 24 hours, as a section of the report of drift.
 * @throws UsageError if `failAbove` is not a share.
 */
export async function signInsOf(
  stack: string,
  failAbove: string,
  component: string | undefined,
  { folder, environment }: PulumiPlace,
): Promise<SignIns> {
  const options = readOutcomesOptions([
    ...['--stack', stack, '--fail-above', failAbove],
    ...(component === undefined ? [] : ['--component', component]),
  ])
  if (!options) throw new Error('no options')
  const section = (text: string) => `### \`${stack}\`: sign-ins of the last 24 hours\n\n${fenced(text)}\n`
  try {
    const signal = new AbortController().signal
    const report = await outcomes(options, { environment, folder, signal })
    return { good: !isAboveLimit(report), report: section(outcomesText(report)) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { good: false, report: section(`They could not be counted. ${error.message}`) }
  }
}
