// The differences that `pulumi preview --refresh --json` finds between the tenant and what would be deployed.
import { structuredPatch } from 'diff'
import { z } from 'zod'

const state = z.object({
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
})
const stepSchema = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: state.optional(),
  newState: state.optional(),
  detailedDiff: z.record(z.string(), z.unknown()).nullish(),
  diffReasons: z.array(z.string()).nullish(),
})
const planSchema = z.object({ steps: z.array(stepSchema).default([]) })
type Step = z.output<typeof stepSchema>

export interface Differences {
  /** One sentence for each resource that differs. */
  readonly sentences: readonly string[]
  /** Lines from the tenant (`-`) to what would be deployed (`+`), with three lines of context. Empty if there is no change to show. */
  readonly diff: readonly string[]
}

/** Stands for a secret value in a plan. */
const SECRET = '[secret]'

/** @param json Pulumi's output. @returns `undefined` if it is not a plan. */
export function differencesIn(json: string): Differences | undefined {
  const parsed = planSchema.safeParse(parseJson(json))
  if (!parsed.success) return undefined
  const steps = parsed.data.steps.filter(({ op }) => op !== 'same' && op !== 'refresh' && op !== 'read')
  return { sentences: steps.map(sentence), diff: steps.flatMap(linesOf) }
}

function sentence(step: Step): string {
  const name = nameOf(step)
  switch (step.op) {
    case 'create':
      return `${name} is missing in the tenant.`
    case 'delete':
      return `${name} is not configured here any more: a deployment would delete it.`
    case 'update': {
      const keys = changedKeys(step)
      return `${name} differs in ${keys.map((key) => `\`${key}\``).join(', ')}${keys.some((key) => isSecret(step, key)) ? ' (secret: not shown)' : ''}.`
    }
    default:
      return `${name} would be replaced.`
  }
}

function linesOf(step: Step): string[] {
  if (step.op !== 'update') return []
  return changedKeys(step).flatMap((key) => {
    if (isSecret(step, key)) return []
    const { hunks } = structuredPatch(
      key,
      key,
      text(before(step, key)),
      text(step.newState?.inputs[key]),
      '',
      '',
      {
        context: 3,
      },
    )
    return hunks.flatMap(({ oldStart, lines }) => [
      `@@ ${key}, line ${oldStart} @@`,
      ...lines.filter((line) => !line.startsWith('\\')),
    ])
  })
}

/** Top-level properties: `secrets[0].value` belongs to `secrets`. */
function changedKeys({ detailedDiff, diffReasons }: Step): string[] {
  const paths = Object.keys(detailedDiff ?? {})
  return [
    ...new Set((paths.length > 0 ? paths : (diffReasons ?? [])).map((path) => path.split(/[.[]/)[0] ?? path)),
  ]
}

/** The value in the tenant: the refreshed output, or the input if the provider does not return it. */
function before({ oldState }: Step, key: string): unknown {
  return oldState?.outputs[key] ?? oldState?.inputs[key]
}

function isSecret(step: Step, key: string): boolean {
  const values = [before(step, key), step.newState?.inputs[key]]
  return values.some((value) =>
    typeof value === 'string' ? value === SECRET : JSON.stringify(value)?.includes(`"${SECRET}"`),
  )
}

function text(value: unknown): string {
  if (value === undefined) return ''
  return `${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}\n`
}

/** `Action backendless-login`, from `urn:pulumi:<stack>::<project>::<parents>$auth0:index/action:Action::backendless-login`. */
function nameOf({ urn }: Step): string {
  const [, , types = '', ...name] = urn.split('::')
  return `${types.split(':').at(-1)} \`${name.join('::')}\``
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
