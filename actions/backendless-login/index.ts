import type { PostLoginApi, PostLoginEvent } from './auth0.ts'
import { CircuitBreaker } from './circuit.ts'
import { handlePostLogin, type Instance } from './handler.ts'
import type { Settings } from './settings.ts'

/** Defined at the top of the deployed code. */
declare const SETTINGS: Settings

/** Auth0 loads this module once per instance. An instance runs many executions, some at the same time. */
const instance: Instance = { settings: SETTINGS, circuit: new CircuitBreaker() }

/**
 * The post-login Action: puts a Backendless user token into a claim of the ID token, denies the sign-in, or lets it continue
 * without the claim. Auth0 calls it at every sign-in, and accepts only a native async function.
 */
export async function onExecutePostLogin(event: PostLoginEvent, api: PostLoginApi): Promise<void> {
  await handlePostLogin(instance, event, api)
}
