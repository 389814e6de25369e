import { BackendlessLogin } from './provisioning/backendless-login.ts'
import { readConfig } from './provisioning/config.ts'
import { withPlainErrors } from './provisioning/plain-errors.ts'

const login = withPlainErrors(() => {
  const { actionName, appId, apiKey, passwords, ...settings } = readConfig()
  return new BackendlessLogin('backendless-login', {
    actionName,
    appId,
    apiKey,
    // An adopted password serves everybody, as it did before; a generated one is derived per user.
    passwords: passwords.map(({ id, value, perUser = value === undefined, retired = false }) => ({
      id,
      perUser,
      retired,
      ...(value === undefined ? {} : { value }),
    })),
    settings,
  })
})

export const actionId = login.actionId
export const actionName = login.actionName
export const versionId = login.versionId
export const claim = login.claim
export const passwords = login.passwords
