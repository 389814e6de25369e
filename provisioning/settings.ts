import type { CompleteArgs } from './arguments-with-defaults.ts'
import { inUse } from './config-schema.ts'
import type { BundledSettings } from './deployed-settings.ts'
import { appIdFingerprint } from './fingerprint.ts'

/** The configuration once the application id is known. Its other secrets do not matter here. */
type KnownArgs = Omit<CompleteArgs, 'appId'> & { readonly appId: string }

/** What stands in the Action's code: all of the configuration that is not secret, and the passwords in use. */
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
