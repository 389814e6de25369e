import type { CompleteArgs } from './arguments-with-defaults.ts'
import type { BundledSettings } from './deployed-settings.ts'
import { appIdFingerprint } from './fingerprint.ts'
import { inUse } from './passwords-schema.ts'

/** The arguments with a known application id. Other secrets may be unknown. */
type KnownArgs = Omit<CompleteArgs, 'appId'> & { readonly appId: string }

/** Returns the settings for the Action's code: the configuration without its secrets, and the passwords in use. */
export function settingsOf({
  appId,
  apiKey: _apiKey,
  actionName: _actionName,
  passwords,
  ...settings
}: KnownArgs): BundledSettings {
  return {
    appIdFingerprint: appIdFingerprint(appId),
    ...settings,
    passwords: inUse(passwords).map(({ id, perUser }) => ({ id, perUser })),
  }
}
