// The command over a tenant whose deployed Action writes the log that is read.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventOverrides } from '@backendless-login/local-auth0'
import { loginEvent } from '@backendless-login/local-auth0'
import { outcomes, type Report } from '../../../operations/outcomes/command.ts'
import { readOptions } from '../../../operations/outcomes/options.ts'
import { jsonOf } from '../../../operations/outcomes/report-json.ts'
import { textOf } from '../../../operations/outcomes/report-text.ts'
import { configSchema } from '../../../provisioning/config-schema.ts'
import { type DeployedAction, useDeployedAction } from '../../actions/deployed-action.ts'

export const SHOP = 'TheShopsClientId'

export interface Run {
  readonly report: Report
  readonly text: string
  readonly json: string
}

export interface Outcomes {
  readonly action: DeployedAction
  signIn(event?: EventOverrides, client?: string): ReturnType<DeployedAction['auth0']['signIn']>
  /** As `npm run outcomes -- --stack dev …` would. */
  run(
    args?: readonly string[],
    options?: { readonly signal?: AbortSignal; readonly scopes?: readonly string[] },
  ): Promise<Run>
}

export function useOutcomes(settings: Readonly<Record<string, unknown>> = {}): () => Outcomes {
  const action = useDeployedAction({ clients: [SHOP], ...settings })
  const folder = mkdtempSync(join(tmpdir(), 'outcomes-'))
  return () => {
    const { auth0, app } = action()
    return {
      action: { auth0, app },
      signIn: (event = {}, client = SHOP) =>
        auth0.signIn(loginEvent({ ...event, client: { client_id: client } })),
      async run(args = [], { signal = new AbortController().signal, scopes } = {}) {
        const options = readOptions(['--stack', 'dev', ...args])
        if (!options) throw new Error('help')
        const token = scopes ? { AUTH0_API_TOKEN: auth0.tokenWith([...scopes]) } : {}
        const report = await outcomes(options, {
          environment: { ...auth0.environment, ...token },
          signal,
          folder,
          followMs: 50,
          read: async () =>
            configSchema.parse({ appId: app.appId, apiKey: app.keys.rest, clients: [SHOP], ...settings }),
        })
        return { report, text: textOf(report), json: jsonOf(report) }
      },
    }
  }
}
