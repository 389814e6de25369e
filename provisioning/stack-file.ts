// `Pulumi.<stack>.yaml`, read for what Pulumi does not tell: it calls a whole list secret if one value of it is.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The file that belongs to a stack, also to `organization/project/stack`. */
export function stackFile(stack: string): string {
  return `Pulumi.${stack.split('/').at(-1)}.yaml`
}

/**
 * The positions in the list `key` whose entries have a `value` in plain text. None if there is no such file: then the
 * configuration comes from somewhere else.
 * @param folder the one with Pulumi.yaml
 */
export function plainValues(folder: string, stack: string, key: string): readonly number[] {
  const file = join(folder, stackFile(stack))
  if (!existsSync(file)) return []
  const entries: unknown = Reflect.get(configIn(readFileSync(file, 'utf8')), key)
  return Array.isArray(entries) ? entries.flatMap((entry, index) => (isPlain(entry) ? [index] : [])) : []
}

function configIn(text: string): object {
  // Loaded here, since most runs have no adopted password and never come here.
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
