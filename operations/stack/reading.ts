import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Password } from '../../actions/backendless-login/password.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import {
  API_KEY_SECRET,
  APP_ID_SECRET,
  passwordSecret,
  type Settings,
} from '../../actions/backendless-login/settings.ts'
import { type Checked, checkStack, NAMESPACE } from '../../provisioning/config.ts'
import type { Config } from '../../provisioning/config-schema.ts'
import { settingsIn } from '../../provisioning/deployed-settings.ts'
import { type ConfigProblem, linesOf } from '../../provisioning/findings.ts'
import { inUse } from '../../provisioning/passwords-schema.ts'
import { fieldsOf } from '../fields.ts'
import { Problem } from '../problem.ts'
import { differencesOf } from './differences.ts'
import { askPulumi, type PulumiPlace } from './pulumi.ts'
import { chosenLogin, type RecordedLogin, recordedLogins } from './state.ts'

/** What a stack deployed, as far as the users' passwords need it. */
export interface StackReading {
  readonly serverUrl: string
  readonly appId: Secret
  readonly apiKey: Secret
  readonly identity: Settings['identity']
  readonly identityColumn: string
  /** The column of a row's owner. `''`: there is none. */
  readonly ownerColumn: string
  /** Those in use, newest first. */
  readonly passwords: readonly [Password, ...Password[]]
  /** Those that the Action no longer knows and whose values are still in the stack. */
  readonly retired: readonly Password[]
  /** The Action that the stack deployed. */
  readonly actionId: string
}

/**
 * Reads what a stack deployed, of this program or of another one that uses the component. What is configured but not
 * deployed is never used.
 * @param component needed only if the stack has several.
 * @throws Problem if Pulumi cannot read the stack, if nothing is deployed, or if this program's configuration differs.
 */
export async function readStack(
  stack: string,
  place: PulumiPlace,
  component?: string,
): Promise<StackReading> {
  const { checked, login } = await readConfiguration(stack, place, component)
  if ('findings' in checked) throw new Problem(report(stack, checked.findings))
  if (!login) {
    throw new Problem(`Stack ${stack} has no Action yet. Run \`npx pulumi up --stack ${stack}\` first.`)
  }
  const reading = readingOf(stack, login)
  checkIsDeployed(stack, checked.config, reading)
  return reading
}

/** What can be read of a stack, even if its configuration is not usable or nothing is deployed. */
export interface Configuration {
  /** Of this program: the stack's configuration. Of another program: what it deployed, in the same form. */
  readonly checked: Checked
  /** `undefined` before the first `up`. */
  readonly actionId: string | undefined
  readonly login: RecordedLogin | undefined
}

/** @throws Problem if Pulumi cannot read the stack, or if the component is not there. */
export async function readConfiguration(
  stack: string,
  place: PulumiPlace,
  component?: string,
): Promise<Configuration> {
  const login = chosenLogin(await recordedLogins(stack, place), stack, component)
  const { actionId } = login?.outputs ?? {}
  return {
    checked: await configurationOf(stack, place, login),
    actionId: typeof actionId === 'string' && actionId !== '' ? actionId : undefined,
    login,
  }
}

async function configurationOf(
  stack: string,
  place: PulumiPlace,
  login: RecordedLogin | undefined,
): Promise<Checked> {
  const project = login?.project ?? projectName(place.folder)
  // index.ts names its component like the project.
  if (project === NAMESPACE && (login?.component ?? NAMESPACE) === NAMESPACE) {
    return check(await askPulumi('config', stack, place), stack, place.folder)
  }
  if (login) return { config: deployedConfig(stack, login) }
  throw new Problem(
    `Stack ${stack} of ${project ?? 'this program'} has no Backendless login yet. Run \`npx pulumi up --stack ${stack}\` first.`,
  )
}

