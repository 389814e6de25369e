import * as pulumi from '@pulumi/pulumi'
import type { z } from 'zod'
import type { Settings } from '../actions/backendless-login/settings.ts'
import { contradictions, findingsOf } from './config.ts'
import { configSchema } from './config-schema.ts'

const schema = configSchema.omit({ appId: true, apiKey: true, passwords: true, actionName: true })

/** The keys of the configuration that are settings of the Action; all but `clients` have defaults. */
export type SettingsArgs = z.input<typeof schema>

/**
 * The settings of a component, for a program that does not read them from this project's configuration: with the same
 * defaults, and checked by the same rules.
 * @throws RunError with every problem.
 */
export function completeSettings(args: SettingsArgs): Omit<Settings, 'passwords'> {
  const { data, error } = schema.safeParse(args)
  const findings = error
    ? error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys' && issue.path.length === 0
          ? issue.keys.map((path) => ({ path, problem: 'is no setting; look for a misspelling' }))
          : findingsOf(issue, { ...args }),
      )
    : contradictions(data, new Set())
  if (data && findings.length === 0) return data
  const lines = findings.map(({ path, problem }) => `  ${path} ${problem}.`)
  const problem = new pulumi.RunError(
    ['The settings of the Backendless login are not usable:', ...lines].join('\n'),
  )
  problem.stack = problem.message
  throw problem
}
