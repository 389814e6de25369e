import type { PostLoginApi, PostLoginEvent } from './auth0.ts'
import { handlePostLogin } from './handler.ts'
import type { Settings } from './settings.ts'

/** The constant at the top of the deployed code. */
declare const SETTINGS: Settings

/**
 * Auth0 calls this at every sign-in, and takes only a native async function: gives the user a Backendless user token in
 * a claim of the ID token, denies the sign-in, or lets it go on without the claim.
 */
export async function onExecutePostLogin(event: PostLoginEvent, api: PostLoginApi): Promise<void> {
  await handlePostLogin(SETTINGS, event, api)
}
