// What the package `backendless-login` offers to another Pulumi program: see docs/component.md.
export type { Settings } from '../actions/backendless-login/settings.ts'
export { BackendlessLogin, type BackendlessLoginArgs } from './backendless-login.ts'
export { type Bundle, bundleAction } from './bundle.ts'
export type { PasswordArgs } from './password.ts'
export { completeSettings, type SettingsArgs } from './settings.ts'
