import * as pulumi from '@pulumi/pulumi'
import type { z } from 'zod'
import type { CompleteArgs } from './arguments-with-defaults.ts'
import type { BackendlessLoginArgs, PasswordArgs } from './backendless-login-args.ts'
import { checkValues } from './config.ts'
import { currentValueProblem } from './config-rules.ts'
import { configSchema } from './config-schema.ts'
import { asSentence, type ConfigProblem, pathOf } from './findings.ts'
import { partOf } from './passwords-schema.ts'
import { refusal } from './plain-errors.ts'

/** Replaces a value that is known only during the deployment. It passes all checks. */
const NOT_KNOWN_YET = 'a-value-known-later'

const TOO_LATE =
  'must be known before the deployment: only appId, apiKey and the value of a password may be an output'

/**
 * Checks the arguments of the component `name`, and fills in the defaults. A value that is not known yet is checked as soon
 * as it is known; if it is not usable, its output fails with a RunError.
 * @throws RunError with every problem.
 */
export function completeArgs(name: string, args: BackendlessLoginArgs): CompleteArgs {
  // A JavaScript program may pass anything.
  const given: Partial<BackendlessLoginArgs> = { ...args }
  const entries = Array.isArray(given.passwords) ? [...given.passwords] : undefined
  const values = {
    ...given,
    appId: orStandIn(given.appId),
    apiKey: orStandIn(given.apiKey),
    passwords: entries?.map(withKnownValue) ?? given.passwords,
  }
  const isGiven = ([, value]: [string, unknown]) => value !== undefined
  const checked = checkValues(Object.fromEntries(Object.entries(values).filter(isGiven)))
  if ('findings' in checked) {
    const tooLate = laterPlaces(values)
    throw refused(name, [
      ...checked.findings.filter(({ path }) => !tooLate.includes(path)),
      ...tooLate.map((path) => ({ path, problem: TOO_LATE })),
    ])
  }
  const { config } = checked
  return {
    ...config,
    appId: checkedLater(name, 'appId', args.appId, problemIn(configSchema.shape.appId)),
    apiKey: checkedLater(name, 'apiKey', args.apiKey, problemIn(configSchema.shape.apiKey)),
    passwords: config.passwords.map((password, index) => {
      const value: PasswordArgs['value'] = entries?.[index]?.value
      if (value === undefined) return password
      const problemOf = (text: string) =>
        problemIn(configSchema.shape.passwords)([{ id: password.id, value: text }]) ??
        (index === 0 ? currentValueProblem(text) : undefined)
      return { ...password, value: checkedLater(name, `passwords[${index}].value`, value, problemOf) }
    }),
  }
}

function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise
}

function orStandIn(value: unknown): unknown {
  return isLater(value) ? NOT_KNOWN_YET : value
}

function withKnownValue(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && !isLater(entry)
    ? { ...entry, value: orStandIn(partOf(entry, 'value')) }
    : entry
}

/** The paths of outputs and promises, down to a part of an entry of `passwords`. */
function laterPlaces(value: unknown, parts: readonly (string | number)[] = []): string[] {
  if (isLater(value)) return [pathOf(parts)]
  if (typeof value !== 'object' || value === null || parts.length === 3) return []
  return Object.entries(value).flatMap(([key, part]) =>
    laterPlaces(part, [...parts, Array.isArray(value) ? Number(key) : key]),
  )
}

const problemIn = (schema: z.ZodType) => (value: unknown) => schema.safeParse(value).error?.issues[0]?.message

function checkedLater(
  name: string,
  path: string,
  value: pulumi.Input<string>,
  problemOf: (value: string) => string | undefined,
): pulumi.Input<string> {
  if (!isLater(value)) return value
  return pulumi.output(value).apply((text) => {
    const problem = problemOf(text)
    if (problem) throw refused(name, [{ path, problem }])
    return text
  })
}

function refused(name: string, problems: readonly Omit<ConfigProblem, 'example'>[]): pulumi.RunError {
  const lines = problems.map(({ path, problem }) => `  ${path} ${asSentence(problem)}`)
  return refusal([`The arguments of BackendlessLogin ${name} are not usable:`, ...lines].join('\n'))
}
