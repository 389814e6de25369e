import type { Settings } from '../actions/backendless-login/settings.ts'
import { configSchema } from '../provisioning/config-schema.ts'
import { settingsOf } from '../provisioning/settings.ts'

const { appIdFingerprint: _, ...settings } = settingsOf(
  configSchema.parse({ appId: 'an-application', apiKey: 'an-api-key', clients: ['shop'] }),
)

/** The settings of a new environment with one application. */
export const SETTINGS: Settings = settings
