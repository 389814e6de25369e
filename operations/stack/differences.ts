import type { PasswordSetting, Settings } from '../../actions/backendless-login/settings.ts'

/** The settings that decide which password a user of Backendless has, and where. */
export type LoginSettings = Pick<Settings, 'serverUrl' | 'identity' | 'identityColumn'> & {
  readonly passwords: readonly PasswordSetting[]
}

/** Each difference as `<key>: deployed <value>, configured <value>`. Empty if both would log in the same users. */
export function differencesOf(deployed: LoginSettings, configured: LoginSettings): string[] {
  return [
    ['passwords', listOf(deployed.passwords), listOf(configured.passwords)] as const,
    ...(['identity', 'identityColumn', 'serverUrl'] as const).map(
      (key) => [key, deployed[key], configured[key]] as const,
    ),
  ]
    .filter(([, there, here]) => there !== here)
    .map(([key, there, here]) => `${key}: deployed ${there}, configured ${here}`)
}

function listOf(passwords: readonly PasswordSetting[]): string {
  return passwords.map(({ id, perUser }) => `${id} (${perUser ? 'per user' : 'shared'})`).join(', ') || 'none'
}
