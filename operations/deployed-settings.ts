import { z } from 'zod'
import type { Settings } from '../actions/backendless-login/settings.ts'

/** Strict: a setting that is not known here may change what those that are known mean. */
const settingsSchema: z.ZodType<Settings> = z.strictObject({
  serverUrl: z.string(),
  clients: z.array(z.string()),
  connections: z.array(z.string()),
  trustedConnections: z.array(z.string()),
  passwords: z.array(z.strictObject({ id: z.string(), perUser: z.boolean() })),
  identity: z.enum(['email', 'user_id']),
  identityColumn: z.string(),
  unverified: z.enum(['deny', 'skip', 'accept']),
  onFailure: z.enum(['deny', 'skip']),
  skipRefresh: z.boolean(),
  profile: z.record(z.string(), z.string()),
  ownerColumn: z.string(),
  syncProfile: z.boolean(),
  memory: z.boolean(),
  claim: z.string(),
  budgetMs: z.number(),
})

export type DeployedSettings =
  | { readonly kind: 'settings'; readonly settings: Settings }
  /** `why` goes on after "The settings of the deployed version cannot be read: ". */
  | { readonly kind: 'unreadable'; readonly why: string }

/**
 * The settings that a deployed Action runs with, out of its code: `provisioning/bundle` writes them from the second line
 * on, as `const SETTINGS = …;` with indented JSON. Nothing of the code is run.
 */
export function settingsIn(code: string): DeployedSettings {
  const [, first = '', ...rest] = code.split(/\r?\n/)
  // Only the end of the constant stands at the beginning of a line: what is inside is indented.
  const last = rest.indexOf('};')
  if (first !== 'const SETTINGS = {' || last < 0) {
    return unreadable(
      'its code does not begin with them, so this program did not deploy it, or it was edited',
    )
  }
  let json: unknown
  try {
    json = JSON.parse(['{', ...rest.slice(0, last), '}'].join('\n'))
  } catch {
    return unreadable('they are no JSON, so somebody edited the code')
  }
  const { data, error } = settingsSchema.safeParse(json)
  if (data) return { kind: 'settings', settings: data }
  const places = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')],
  )
  return unreadable(`another version of this program deployed it, or somebody edited ${places.join(', ')}`)
}

function unreadable(why: string): DeployedSettings {
  return { kind: 'unreadable', why }
}
