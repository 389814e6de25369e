import { closest, distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import { configSchema, exampleFor, isConfigKey } from './config-schema.ts'
import { freeId, PASSWORD_KEYS, partOf } from './passwords-schema.ts'

/** One problem of the configuration. It never contains a value. */
export interface ConfigProblem {
  /** Where the problem is: `passwords[1].value`. */
  readonly path: string
  /** What is wrong. Continues a sentence that begins with the path. */
  readonly problem: string
  /** A command that corrects it. */
  readonly example: string
}

/** @param parameters of `npx pulumi config`. Default: the example of the key's row. */
export function finding(path: string, problem: string, parameters?: string): ConfigProblem {
  const [key = ''] = path.split(/[.[]/, 1)
  const example =
    parameters === undefined && isConfigKey(key)
      ? exampleFor(key, path)
      : `npx pulumi config ${parameters ?? `rm ${key}`}`
  return { path, problem, example }
}

/** The finding of an unknown key. The example sets the key that was meant, and removes the unknown one if that is set already. */
export function unknownKey(name: string, isSet: (key: string) => boolean): ConfigProblem {
  const meant = nearest(name, Object.keys(configSchema.shape))
  if (meant === undefined || !isConfigKey(meant)) {
    return finding(name, 'is not a known key; docs/configuration.md lists all of them')
  }
  const found = finding(name, `is not a known key. Did you mean \`${meant}\`?`)
  return isSet(meant) ? found : { ...found, example: exampleFor(meant) }
}

/** Returns the known key that is nearest to `name`, unless it differs in more than a third of its letters. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const keys = new Map(known.map((key) => [normalised(key), key]))
  const near = closest(normalised(name), [...keys.keys()])
  return distance(normalised(name), near) <= Math.max(2, near.length / 3) ? keys.get(near) : undefined
}

function normalised(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}

/** Turns an issue of the schema into findings. @param values the parsed values. */
export function findingsOf(
  issue: z.core.$ZodIssue,
  values: Readonly<Record<string, unknown>>,
): ConfigProblem[] {
  const path = pathOf(issue.path)
  if (issue.path[0] === 'passwords') return passwordFindings(issue, path, values.passwords)
  if (issue.code === 'invalid_key') {
    const remove = /^\w+\.\w+$/.test(path) ? `rm --path ${path}` : undefined
    return issue.issues.map(({ message }) => finding(path, message, remove))
  }
  if (issue.path.length === 1 && !Object.hasOwn(values, path)) return [finding(path, 'is missing')]
  return [finding(path, issue.message, exampleIn(issue))]
}

/** Examples change only the entry that the problem is in. */
function passwordFindings(issue: z.core.$ZodIssue, path: string, entries: unknown): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = nearest(key, PASSWORD_KEYS)
      const problem = meant
        ? `is not a known key. Did you mean \`${meant}\`?`
        : 'is not a known key: the keys of an entry are id, value, perUser and retired'
      const place = pathOf([...issue.path, key])
      return isSafePath(place)
        ? finding(place, problem, `rm --path '${place}'`)
        : { path: place, problem, example: 'remove it from the file of the stack' }
    })
  }
  const [, index, part] = issue.path
  if (Array.isArray(entries) && typeof index === 'number') {
    const { [index]: entry, ...others } = entries
    if (part === undefined) return [finding(path, issue.message, `rm --path '${path}'`)]
    if (part === 'id') {
      const id = newId(
        partOf(entry, 'id'),
        Object.values(others).map((other) => partOf(other, 'id')),
      )
      return [finding(path, issue.message, `set --path '${path}' --type string ${id}`)]
    }
  }
  return [finding(path, issue.message, exampleIn(issue))]
}

/** A number without its quotation marks stays what it was meant to be. */
function newId(wrong: unknown, taken: readonly unknown[]): string {
  if (Number.isSafeInteger(wrong) && Number(wrong) >= 0 && !taken.includes(String(wrong)))
    return String(wrong)
  return freeId(taken)
}

function exampleIn(issue: z.core.$ZodIssue): string | undefined {
  const example = issue.code === 'custom' ? issue.params?.example : undefined
  return typeof example === 'string' ? example : undefined
}

/** As `pulumi config --path` takes it. A key that only a mistake can have may be long, or break the line. */
export function pathOf(parts: readonly PropertyKey[]): string {
  return parts.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`
    const key = String(part)
    if (!/^[\w-]{1,40}$/.test(key)) return `${before}[${JSON.stringify(key.slice(0, 40))}]`
    return before === '' ? key : `${before}.${key}`
  }, '')
}

/** It names the whole key, and can stand in quotation marks on a command line. */
export function isSafePath(path: string): boolean {
  return /^[\w.[\]-]*(\["[^"\\'!]{1,39}"\])?$/.test(path)
}

export function asSentence(problem: string): string {
  return problem.endsWith('?') ? problem : `${problem}.`
}

/** Returns the findings as lines, each with its example below it. @param prefix of each path. */
export function linesOf(findings: readonly ConfigProblem[], prefix = ''): string[] {
  return findings.flatMap(({ path, problem, example }) => [
    `  ${prefix}${path} ${asSentence(problem)}`,
    `      Example: ${example}`,
  ])
}
