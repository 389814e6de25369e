import * as pulumi from '@pulumi/pulumi'
import type { z } from 'zod'
import { type Config, type ConfigKey, configSchema, EXAMPLES, SHORTEST_PASSWORD } from './config-schema.ts'

/** The namespace of the configuration: the project's name. */
export const NAMESPACE = 'backendless-login'

/** One problem of the configuration: where, and what is wrong. Never a value. */
export interface Finding {
  readonly path: string
  readonly problem: string
}

export type Checked = { readonly config: Config } | { readonly findings: readonly Finding[] }

/**
 * Reads and checks the whole configuration of the current stack, and warns of what is allowed but dangerous.
 * @throws RunError with every finding, each with its key, what is wrong and an example.
 */
export function readConfig(): Config {
  const raw: [string, string][] = []
  const secretKeys = new Set<string>()
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    if (!key.startsWith(`${NAMESPACE}:`)) continue
    const name = key.slice(NAMESPACE.length + 1)
    raw.push([name, value])
    if (isSecret(key)) secretKeys.add(name)
  }
  const checked = checkConfig(Object.fromEntries(raw), secretKeys)
  if ('findings' in checked) throw new pulumi.RunError(report(pulumi.getStack(), checked.findings))
  for (const warning of warningsOf(checked.config)) pulumi.log.warn(warning)
  return checked.config
}

/** Pulumi knows secrecy by key. It tells it in no typed way, so a release without this reads as "not secret". */
function isSecret(key: string): boolean {
  const isConfigSecret: unknown = Reflect.get(pulumi.runtime, 'isConfigSecret')
  return typeof isConfigSecret === 'function' && isConfigSecret(key) === true
}

/** Checks raw values as Pulumi hands them over: strings as they are, all else as JSON. */
export function checkConfig(raw: Readonly<Record<string, string>>, secretKeys: ReadonlySet<string>): Checked {
  const findings: Finding[] = []
  const values: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(raw)) {
    const parsed = isKey(key)
      ? parse(key, value)
      : { problem: 'is no key of this program; look for a misspelling' }
    if ('problem' in parsed) findings.push({ path: key, problem: parsed.problem })
    else values[key] = parsed.value
  }
  const unreadable = new Set(findings.map(({ path }) => path))
  const result = configSchema.safeParse(values)
  for (const issue of result.error?.issues ?? []) {
    findings.push(...findingsOf(issue, values).filter(({ path }) => !unreadable.has(path)))
  }
  findings.push(...contradictions(readable(values), secretKeys))
  return result.success && findings.length === 0 ? { config: result.data } : { findings }
}

/** The values that are right in themselves, so that contradictions among them are told in the same message. */
function readable(values: Readonly<Record<string, unknown>>): Partial<Config> {
  const entries = Object.entries(configSchema.shape).flatMap(([key, schema]) => {
    const result = schema.safeParse(values[key])
    return result.success ? [[key, result.data]] : []
  })
  return Object.fromEntries(entries)
}

/** What cannot be true together, among values that are right in themselves. */
export function contradictions(config: Partial<Config>, secretKeys: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = []
  const add = (path: ConfigKey, problem: string) => findings.push({ path, problem })
  const identityColumn = config.identityColumn?.toLowerCase()
  if (config.identity === 'user_id' && identityColumn === 'email') {
    add(
      'identityColumn',
      'must be set with identity user_id: name the identity column of your Users table; a user id is no e-mail address',
    )
  }
  if (Object.keys(config.profile ?? {}).some((column) => column.toLowerCase() === identityColumn)) {
    add('profile', `must not name ${config.identityColumn}: that is the identity column`)
  }
  if (config.ownerColumn) {
    const owner = config.ownerColumn.toLowerCase()
    if (config.identity === 'user_id') {
      add('ownerColumn', 'must not be set with identity user_id: the user id is the identity already')
    }
    if (owner === identityColumn) add('ownerColumn', 'must not be the identity column')
    if (Object.keys(config.profile ?? {}).some((name) => name.toLowerCase() === owner)) {
      add('ownerColumn', 'must not be a column of profile')
    }
  }
  if (config.apiKey !== undefined && !secretKeys.has('apiKey')) add('apiKey', 'stands in plain text')
  if (config.passwords?.some(({ value }) => value !== undefined) && !secretKeys.has('passwords')) {
    add('passwords', 'holds a value in plain text')
  }
  if (isShort(config.passwords?.[0])) {
    add(
      'passwords',
      `begins with a value of less than ${SHORTEST_PASSWORD} characters: put a new entry without a value on top`,
    )
  }
  return findings
}

function isShort(password: Config['passwords'][number] | undefined): boolean {
  return password?.value !== undefined && password.value.length < SHORTEST_PASSWORD
}

/** What is allowed, and dangerous. */
export function warningsOf({ clients, unverified, identity, passwords }: Config): string[] {
  const warnings: string[] = []
  if (clients.includes('*')) {
    warnings.push(
      'clients is ["*"]: the users of every application of the tenant get a Backendless user token.',
    )
  }
  if (unverified === 'accept' && identity === 'email') {
    warnings.push(
      'unverified is accept: whoever signs up with somebody else’s address gets that person’s Backendless account.',
    )
  }
  for (const { id } of passwords.filter(isShort)) {
    warnings.push(
      `passwords: the value of ${id} has less than ${SHORTEST_PASSWORD} characters. Retire it once its users are moved.`,
    )
  }
  return warnings
}

/** Keys whose value is a string are taken as they stand: `007` is an id, not a number. */
const JSON_KEYS: ReadonlySet<string> = new Set<ConfigKey>([
  'clients',
  'connections',
  'trustedConnections',
  'passwords',
  'skipRefresh',
  'profile',
  'syncProfile',
  'memory',
  'budgetMs',
])

function isKey(name: string): name is ConfigKey {
  return Object.hasOwn(configSchema.shape, name)
}

function parse(key: ConfigKey, text: string): { readonly value: unknown } | { readonly problem: string } {
  if (!JSON_KEYS.has(key)) return { value: text }
  // The check of the shape passes over this one name without a word: JavaScript means an object's prototype by it.
  let hasProto = false
  try {
    const value: unknown = JSON.parse(text, (name, part) => {
      if (name === '__proto__') hasProto = true
      return part
    })
    return hasProto ? { problem: 'must not have the name __proto__ in it' } : { value }
  } catch {
    return { problem: 'cannot be read: it is no valid JSON' }
  }
}

/** A problem as the schema finds it, in the words of the configuration. */
export function findingsOf(issue: z.core.$ZodIssue, values: Readonly<Record<string, unknown>>): Finding[] {
  const path = issue.path.reduce<string>(
    (before, part) =>
      typeof part === 'number'
        ? `${before}[${part}]`
        : before === ''
          ? String(part)
          : `${before}.${String(part)}`,
    '',
  )
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, problem: message }))
  return [
    { path, problem: issue.path.length === 1 && !Object.hasOwn(values, path) ? 'is missing' : issue.message },
  ]
}

function report(stack: string, findings: readonly Finding[]): string {
  const title = findings.length === 1 ? '1 problem' : `${findings.length} problems`
  const lines = findings.map(({ path, problem }) => {
    const example = Object.entries(EXAMPLES).find(([key]) => key === path.split(/[.[]/)[0])?.[1]
    return `  ${NAMESPACE}:${path} ${problem}.${example ? `\n      Example: ${example}` : ''}`
  })
  return [`The configuration of stack ${stack} has ${title}; nothing was changed.`, ...lines].join('\n')
}
