import { BackendlessLogin } from './provisioning/backendless-login.ts'
import { readConfig } from './provisioning/config.ts'
import { withPlainErrors } from './provisioning/plain-errors.ts'

const login = withPlainErrors(() => new BackendlessLogin('backendless-login', readConfig()))

export const { actionId, actionName, versionId, claim, passwords } = login
