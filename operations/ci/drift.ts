// Compares a tenant with what was deployed: `pulumi preview --refresh --expect-no-changes`, where drift and a failed comparison differ.
import { z } from 'zod'
import { type PulumiPlace, runPulumi } from '../stack/pulumi.ts'
import { fenced } from './comment.ts'
import { type Differences, differencesIn } from './differences.ts'

export interface Drift {
  readonly kind: 'none' | 'drift' | 'unknown'
  /** Markdown that fits on a screen. */
  readonly report: string
}

/** Pulumi's message, as of 3.259.0. */
const DRIFTED = /no changes were expected for preview but changes were proposed/

/** In lines: what fits on a screen below the title and the notes. */
const LONGEST_EXCERPT = 40

/** Reads the tenant; changes nothing. */
export async function drift(stack: string, place: PulumiPlace): Promise<Drift> {
  const { code, stdout, stderr } = await runPulumi(
    [
      ...['preview', '--refresh', '--expect-no-changes', '--json'],
      ...['--stack', stack, '--non-interactive', '--color', 'never'],
    ],
    place,
  )
  if (code === 0) return { kind: 'none', report: report(stack, 'as it was deployed', []) }
  const differences = DRIFTED.test(`${stdout}${stderr}`) ? differencesIn(stdout) : undefined
  if (differences) return { kind: 'drift', report: driftReport(stack, differences) }
  return {
    kind: 'unknown',
    report: report(
      stack,
      'could not be compared with what was deployed',
      ['Until this is fixed, changes of the tenant go unnoticed.'],
      errorsIn(stdout, stderr),
    ),
  }
}

function driftReport(stack: string, { sentences, diff }: Differences): string {
  const signs =
    diff.length > 0 ? ' `-` is what the tenant has, `+` what a deployment would change it to.' : ''
  const hints = [
    `Somebody changed the tenant by hand, or this branch was not deployed.${signs}`,
    `To undo the change, deploy again: \`npx pulumi up --refresh --stack ${stack}\`. To keep it, make it in this repository first.`,
  ]
  return report(
    stack,
    'not as it was deployed',
    [...sentences, ...hints],
    diff,
    `npx pulumi preview --refresh --diff --stack ${stack}`,
  )
}

/** Returns Markdown: the notes, then the excerpt. `rest` is the command that shows what was cut off. */
function report(
  stack: string,
  title: string,
  notes: readonly string[],
  excerpt: readonly string[] = [],
  rest = `npx pulumi preview --refresh --stack ${stack}`,
): string {
  const hidden = excerpt.length - LONGEST_EXCERPT
  const shown = excerpt.slice(0, LONGEST_EXCERPT).join('\n')
  return [
    `### \`${stack}\`: ${title}`,
    '',
    ...(notes.length > 0 ? [...notes.map((note) => `- ${note}`), ''] : []),
    ...(shown === '' ? [] : [fenced(shown), '']),
    ...(hidden > 0 ? [`… and ${hidden} more lines: \`${rest}\` shows them all.`, ''] : []),
  ].join('\n')
}

const failure = z.object({
  diagnostics: z.array(z.object({ severity: z.string().optional(), message: z.string() })),
})

/** With `--json`, Pulumi prints its errors as diagnostics of the plan. */
function errorsIn(stdout: string, stderr: string): string[] {
  let printed: unknown
  try {
    printed = JSON.parse(stdout)
  } catch {
    printed = undefined
  }
  const { success, data } = failure.safeParse(printed)
  const errors = success
    ? data.diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)
    : [stdout]
  const lines = [...errors, stderr].join('\n').split('\n')
  return [...new Set(lines)].filter((line) => line.trim() !== '')
}
