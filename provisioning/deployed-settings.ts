import { z } from 'zod'
import type { PasswordSetting, Settings } from '../actions/backendless-login/settings.ts'
import { configSchema } from './config-schema.ts'

/** The settings in the Action's code, with the fingerprint of the Backendless application. */
export interface BundledSettings extends Settings {
  /** Shows a changed `appId` as one changed line. Absent in Actions that older versions of this program deployed. */
  readonly appIdFingerprint?: string
}

/** Strict: an unknown setting may change what the known ones mean. */
const settingsSchema = configSchema.omit({ appId: true, apiKey: true, actionName: true }).extend({
  appIdFingerprint: z.string().exactOptional(),
  passwords: z.array(z.strictObject({ id: z.string(), perUser: z.boolean() })),
})
const REQUIRED = Object.keys(settingsSchema.shape).filter((key) => key !== 'appIdFingerprint')

/** Not strict: the passwords can be read whatever other settings a version has. */
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
 * Reads the settings of a deployed Action from its code, without running it. They are unreadable if any setting is missing or
 * unknown.
 */
export function settingsIn(code: string): DeployedSettings {
  const constant = constantIn(code)
  if (constant.kind === 'unreadable') return constant
  const { json } = constant
  const { data, error } = settingsSchema.safeParse(json)
  // The schema would fill in a default, but a version without the setting does not behave as if it had the default.
  const missing = REQUIRED.filter((key) => !Object.hasOwn(json, key))
  if (data && missing.length === 0) return { kind: 'settings', settings: data }
  const wrong = (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')],
  )
  const places = [...new Set([...wrong, ...missing])].join(', ')
  return unreadable(`another version of this program deployed it, or somebody edited ${places}`)
}

/** Reads the passwords of a deployed Action, and its application, from the code of any version of this program. */
export function passwordsIn(code: string): DeployedPasswords {
  const constant = constantIn(code)
  if (constant.kind === 'unreadable') return constant
  const { data } = passwordsSchema.safeParse(constant.json)
  return data
    ? { kind: 'passwords', ...data }
    : unreadable('they name no passwords, so somebody edited the code')
}

/** Finds the constant that `provisioning/bundle` writes from the second line on: `const SETTINGS = …;` with indented JSON. */
function constantIn(code: string): { readonly kind: 'constant'; readonly json: object } | Unreadable {
  const [, first = '', ...rest] = code.split(/\r?\n/)
  // The constant ends at the first line that is not indented.
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
