// Runs the program under strict mocks, which record what it declares and throw at anything unexpected.
import * as pulumi from '@pulumi/pulumi'

export interface RecordedResource {
  readonly type: string
  readonly name: string
  readonly protect: boolean
  readonly parent: string | undefined
  /** Secret values are shown as `[secret]`. */
  readonly inputs: Readonly<Record<string, unknown>>
}

export interface Recording {
  readonly resources: readonly RecordedResource[]
  readonly outputs: Readonly<Record<string, unknown>>
  readonly secretOutputs: readonly string[]
  /** Action secret → whether Pulumi knows its value as a secret. */
  readonly secretInputs: Readonly<Record<string, boolean>>
  /** Action secret → what the Action would get. */
  readonly actionSecrets: Readonly<Record<string, unknown>>
}

export interface Environment {
  readonly stack: string
  readonly config: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, unknown>>
}

/** The engine's answers. The program must not declare a resource of another type. */
const ANSWERS: Readonly<
  Record<string, (inputs: Record<string, unknown>) => pulumi.runtime.MockResourceResult>
> = {
  'pulumi:pulumi:Stack': () => ({ id: undefined, state: {} }),
  'backendless-login:index:BackendlessLogin': () => ({ id: undefined, state: {} }),
  'random:index/randomPassword:RandomPassword': (inputs) => ({
    id: 'none',
    state: { ...inputs, result: `generated-${JSON.stringify(inputs.keepers)}` },
  }),
  'auth0:index/action:Action': (inputs) => ({
    id: 'action-id',
    state: { ...inputs, versionId: 'version-id' },
  }),
  'auth0:index/triggerAction:TriggerAction': (inputs) => ({ id: 'post-login::action-id', state: inputs }),
}

let run = 0

/** Evaluates `index.ts` again with this configuration. `resources` has what was declared, even if the program fails. */
export async function record(
  { stack, config, secrets }: Environment,
  resources: RecordedResource[] = [],
): Promise<Recording> {
  const options = new Map<string, pulumi.ResourceOptions>()
  await pulumi.runtime.setMocks(
    {
      call({ token }) {
        throw new Error(`the program calls ${token}`)
      },
      newResource({ type, name, inputs }) {
        const answer = ANSWERS[type]
        if (!answer) throw new Error(`the program declares a ${type}`)
        const { protect = false, parent } = options.get(`${type} ${name}`) ?? {}
        resources.push({
          type,
          name,
          protect: protect === true,
          parent: typeOf(parent),
          inputs: redact(inputs),
        })
        const plain = reveal(inputs)
        if (Array.isArray(plain.secrets)) {
          for (const secret of plain.secrets) actionSecrets[secret.name] = secret.value
        }
        return answer(plain)
      },
    },
    'backendless-login',
    stack,
  )
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries({ ...config, ...secrets }).map(([key, value]) => [
        `backendless-login:${key}`,
        text(value),
      ]),
    ),
    Object.keys(secrets).map((key) => `backendless-login:${key}`),
  )
  run += 1
  const outputs: Record<string, unknown> = {}
  const secretOutputs: string[] = []
  const secretInputs: Record<string, boolean> = {}
  const actionSecrets: Record<string, unknown> = {}
  await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
      options.set(`${type} ${name}`, opts)
      for (const secret of props.secrets ?? []) {
        void pulumi.isSecret(pulumi.output(secret.value)).then((known) => {
          secretInputs[secret.name] = known
        })
      }
      return { props, opts }
    })
    const exports: Record<string, unknown> = await import(`../../index.ts?run=${run}`)
    for (const [name, output] of Object.entries(exports)) {
      if (!pulumi.Output.isInstance(output)) continue
      if (await pulumi.isSecret(output)) secretOutputs.push(name)
      outputs[name] = await new Promise((resolve) => output.apply(resolve))
    }
    return {}
  })
  // Waits for resources that no output depends on, such as the binding.
  await pulumi.runtime.disconnect()
  return { resources: resources.toSorted(byName), outputs, secretOutputs, secretInputs, actionSecrets }
}

function typeOf(resource: pulumi.Resource | undefined): string | undefined {
  return resource && Reflect.get(resource, '__pulumiType')
}

function byName(a: RecordedResource, b: RecordedResource): number {
  return `${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const SIGNATURE = '4dabf18193072939515e22adb298388d'

function redact(inputs: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(inputs, (_key, value) => (isSecret(value) ? hide(value.value) : value)))
}

/** Pulumi calls a whole list secret if a part of it is. The names remain readable, as in Auth0. */
function hide(value: unknown): unknown {
  return Array.isArray(value) ? value.map((item) => ({ ...item, value: '[secret]' })) : '[secret]'
}

function reveal(inputs: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(inputs, (_key, value) => (isSecret(value) ? value.value : value)))
}

function isSecret(value: unknown): value is { value: unknown } {
  return typeof value === 'object' && value !== null && SIGNATURE in value && 'value' in value
}
