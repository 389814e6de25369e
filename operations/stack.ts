import type { Password } from '../actions/backendless-login/password.ts'
import { Secret } from '../actions/backendless-login/secret.ts'
import type { Settings } from '../actions/backendless-login/settings.ts'
import { type Checked, checkConfig, type Finding, NAMESPACE } from '../provisioning/config.ts'
import type { Config } from '../provisioning/config-schema.ts'
import { Problem } from './problem.ts'
import { askPulumi, type PulumiPlace } from './pulumi.ts'
import { record } from './record.ts'

/** What a stack says about itself, as far as the users' passwords need it. */
export interface StackReading {
  readonly serverUrl: string
  readonly appId: Secret
  readonly apiKey: Secret
  readonly identity: Settings['identity']
  readonly identityColumn: string
  /** Those in use, newest first. */
  readonly passwords: readonly [Password, ...Password[]]
  /** Those that the Action no longer knows and whose values are still in the stack. */
  readonly retired: readonly Password[]
  /** The Action that the stack deployed. */
  readonly actionId: string
}

/**
 * Reads configuration and outputs of a stack through Pulumi, which knows the passphrase and the login.
 * @throws Problem where one of them cannot be read, is wrong, or is of a stack that is not deployed as configured.
 */
export async function readStack(stack: string, place: PulumiPlace): Promise<StackReading> {
  const { checked, actionId, outputs } = await readConfiguration(stack, place)
  if ('findings' in checked) throw new Problem(report(stack, checked.findings))
  const { config } = checked
  if (actionId === undefined) {
    throw new Problem(`Stack ${stack} has no Action yet. Run \`npx pulumi up --stack ${stack}\` first.`)
  }
  return {
    serverUrl: config.serverUrl,
    appId: new Secret(config.appId),
    apiKey: new Secret(config.apiKey),
    identity: config.identity,
    identityColumn: config.identityColumn,
    ...passwordsOf(stack, config, record(outputs.passwords)),
    actionId,
  }
}

/** What a stack says about itself, whether or not its configuration is usable and anything is deployed. */
export interface Configuration {
  readonly checked: Checked
  /** Undefined before the first `up`. */
  readonly actionId: string | undefined
  /** As Pulumi gives them, secrets in plain text. */
  readonly outputs: Readonly<Record<string, unknown>>
}

/** @throws Problem where Pulumi cannot read the stack. */
export async function readConfiguration(stack: string, place: PulumiPlace): Promise<Configuration> {
  const checked = check(await askPulumi(['config'], stack, place))
  const outputs = record(await askPulumi(['stack', 'output'], stack, place))
  const { actionId } = outputs
  return {
    checked,
    actionId: typeof actionId === 'string' && actionId !== '' ? actionId : undefined,
    outputs,
  }
}

function check(answer: unknown): Checked {
  const raw: Record<string, string> = {}
  const secretKeys = new Set<string>()
  for (const [key, entry] of Object.entries(record(answer))) {
    if (!key.startsWith(`${NAMESPACE}:`)) continue
    const { value, secret } = record(entry)
    const name = key.slice(NAMESPACE.length + 1)
    if (typeof value === 'string') raw[name] = value
    if (secret === true) secretKeys.add(name)
  }
  return checkConfig(raw, secretKeys)
}

/** The values are those that were deployed: a password that the configuration alone has is not one to move users to. */
function passwordsOf(
  stack: string,
  { passwords }: Config,
  values: Readonly<Record<string, unknown>>,
): Pick<StackReading, 'passwords' | 'retired'> {
  const inUse: Password[] = []
  const retiredOnes: Password[] = []
  for (const { id, value: adopted, perUser = adopted === undefined, retired = false } of passwords) {
    const value = values[id]
    if (typeof value === 'string' && value !== '') {
      const list = retired ? retiredOnes : inUse
      list.push({ id, perUser, value: new Secret(value) })
    } else if (!retired) {
      throw new Problem(
        `Password ${id} is configured but not deployed. Run \`npx pulumi up --stack ${stack}\` first.`,
      )
    }
  }
  const [current, ...older] = inUse
  if (!current) throw new Problem(`Stack ${stack} has no password in use.`)
  return { passwords: [current, ...older], retired: retiredOnes }
}

function report(stack: string, findings: readonly Finding[]): string {
  const lines = findings.map(({ path, problem }) => `  ${NAMESPACE}:${path} ${problem}.`)
  return [`The configuration of stack ${stack} is not usable:`, ...lines].join('\n')
}
