import type { PostLoginApi, PostLoginEvent } from './auth0.ts'
import { CircuitBreaker } from './circuit.ts'
import { handlePostLogin, type Instance } from './handler.ts'
import type { Settings } from './settings.ts'

/** The constant at the top of the deployed code. */
declare const SETTINGS: Settings

/** Auth0 runs this module once per instance; an instance serves many executions, several of them at once. */
const instance: Instance = { settings: SETTINGS, circuit: new CircuitBreaker() }

/**
 * Auth0 calls this at every sign-in, and takes only a native async function: gives the user a Backendless user token in
 * a claim of the ID token, denies the sign-in, or lets it go on without the claim.
 */
export async function onExecutePostLogin(event: PostLoginEvent, api: PostLoginApi): Promise<void> {
  await handlePostLogin(instance, event, api)
}
