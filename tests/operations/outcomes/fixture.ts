// The command with a tenant whose deployed Action writes the log.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventOverrides } from '@backendless-login/local-auth0'
import { loginEvent } from '@backendless-login/local-auth0'
import { type OutcomesReport, outcomes } from '../../../operations/outcomes/command.ts'
import { readOutcomesOptions } from '../../../operations/outcomes/options.ts'
import { outcomesJson } from '../../../operations/outcomes/report-json.ts'
import { outcomesText } from '../../../operations/outcomes/report-text.ts'
import { configSchema } from '../../../provisioning/config-schema.ts'
import { type ActionOverBackendless, useDeployedAction } from '../../actions/deployed-action.ts'

export const OUTCOMES_CLIENT = 'TheShopsClientId'

interface OutcomesRun {
  readonly report: OutcomesReport
  readonly text: string
  readonly json: string
}

export interface Outcomes {
  readonly action: ActionOverBackendless
  signIn(event?: EventOverrides, client?: string): ReturnType<ActionOverBackendless['auth0']['signIn']>
  /** Runs `npm run outcomes -- --stack dev …`. */
  run(
    args?: readonly string[],
    options?: { readonly signal?: AbortSignal; readonly scopes?: readonly string[] },
  ): Promise<OutcomesRun>
}

export function useOutcomes(settings: Readonly<Record<string, unknown>> = {}): () => Outcomes {
  const action = useDeployedAction({ clients: [OUTCOMES_CLIENT], ...settings })
  const folder = mkdtempSync(join(tmpdir(), 'outcomes-'))
  return () => {
    const { auth0, app } = action()
    return {
      action: { auth0, app },
      signIn: (event = {}, client = OUTCOMES_CLIENT) =>
        auth0.signIn(loginEvent({ ...event, client: { client_id: client } })),
      async run(args = [], { signal = new AbortController().signal, scopes } = {}) {
        const options = readOutcomesOptions(['--stack', 'dev', ...args])
        if (!options) throw new Error('help')
        const token = scopes ? { AUTH0_API_TOKEN: auth0.tokenWith([...scopes]) } : {}
        const report = await outcomes(options, {
          environment: { ...auth0.environment, ...token },
          signal,
          folder,
          followMs: 50,
          read: async () =>
            configSchema.parse({
              appId: app.appId,
              apiKey: app.keys.rest,
              clients: [OUTCOMES_CLIENT],
              ...settings,
            }),
        })
        return { report, text: outcomesText(report), json: outcomesJson(report) }
      },
    }
  }
}
