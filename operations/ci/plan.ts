// What a plan of `pulumi preview --json` would do to the users' passwords.
import { z } from 'zod'
import type { problemsOf } from '../../provisioning/deployed-passwords.ts'
import { passwordsIn } from '../../provisioning/deployed-settings.ts'
import { Problem } from '../problem.ts'

const PASSWORD = 'random:index/randomPassword:RandomPassword'
const ACTION = 'auth0:index/action:Action'

/** Operations that end a resource or give it another value. */
const LOSSES: ReadonlySet<string> = new Set(['delete', 'replace', 'create-replacement', 'delete-replaced'])

const resource = z.object({
  id: z.string().optional(),
  inputs: z
    .object({
      code: z.string().optional(),
      keepers: z.object({ source: z.unknown() }).optional(),
    })
    .optional(),
})
const step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: resource.optional(),
  newState: resource.optional(),
})
const planSchema = z.object({
  steps: z.array(step).default([]),
  changeSummary: z.record(z.string(), z.number()).default({}),
})

/** Needs `--show-sames`: an Action that does not change shows which passwords are in use. */
export type Plan = z.output<typeof planSchema>
type Step = Plan['steps'][number]

/** @throws Problem if it is not a plan. */
export function readPlan(json: string): Plan {
  try {
    return planSchema.parse(JSON.parse(json))
  } catch {
    throw new Problem('`pulumi preview --json` printed no plan. Run it by hand to see why.')
  }
}

/**
 * Returns a sentence for each password that the plan would lose. A retired one may be deleted, which is the last step of a
 * rotation, but none may get a new value. A password that the deployed Action does not know counts as retired. Pulumi's
 * protection refuses the same, unless it was removed by hand.
 */
export function lossesIn({ steps }: Plan): string[] {
  const actions = steps.filter(({ urn }) => typeOf(urn) === ACTION)
  const found = new Map<string, string>()
  for (const { op, urn } of steps) {
    if (typeOf(urn) !== PASSWORD || !LOSSES.has(op)) continue
    const name = nameOf(urn)
    if (op !== 'delete') found.set(name, `${name} would be replaced: nobody who is on it could sign in.`)
    else if (!found.has(name) && isInUse(name, actions)) {
      found.set(name, `${name} would be deleted, and is in use: retire it first (docs/passwords.md).`)
    }
  }
  return [...found.values()]
}

/**
 * Returns a sentence for each password that would become current without having been known before. That is allowed, but
 * cannot be rolled back: the version before does not know the password of users who were moved to it meanwhile.
 */
export function leapsIn({ steps }: Plan): string[] {
  return steps.flatMap(({ urn, oldState, newState }) => {
    if (typeOf(urn) !== ACTION) return []
    const before = knownPasswords(oldState?.inputs?.code)
    const [current] = knownPasswords(newState?.inputs?.code) ?? []
    if (before === undefined || current === undefined || before.includes(current)) return []
    return [
      `Password ${current} becomes current without having been known before: once a user is moved to it, the version before cannot let them in.`,
    ]
  })
}

/** An Action that the plan updates, and the passwords that it would know. */
export interface ActionUpdate {
  readonly id: string
  readonly name: string
  readonly planned: Parameters<typeof problemsOf>[1]
  /** Ids of passwords that the plan would generate. */
  readonly created: readonly string[]
}

export function actionUpdatesIn({ steps }: Plan): ActionUpdate[] {
  return steps.flatMap(({ op, urn, oldState, newState }) => {
    const id = oldState?.id
    const code = passwordsIn(newState?.inputs?.code ?? '')
    if (typeOf(urn) !== ACTION || op !== 'update' || !id || code.kind === 'unreadable') return []
    const name = nameOf(urn)
    const prefix = `${name}-password-`
    const entries = steps.filter(
      (each) => typeOf(each.urn) === PASSWORD && nameOf(each.urn).startsWith(prefix),
    )
    const idOf = (step: Step) => nameOf(step.urn).slice(prefix.length)
    const inUse = code.passwords.map((password) => ({ ...password, retired: false }))
    const retired = entries
      .filter((step) => step.newState && !inUse.some((password) => password.id === idOf(step)))
      .map((step) => ({ id: idOf(step), perUser: true, retired: true }))
    const created = entries
      .filter((step) => step.op === 'create' && step.newState?.inputs?.keepers?.source === 'generated')
      .map(idOf)
    return [{ id, name, planned: [...inUse, ...retired], created }]
  })
}

/** True unless an Action shows that the password is not in use. */
function isInUse(name: string, actions: readonly Step[]): boolean {
  const retired = actions.some(({ urn, oldState }) => {
    const prefix = `${nameOf(urn)}-password-`
    const known = knownPasswords(oldState?.inputs?.code)
    return name.startsWith(prefix) && known !== undefined && !known.includes(name.slice(prefix.length))
  })
  return !retired
}

/** Ids of the passwords that the code knows, newest first; `undefined` if it cannot be read. */
function knownPasswords(code = ''): string[] | undefined {
  const read = passwordsIn(code)
  return read.kind === 'passwords' ? read.passwords.map(({ id }) => id) : undefined
}

function typeOf(urn: string): string {
  return urn.split('::')[2]?.split('$').at(-1) ?? ''
}

function nameOf(urn: string): string {
  return urn.split('::').slice(3).join('::')
}
