// Reads `Pulumi.<stack>.yaml`, because Pulumi calls a whole list secret if one of its values is.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Returns the file name of a stack, which may be given as `organization/project/stack`. */
export function stackFile(stack: string): string {
  return `Pulumi.${stack.split('/').at(-1)}.yaml`
}

export interface StackPlace {
  /** The one with Pulumi.yaml. */
  readonly folder: string
  readonly stack: string
}

/**
 * Returns the positions in the list `key` of entries with a `value` in plain text. Empty if there is no such file, because
 * then the configuration comes from somewhere else.
 */
export function plainValues(place: StackPlace, key: string): readonly number[] {
  const entries = valueIn(place, key)
  return Array.isArray(entries) ? entries.flatMap((entry, index) => (isPlain(entry) ? [index] : [])) : []
}

/** True if `pulumi config` can change a part of the value of `key`: it is not written as one text or one secret. */
export function takesPath(place: StackPlace, key: string, asList: boolean): boolean {
  const value = valueIn(place, key)
  if (value === undefined) return true
  return asList ? Array.isArray(value) : isObject(value) && !Array.isArray(value) && !('secure' in value)
}

function valueIn({ folder, stack }: StackPlace, key: string): unknown {
  const file = join(folder, stackFile(stack))
  if (!existsSync(file)) return undefined
  const [namespace, name = ''] = key.split(':')
  // Pulumi takes a key in each of these forms.
  const keys = [key, name, `${namespace}:config:${name}`]
  return Object.entries(configIn(readFileSync(file, 'utf8'))).find(([written]) => keys.includes(written))?.[1]
}

function configIn(text: string): object {
  // Loaded on demand: most runs have no adopted password.
  const { parse }: typeof import('yaml') = createRequire(import.meta.url)('yaml')
  // Silent: Pulumi reports what is wrong with the file, and a warning would show a part of it.
  const document: unknown = parse(text, { merge: true, logLevel: 'silent' })
  const config: unknown = isObject(document) ? Reflect.get(document, 'config') : undefined
  return isObject(config) ? config : {}
}

/** An encrypted value is a map `{ secure }`. */
function isPlain(entry: unknown): boolean {
  if (!isObject(entry)) return false
  const value: unknown = Reflect.get(entry, 'value')
  return value !== undefined && value !== null && !(isObject(value) && 'secure' in value)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
