// The BackendlessLogin components in the state of a stack, of any Pulumi program.
import { z } from 'zod'
import { fieldsOf } from '../fields.ts'
import { Problem } from '../problem.ts'
import { askPulumi, type PulumiPlace } from './pulumi.ts'

const COMPONENT = 'backendless-login:index:BackendlessLogin'
const ACTION = 'auth0:index/action:Action'
const PASSWORD = 'random:index/randomPassword:RandomPassword'

/** How Pulumi marks a secret in an exported state. */
const SIGNATURE = '4dabf18193072939515e22adb298388d'
const SECRET = '1b47061264138c4ac30d75fd1eb44270'

const propertiesSchema = z.record(z.string(), z.unknown()).default({})
const resourceSchema = z.object({
  urn: z.string(),
  type: z.string(),
  parent: z.string().optional(),
  /** Replaced, and still to be deleted. */
  delete: z.boolean().default(false),
  inputs: propertiesSchema,
  outputs: propertiesSchema,
})
const exportSchema = z.object({
  deployment: z.object({ resources: z.array(resourceSchema).default([]) }),
})
type Resource = z.infer<typeof resourceSchema>
type Properties = Readonly<Record<string, unknown>>

/** What the last `up` recorded of a component, secrets in plain text. */
export interface RecordedLogin {
  readonly component: string
  /** The name of the Pulumi project. */
  readonly project: string
  /** Of the component: `actionId`, `passwords` and so on. */
  readonly outputs: Properties
  /** Of the Action: `code`, `secrets` and so on. */
  readonly action: Properties
  /** The keepers of each password's resource, by password id. */
  readonly keepers: ReadonlyMap<string, Properties>
}

/** @throws Problem if Pulumi cannot read the stack, or the state has an unknown form. */
export async function recordedLogins(stack: string, place: PulumiPlace): Promise<readonly RecordedLogin[]> {
  const { success, data } = exportSchema.safeParse(await askPulumi('stack export', stack, place))
  if (!success) throw new Problem(`The state of stack ${stack} has a form that this command cannot read.`)
  const resources = data.deployment.resources.filter((resource) => !resource.delete)
  return resources.filter(({ type }) => type === COMPONENT).map((component) => loginOf(component, resources))
}

/**
 * The component of this name, or the only one; `undefined` if nothing was deployed yet.
 * @throws Problem if it is not there, or if there are several and none is named.
 */
export function chosenLogin(
  logins: readonly RecordedLogin[],
  stack: string,
  name: string | undefined,
): RecordedLogin | undefined {
  // Pulumi records them in the order in which they were finished.
  const names = logins
    .map(({ component }) => component)
    .toSorted()
    .join(', ')
  if (name === undefined) {
    if (logins.length <= 1) return logins[0]
    throw new Problem(`Stack ${stack} has several Backendless logins: ${names}. Name one with --component.`)
  }
  const found = logins.find(({ component }) => component === name)
  if (found) return found
  throw new Problem(
    `Stack ${stack} has no Backendless login named ${name}; ${names === '' ? 'it has none yet: run `npx pulumi up` first' : `it has ${names}`}.`,
  )
}

function loginOf({ urn, outputs }: Resource, resources: readonly Resource[]): RecordedLogin {
  const children = resources.filter(({ parent }) => parent === urn)
  const component = nameIn(urn)
  const prefix = `${component}-password-`
  return {
    component,
    project: urn.split('::')[1] ?? '',
    outputs: fieldsOf(plain(outputs)),
    action: fieldsOf(plain(children.find(({ type }) => type === ACTION)?.inputs)),
    keepers: new Map(
      children
        .filter((child) => child.type === PASSWORD && nameIn(child.urn).startsWith(prefix))
        .map((child) => [nameIn(child.urn).slice(prefix.length), fieldsOf(plain(child.outputs.keepers))]),
    ),
  }
}

function nameIn(urn: string): string {
  return urn.split('::').slice(3).join('::')
}

/** Returns the value with its secrets in plain text. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const fields = fieldsOf(value)
  if (fields[SIGNATURE] !== SECRET) {
    return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, plain(field)]))
  }
  return typeof fields.plaintext === 'string' ? plain(JSON.parse(fields.plaintext)) : undefined
}
