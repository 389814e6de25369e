// Changes of the tenant by others: the dashboard and other teams' programs use the same Management API.
import assert from 'node:assert/strict'
import type { LocalAuth0, StoredAction } from '@backendless-login/local-auth0'
import { call, deployAction, until } from '../management.ts'

const BINDINGS = '/actions/triggers/post-login/bindings'

/** Creates, deploys and binds another team's Action. Returns its id. */
export async function bindOtherTeamsAction(auth0: LocalAuth0): Promise<string> {
  const id = await deployAction(auth0, { name: 'Consent of the legal team' })
  await bindOnly(auth0, id)
  return id
}

/** Binds only these Actions: others lose their binding. */
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
