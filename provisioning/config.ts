import * as pulumi from '@pulumi/pulumi'
import { z } from 'zod'
import { contradictions } from './config-rules.ts'
import { type Config, type ConfigKey, configSchema, isConfigKey } from './config-schema.ts'
import {
  type ConfigProblem,
  finding,
  findingsOf,
  isSafePath,
  linesOf,
  pathOf,
  unknownKey,
} from './findings.ts'
import { partOf } from './passwords-schema.ts'
import { refusal } from './plain-errors.ts'
import { plainValues, type StackPlace, stackFile, takesPath } from './stack-file.ts'

/** The namespace of the configuration: the project's name. */
export const NAMESPACE = 'backendless-login'

export type Checked = { readonly config: Config } | { readonly findings: readonly ConfigProblem[] }

/**
 * Reads and checks the whole configuration of the current stack.
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
  const folder = pulumi.getRootDirectory() || process.cwd()
  const checked = checkStack(Object.fromEntries(raw), secretKeys, { folder, stack: pulumi.getStack() })
  if ('config' in checked) return checked.config
  const { findings } = checked
  const count = findings.length === 1 ? '1 problem' : `${findings.length} problems`
  const title = `The configuration of stack ${pulumi.getStack()} has ${count}; nothing was changed.`
  throw refusal([title, ...linesOf(findings, `${NAMESPACE}:`)].join('\n'))
}

/**
 * Checks raw values together with the stack's file, which tells what Pulumi does not: which entries of a secret list are in
 * plain text, and in which form a value is written.
 * @param secretKeys those that Pulumi calls secret; a list is one if any value of it is.
 */
export function checkStack(
  raw: Readonly<Record<string, string>>,
  secretKeys: ReadonlySet<string>,
  place: StackPlace,
): Checked {
  const plain = secretKeys.has('passwords') ? plainValues(place, `${NAMESPACE}:passwords`) : []
  const checked = checkConfig(raw, new Set([...secretKeys, ...plain.map(plainEntry)]))
  if ('config' in checked) return checked
  return {
    findings: checked.findings.map((each) => ({ ...each, example: fittingExample(each.example, place) })),
  }
}

/** `pulumi config` with a path replaces a value that is no list or map as a whole, so such a value is left to an editor. */
function fittingExample(example: string, place: StackPlace): string {
  const [, key, mark] = example.match(/--path '?(\w+)([.[])/) ?? []
  if (key === undefined || takesPath(place, `${NAMESPACE}:${key}`, mark === '[')) return example
  return `write ${key} as a ${mark === '[' ? 'list' : 'map'} into ${stackFile(place.stack)}, and correct it there`
}

/** The mark, in the set of secret keys, of an entry of `passwords` that is not secret although the list is. */
function plainEntry(index: number): string {
  return `passwords[${index}] in plain text`
}

/** Uses a function of Pulumi that has no type. If a release lacks it, every key counts as not secret. */
function isSecret(key: string): boolean {
  const isConfigSecret: unknown = Reflect.get(pulumi.runtime, 'isConfigSecret')
  return typeof isConfigSecret === 'function' && isConfigSecret(key) === true
}

/** Checks raw values as Pulumi passes them to a program: strings as they are, everything else as JSON. */
export function checkConfig(raw: Readonly<Record<string, string>>, secretKeys: ReadonlySet<string>): Checked {
  const unreadable: ConfigProblem[] = []
  const values = Object.entries(raw).flatMap(([key, value]) => {
    const parsed = isConfigKey(key) ? parse(key, value) : { value }
    if ('value' in parsed) return [[key, parsed.value]]
    unreadable.push(finding(key, parsed.problem, parsed.example))
    return []
  })
  return checkValues(Object.fromEntries(values), unreadable, secretKeys)
}

/**
 * Checks parsed values. `unreadable` holds the findings of keys that could not be parsed, which get no other finding.
 * Without `secretKeys`, any value may be in plain text.
 */
export function checkValues(
  values: Readonly<Record<string, unknown>>,
  unreadable: readonly ConfigProblem[] = [],
  secretKeys?: ReadonlySet<string>,
): Checked {
  const [known, unknown] = partition(Object.keys(values), isConfigKey)
  const knownValues = Object.fromEntries(known.map((key) => [key, values[key]]))
  const { data, error } = configSchema.safeParse(knownValues)
  const usable = usableValues(knownValues)
  const found = [
    ...unknown.map((name) => unknownKey(name, (key) => Object.hasOwn(values, key))),
    ...(error?.issues ?? []).flatMap((issue) => findingsOf(issue, knownValues)),
    ...contradictions(usable),
    ...(secretKeys ? plainText(knownValues, secretKeys) : []),
  ].filter(({ path }) => !unreadable.some((one) => one.path === path))
  const findings = [...unreadable, ...found]
  return data && findings.length === 0 ? { config: data } : { findings }
}

/** Returns the values that are valid by themselves, so that contradictions among them are reported in the same message. */
function usableValues(values: Readonly<Record<string, unknown>>): Partial<Config> {
  const entries = Object.entries(configSchema.shape).flatMap(([key, schema]) => {
    const result = schema.safeParse(values[key])
    return result.success ? [[key, result.data]] : []
  })
  return Object.fromEntries(entries)
}

/** Reads values that may be wrong in other ways too, so that a secret in plain text is always reported. */
function plainText(
  { apiKey, passwords }: Readonly<Record<string, unknown>>,
  secretKeys: ReadonlySet<string>,
): ConfigProblem[] {
  const findings: ConfigProblem[] = []
  if (apiKey !== undefined && !secretKeys.has('apiKey')) {
    findings.push(finding('apiKey', 'stands in plain text'))
  }
  const entries: readonly unknown[] = Array.isArray(passwords) ? passwords : []
  for (const [index, entry] of entries.entries()) {
    const value = partOf(entry, 'value')
    const isSecret = secretKeys.has('passwords') && !secretKeys.has(plainEntry(index))
    if (typeof value !== 'string' || value.trim() === '' || isSecret) continue
    const path = `passwords[${index}].value`
    findings.push(finding(path, 'stands in plain text', `set --secret --path '${path}'`))
  }
  return findings
}

function parse(
  key: ConfigKey,
  text: string,
): { readonly value: unknown } | { readonly problem: string; readonly example?: string | undefined } {
  // Not parsed: `007` is an id, not a number.
  if (isText(configSchema.shape[key])) return { value: text }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'cannot be read: it is not valid JSON' }
  }
  // The schema ignores the name __proto__, which in JavaScript is an object's prototype.
  const found = protoIn(value)
  if (!found) return { value }
  const path = pathOf([key, ...found])
  const example = isSafePath(path) ? `rm --path '${path}'` : undefined
  return { problem: 'must not have the name __proto__ in it', example }
}

/** Where the name `__proto__` stands, if it does. */
function protoIn(value: unknown): readonly (string | number)[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, part] of Object.entries(value)) {
    if (name === '__proto__') return [name]
    const below = protoIn(part)
    if (below) return [Array.isArray(value) ? Number(name) : name, ...below]
  }
  return undefined
}

function isText(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return isText(schema.unwrap())
  if (schema instanceof z.ZodPipe) return isText(schema.in)
  return schema instanceof z.ZodString || schema instanceof z.ZodEnum
}

function partition<T, U extends T>(items: readonly T[], is: (item: T) => item is U): [U[], T[]] {
  return [items.filter(is), items.filter((item) => !is(item))]
}
