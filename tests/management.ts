// Calls of the Management API by other clients than the program: the dashboard, and other teams' programs.
import assert from 'node:assert/strict'
import { request } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import type { LocalAuth0 } from '@backendless-login/local-auth0'

export interface DeployedAction {
  readonly name: string
  readonly code?: string
  /** Default: node22. */
  readonly runtime?: string
  readonly dependencies?: readonly { readonly name: string; readonly version: string }[]
  readonly secrets?: readonly { readonly name: string; readonly value: string }[]
}

/** Creates and deploys an Action, without binding it. Returns its id. Default: its code does nothing. */
export async function deployAction(auth0: LocalAuth0, action: DeployedAction): Promise<string> {
  const id = await call(auth0, 'POST', '/actions/actions', {
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    runtime: 'node22',
    code: 'exports.onExecutePostLogin = async () => {}',
    ...action,
  })
  await deployDraft(auth0, id)
  return id
}

/** Saves a draft of an Action, and deploys it as a new version. */
export async function deployAgain(
  auth0: LocalAuth0,
  id: string,
  changes: Partial<DeployedAction> = {},
): Promise<void> {
  await call(auth0, 'PATCH', `/actions/actions/${id}`, changes)
  await deployDraft(auth0, id)
}

/** Deploys the content of an older version, as the dashboard's version history does. The draft does not change. */
export async function restoreVersion(auth0: LocalAuth0, id: string, versionId: string): Promise<void> {
  await deployed(auth0, id, `/actions/actions/${id}/versions/${versionId}/deploy`)
}

async function deployDraft(auth0: LocalAuth0, id: string): Promise<void> {
  await until(() => auth0.actions().some((each) => each.id === id && each.status === 'built'))
  await deployed(auth0, id, `/actions/actions/${id}/deploy`)
}

async function deployed(auth0: LocalAuth0, id: string, path: string): Promise<void> {
  const number = () => auth0.actions().find((each) => each.id === id)?.deployed?.number
  const before = number()
  await call(auth0, 'POST', path)
  await until(() => number() !== before)
}

export async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !holds(); await pause(5))
    assert.ok(Date.now() < end, 'waited in vain')
}

/** Returns the id in an answer. */
export function call(auth0: LocalAuth0, method: string, path: string, body?: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${auth0.apiToken}`, 'content-type': 'application/json' }
    const url = `https://${auth0.domain}/api/v2${path}`
    const outgoing = request(url, { method, headers, ca: auth0.certificate }, async (incoming) => {
      let text = ''
      for await (const chunk of incoming) text += String(chunk)
      const { statusCode = 0 } = incoming
      if (statusCode >= 300) return reject(new Error(`${method} ${path} answered ${statusCode}: ${text}`))
      const answer: { id?: unknown } = text === '' ? {} : JSON.parse(text)
      resolve(String(answer.id))
    })
    outgoing.on('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