function projectName(folder: string): string | undefined {
  try {
    return /^name:\s*["']?([\w.-]+)/m.exec(readFileSync(join(folder, 'Pulumi.yaml'), 'utf8'))?.[1]
  } catch {
    return undefined
  }
}

function check(answer: unknown, stack: string, folder: string): Checked {
  const raw: Record<string, string> = {}
  const secretKeys = new Set<string>()
  for (const [key, entry] of Object.entries(fieldsOf(answer))) {
    if (!key.startsWith(`${NAMESPACE}:`)) continue
    const { value, secret } = fieldsOf(entry)
    const name = key.slice(NAMESPACE.length + 1)
    if (typeof value === 'string') raw[name] = value
    if (secret === true) secretKeys.add(name)
  }
  return checkStack(raw, secretKeys, { folder, stack })
}

/** Returns what another program deployed, in the form of a configuration. */
function deployedConfig(stack: string, login: RecordedLogin): Config {
  const { appId, apiKey, passwords, retired } = readingOf(stack, login)
  const settings = settingsOf(login)
  return {
    ...settings,
    clients: [...settings.clients],
    connections: [...settings.connections],
    trustedConnections: [...settings.trustedConnections],
    appId: appId.reveal(),
    apiKey: apiKey.reveal(),
    actionName: String(login.outputs.actionName),
    passwords: [
      ...passwords.map(({ id, perUser }) => ({ id, perUser, retired: false })),
      ...retired.map(({ id, perUser }) => ({ id, perUser, retired: true })),
    ],
  }
}

function readingOf(stack: string, login: RecordedLogin): StackReading {
  const { serverUrl, identity, identityColumn, ownerColumn, passwords: known } = settingsOf(login)
  const { actionId } = login.outputs
  const secrets = secretsOf(login)
  const secret = (name: string): Secret => {
    const value = secrets.get(name)
    if (value) return new Secret(value)
    throw new Problem(
      `The state of stack ${stack} lacks the Action's secret ${name}. Run \`npx pulumi up --stack ${stack}\` first.`,
    )
  }
  const [current, ...older] = known.map(({ id, perUser }) => ({
    id,
    perUser,
    value: secret(passwordSecret(id)),
  }))
  if (typeof actionId !== 'string' || !current) {
    throw new Problem(`Stack ${stack} has no Action yet. Run \`npx pulumi up --stack ${stack}\` first.`)
  }
  const knownIds = new Set(known.map(({ id }) => id))
  return {
    ...{ serverUrl, identity, identityColumn, ownerColumn, actionId },
    appId: secret(APP_ID_SECRET),
    apiKey: secret(API_KEY_SECRET),
    passwords: [current, ...older],
    retired: Object.entries(fieldsOf(login.outputs.passwords)).flatMap(([id, value]) =>
      knownIds.has(id) || typeof value !== 'string' || value === ''
        ? []
        : [{ id, perUser: login.keepers.get(id)?.perUser === 'true', value: new Secret(value) }],
    ),
  }
}

function settingsOf({ action, component }: RecordedLogin): Settings {
  // A first `up` that failed has recorded the component alone.
  if (action.code === undefined) {
    throw new Problem(`The Backendless login ${component} has no Action yet. Run \`npx pulumi up\` first.`)
  }
  const read = settingsIn(String(action.code))
  if (read.kind === 'settings') return read.settings
  throw new Problem(
    `The settings of the Backendless login ${component} cannot be read from the state: ${read.why}. Run \`npx pulumi up\`, then try again.`,
  )
}

function secretsOf({ action }: RecordedLogin): ReadonlyMap<string, string> {
  const entries = Array.isArray(action.secrets) ? action.secrets : []
  return new Map(
    entries.flatMap((entry: unknown) => {
      const { name, value } = fieldsOf(entry)
      return typeof name === 'string' && typeof value === 'string' ? [[name, value]] : []
    }),
  )
}

/** Users who are moved to the configured password could be locked out by a different deployed version. */
function checkIsDeployed(stack: string, config: Config, deployed: StackReading): void {
  const passwords = inUse(config.passwords)
  const first = `Run \`npx pulumi up --stack ${stack}\` first.`
  for (const { id } of passwords) {
    if (deployed.passwords.some((password) => password.id === id)) continue
    throw new Problem(`Password ${id} is configured but not deployed. ${first}`)
  }
  const differences = differencesOf(deployed, { ...config, passwords })
  if (config.appId !== deployed.appId.reveal()) differences.unshift('appId: another one is configured')
  if (differences.length > 0) {
    throw new Problem(`The configuration is not what is deployed: ${differences.join('; ')}. ${first}`)
  }
}

function report(stack: string, findings: readonly ConfigProblem[]): string {
  return [`The configuration of stack ${stack} is not usable:`, ...linesOf(findings, `${NAMESPACE}:`)].join(
    '\n',
  )
}
