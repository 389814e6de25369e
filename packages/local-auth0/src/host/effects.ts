import type { Effects } from './messages.ts'

/** Returns the effects of an execution that calls nothing. */
export function noEffects(): Effects {
  return {
    idToken: {},
    accessToken: {},
    addedScopes: [],
    removedScopes: [],
    appMetadata: {},
    userMetadata: {},
    transactionMetadata: {},
    cacheWrites: [],
    commands: [],
  }
}
