import { closest, distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import { configSchema, exampleFor, isConfigKey } from './config-schema.ts'

/** One problem of the configuration. It never contains a value. */
export interface Finding {
  /** Where the problem is: `passwords[1].value`. */
  readonly path: string
  /** What is wrong. Continues a sentence that begins with the path. */
  readonly problem: string
  /** A command that corrects it. */
  readonly example: string
}

/** @param parameters of `npx pulumi config`. Default: the example of the key's row. */
export function finding(path: string, problem: string, parameters?: string): Finding {
  const [key = ''] = path.split(/[.[]/, 1)
  const example =
    parameters === undefined && isConfigKey(key)
      ? exampleFor(key, path)
      : `npx pulumi config ${parameters ?? `rm ${key}`}`
  return { path, problem, example }
}

/** The finding of an unknown key. It names the nearest known key, unless that differs in more than a third of its letters. */
export function unknownKey(name: string): Finding {
  const keys = new Map(Object.keys(configSchema.shape).map((key) => [normalised(key), key]))
  const near = closest(normalised(name), [...keys.keys()])
  const meant = keys.get(near) ?? ''
  const isNear = distance(normalised(name), near) <= Math.max(2, near.length / 3)
  return isNear && isConfigKey(meant)
    ? { ...finding(name, `is not a known key. Did you mean \`${meant}\`?`), example: exampleFor(meant) }
    : finding(name, 'is not a known key; docs/configuration.md lists all of them')
}

function normalised(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}

/** Turns an issue of the schema into findings. @param values the parsed values. */
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
  if (issue.code === 'unrecognized_keys' && issue.path[0] === 'passwords') {
    const problem = 'is not a known key: the keys of an entry are id, value, perUser and retired'
    return issue.keys.map((key) =>
      finding(`${path}.${shownKey(key)}`, problem, `rm --path '${path}.${shownKey(key)}'`),
    )
  }
  if (issue.code === 'invalid_key') {
    const remove = /^\w+\.\w+$/.test(path) ? `rm --path ${path}` : undefined
    return issue.issues.map(({ message }) => finding(path, message, remove))
  }
  if (issue.path.length === 1 && !Object.hasOwn(values, path)) return [finding(path, 'is missing')]
  const example = issue.code === 'custom' ? issue.params?.example : undefined
  return [finding(path, issue.message, typeof example === 'string' ? example : undefined)]
}

/** An unknown key may be long, or contain a line break. */
function shownKey(key: string): string {
  return /^[\w-]{1,40}$/.test(key) ? key : JSON.stringify(key.slice(0, 40))
}

export function asSentence(problem: string): string {
  return problem.endsWith('?') ? problem : `${problem}.`
}

/** Returns the findings as lines, each with its example below it. @param prefix of each path. */
export function linesOf(findings: readonly Finding[], prefix = ''): string[] {
  return findings.flatMap(({ path, problem, example }) => [
    `  ${prefix}${path} ${asSentence(problem)}`,
    `      Example: ${example}`,
  ])
}
