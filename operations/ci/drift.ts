// Whether a tenant still is what was deployed: `pulumi preview --refresh --expect-no-changes`, told apart from a failure.
import { type PulumiPlace, runPulumi } from '../stack/pulumi.ts'
import { comment } from './comment.ts'

export interface Drift {
  readonly kind: 'none' | 'drift' | 'unknown'
  /** Markdown. */
  readonly report: string
}

/** Pulumi's own words, seen with 3.259.0. */
const DRIFTED = /no changes were expected for preview but changes were proposed/

const TITLES: Readonly<Record<Drift['kind'], string>> = {
  none: 'as it was deployed',
  drift: 'not as it was deployed',
  unknown: 'could not be compared with what was deployed',
}

const NOTES: Readonly<Record<Drift['kind'], readonly string[]>> = {
  none: [],
  drift: [
    'Somebody changed the tenant by hand, or this branch was not deployed. `+` is what a deployment would make of it.',
    'To mend the tenant, deploy again with `npx pulumi up --refresh`; to keep a change, make it in this repository first.',
  ],
  unknown: ['Nobody knows whether the tenant has changed until this is mended.'],
}

/** Reads the tenant and changes nothing. */
export async function drift(stack: string, place: PulumiPlace): Promise<Drift> {
  const { code, stdout, stderr } = await runPulumi(
    [
      ...['preview', '--refresh', '--expect-no-changes', '--diff'],
      ...['--stack', stack, '--non-interactive', '--color', 'never'],
    ],
    place,
  )
  const output = `${stdout}${stderr}`
  const kind = code === 0 ? 'none' : DRIFTED.test(output) ? 'drift' : 'unknown'
  return { kind, report: comment({ stack, title: TITLES[kind], notes: NOTES[kind], output }) }
}
