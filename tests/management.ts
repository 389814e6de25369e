// The Management API as the tests' other clients use it: the dashboard, and other teams' programs.
import assert from 'node:assert/strict'
import { request } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import type { LocalAuth0 } from '../local/auth0/index.ts'

/** An Action that does nothing, created and deployed; not bound. Gives its id. */
export async function deployAction(
  auth0: LocalAuth0,
  { name, secrets }: { name: string; secrets?: readonly { name: string; value: string }[] },
): Promise<string> {
  const id = await call(auth0, 'POST', '/actions/actions', {
    name,
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    runtime: 'node22',
    code: 'exports.onExecutePostLogin = async () => {}',
    ...(secrets ? { secrets } : {}),
  })
  const action = () => auth0.actions().find((each) => each.id === id)
  await until(() => action()?.status === 'built')
  await call(auth0, 'POST', `/actions/actions/${id}/deploy`)
  await until(() => action()?.deployed !== undefined)
  return id
}

export async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 3_000; !holds(); await pause(5)) assert.ok(Date.now() < end, 'waited in vain')
}

/** Gives the id of what is answered. */
export function call(auth0: LocalAuth0, method: string, path: string, body?: unknown): Promise<string> {
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
