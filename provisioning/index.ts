// The exports of the package `backendless-login`, for other Pulumi programs. See docs/component.md.
export type { Settings } from '../actions/backendless-login/settings.ts'
export { BackendlessLogin } from './backendless-login.ts'
export type { BackendlessLoginArgs, PasswordArgs } from './backendless-login-args.ts'
export { type Bundle, bundleAction } from './bundle.ts'
