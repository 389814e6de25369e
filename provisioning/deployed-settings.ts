import { z } from 'zod'
import type { PasswordSetting, Settings } from '../actions/backendless-login/settings.ts'

/** The settings as they stand in the code: those of the Action, and which Backendless application it was deployed for. */
export interface BundledSettings extends Settings {
  /** Makes another `appId` one changed line. Missing in what older versions of this program deployed. */
  readonly appIdFingerprint?: string
}

/** Strict: a setting that is not known here may change what those that are known mean. */
const settingsSchema: z.ZodType<BundledSettings> = z.strictObject({
  appIdFingerprint: z.string().exactOptional(),
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

/** Not strict: which passwords a version knows can be read whichever settings it has besides. */
const passwordsSchema = z.object({
  appIdFingerprint: z.string().optional(),
  passwords: z.array(z.object({ id: z.string(), perUser: z.boolean() })),
})

export interface Unreadable {
  readonly kind: 'unreadable'
  /** Continues the sentence "The settings of the deployed version cannot be read: ". */
  readonly why: string
}
export type DeployedSettings = { readonly kind: 'settings'; readonly settings: BundledSettings } | Unreadable
export type DeployedPasswords =
  | {
      readonly kind: 'passwords'
      /** Newest first; none of them is retired. */
      readonly passwords: readonly PasswordSetting[]
      readonly appIdFingerprint?: string | undefined
    }
  | Unreadable

/**
 * The settings that a deployed Action runs with, read from its code. Unreadable if any setting is missing or unknown. The
 * code is not run.
 */
export function settingsIn(code: string): DeployedSettings {
  const constant = constantIn(code)
  if (constant.kind === 'unreadable') return constant
  const { data, error } = settingsSchema.safeParse(constant.json)
  if (data) return { kind: 'settings', settings: data }
  const places = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')],
  )
  return unreadable(`another version of this program deployed it, or somebody edited ${places.join(', ')}`)
}

/** The passwords that a deployed Action knows, and its application, read from code of any version of this program. */
export function passwordsIn(code: string): DeployedPasswords {
  const constant = constantIn(code)
  if (constant.kind === 'unreadable') return constant
  const { data } = passwordsSchema.safeParse(constant.json)
  return data
    ? { kind: 'passwords', ...data }
    : unreadable('they name no passwords, so somebody edited the code')
}

/** `provisioning/bundle` writes it from the second line on, as `const SETTINGS = …;` with indented JSON. */
function constantIn(code: string): { readonly kind: 'constant'; readonly json: unknown } | Unreadable {
  const [, first = '', ...rest] = code.split(/\r?\n/)
  // The end of the constant is the first line that is not indented.
  const last = rest.indexOf('};')
  if (first !== 'const SETTINGS = {' || last < 0) {
    return unreadable(
      'its code does not begin with them, so this program did not deploy it, or it was edited',
    )
  }
  try {
    return { kind: 'constant', json: JSON.parse(['{', ...rest.slice(0, last), '}'].join('\n')) }
  } catch {
    return unreadable('they are no JSON, so somebody edited the code')
  }
}

function unreadable(why: string): Unreadable {
  return { kind: 'unreadable', why }
}
