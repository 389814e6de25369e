import type { Effects } from './messages.ts'

/** What an execution comes to that asks for nothing. */
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
