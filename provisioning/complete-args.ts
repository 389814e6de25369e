import * as pulumi from '@pulumi/pulumi'
import type { z } from 'zod'
import type { CompleteArgs } from './arguments-with-defaults.ts'
import type { BackendlessLoginArgs, PasswordArgs } from './backendless-login-args.ts'
import { checkValues } from './config.ts'
import { currentValueProblem } from './config-rules.ts'
import { configSchema } from './config-schema.ts'
import { asSentence, type ConfigProblem } from './findings.ts'
import { refusal } from './plain-errors.ts'

/** Replaces a value that is known only during the deployment. It passes all checks. */
const NOT_KNOWN_YET = 'a-value-known-later'

/**
 * Checks the arguments of the component `name`, and fills in the defaults. A value that is not known yet is checked as soon
 * as it is known; if it is not usable, its output fails with a RunError.
 * @throws RunError with every problem.
 */
export function completeArgs(name: string, args: BackendlessLoginArgs): CompleteArgs {
  // A JavaScript program may pass anything.
  const entries = Array.isArray(args.passwords) ? [...args.passwords] : undefined
  const values = {
    ...args,
    appId: orStandIn(args.appId),
    apiKey: orStandIn(args.apiKey),
    passwords: entries?.map((entry) => ({ ...entry, value: orStandIn(entry.value) })) ?? args.passwords,
  }
  const isGiven = ([, value]: [string, unknown]) => value !== undefined
  const checked = checkValues(Object.fromEntries(Object.entries(values).filter(isGiven)))
  if ('findings' in checked) throw refused(name, checked.findings)
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
