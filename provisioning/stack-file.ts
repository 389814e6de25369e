// Reads `Pulumi.<stack>.yaml`, because Pulumi calls a whole list secret if one of its values is.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Returns the file name of a stack, which may be given as `organization/project/stack`. */
export function stackFile(stack: string): string {
  return `Pulumi.${stack.split('/').at(-1)}.yaml`
}

/**
 * Returns the positions in the list `key` of entries with a `value` in plain text. Empty if there is no such file, because
 * then the configuration comes from somewhere else.
 * @param folder the folder with Pulumi.yaml
 */
export function plainValues(folder: string, stack: string, key: string): readonly number[] {
  const file = join(folder, stackFile(stack))
  if (!existsSync(file)) return []
  const entries: unknown = Reflect.get(configIn(readFileSync(file, 'utf8')), key)
  return Array.isArray(entries) ? entries.flatMap((entry, index) => (isPlain(entry) ? [index] : [])) : []
}

function configIn(text: string): object {
  // Loaded on demand: most runs have no adopted password.
  const { parse }: typeof import('yaml') = createRequire(import.meta.url)('yaml')
  const document: unknown = parse(text, { merge: true })
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
