// What other people do in the tenant: the dashboard and other teams' programs are clients of the same Management API.
import assert from 'node:assert/strict'
import { request } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import type { LocalAuth0, StoredAction } from '../../local/auth0/index.ts'

const BINDINGS = '/actions/triggers/post-login/bindings'

/** Another team's Action, created, deployed and bound to the trigger. Gives its id. */
export async function bindOtherTeamsAction(auth0: LocalAuth0): Promise<string> {
  const id = await call(auth0, 'POST', '/actions/actions', {
    name: 'Consent of the legal team',
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    runtime: 'node22',
    code: 'exports.onExecutePostLogin = async () => {}',
  })
  const otherAction = () => auth0.actions().find((action) => action.id === id)
  await until(() => otherAction()?.status === 'built')
  await call(auth0, 'POST', `/actions/actions/${id}/deploy`)
  await until(() => otherAction()?.deployed !== undefined)
  await bindOnly(auth0, id)
  return id
}

/** Makes these the only bound Actions: what is left out loses its binding. */
export async function bindOnly(auth0: LocalAuth0, ...ids: string[]): Promise<void> {
  const bindings = ids.map((value) => ({ display_name: 'Bound by hand', ref: { type: 'action_id', value } }))
  await call(auth0, 'PATCH', BINDINGS, { bindings })
}

/** Saves other code for the Action, as the dashboard's editor does. */
export async function editInDashboard(auth0: LocalAuth0, id: string, code: string): Promise<void> {
  await call(auth0, 'PATCH', `/actions/actions/${id}`, { code })
  await until(() => auth0.actions().some((action) => action.id === id && action.status === 'built'))
}

export function actionNamed(auth0: LocalAuth0, name: string): StoredAction {
  const action = auth0.actions().find((each) => each.name === name)
  assert.ok(action, `The tenant has no Action ${name}`)
  return action
}

export function boundIds(auth0: LocalAuth0): string[] {
  return auth0.bindings().map(({ actionId }) => actionId)
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 3_000; !holds(); await pause(5)) assert.ok(Date.now() < end, 'waited in vain')
}

/** Gives the id of what is answered. */
function call(auth0: LocalAuth0, method: string, path: string, body?: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${auth0.apiToken}`, 'content-type': 'application/json' }
    const url = `https://${auth0.domain}/api/v2${path}`
    const outgoing = request(url, { method, headers, ca: auth0.certificate }, async (incoming) => {
      let text = ''
      for await (const chunk of incoming) text += String(chunk)
      const { statusCode = 0 } = incoming
      if (statusCode >= 300) return reject(new Error(`${method} ${path} answered ${statusCode}: ${text}`))
      const answer: { id?: unknown } = JSON.parse(text)
      resolve(String(answer.id))
    })
    outgoing.on('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
