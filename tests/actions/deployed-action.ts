// The deployed Action, with a Backendless of its own.
import { type LocalAuth0, startAuth0 } from '@backendless-login/local-auth0'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { deployEmbedded } from '../../demo/deploy/index.ts'
import { backendless, closeAll } from './sign-in.ts'

export interface ActionOverBackendless {
  readonly auth0: LocalAuth0
  readonly app: LocalBackendless
}

/** Deploys the Action before the surrounding suite, for every client and with these settings, and closes both services after it. */
export function useDeployedAction(
  settings: Readonly<Record<string, unknown>> = {},
): () => ActionOverBackendless {
  let deployed: ActionOverBackendless | undefined
  before(async () => {
    const [auth0, app] = [await startAuth0(), await backendless()]
    deployed = { auth0, app }
    await deployEmbedded({
      auth0,
      config: { appId: app.appId, serverUrl: app.url, clients: ['*'], ...settings },
      secretConfig: { apiKey: app.keys.rest },
    })
  })
  after(() => Promise.all([deployed?.auth0.close(), closeAll()]))
  return () => {
    if (!deployed) throw new Error('The suite has not begun')
    return deployed
  }
}
