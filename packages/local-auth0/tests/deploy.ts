// Creates, deploys and binds Actions through the Management API, as the provider does.
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { LocalAuth0 } from '../src/index.ts'
import { call } from './call.ts'

export const postLogin = [{ id: 'post-login', version: 'v3' }]
export const bindings = '/actions/triggers/post-login/bindings'

let lastName = 0
const secondsOfPatience = 3

export interface ActionBody {
  readonly name?: string
  readonly code?: string
  readonly secrets?: readonly { name: string; value: string }[]
  readonly dependencies?: readonly { name: string; version: string }[]
  readonly [field: string]: unknown
}

/** Returns a name that is unique in this run. */
export function freshName(): string {
  lastName += 1
  return `Action ${lastName}`
}

export async function create(auth0: LocalAuth0, body: ActionBody = {}): Promise<string> {
  const { status, body: action } = await call(auth0, 'POST /actions/actions', {
    name: freshName(),
    supported_triggers: postLogin,
    code: 'exports.onExecutePostLogin = async () => {}',
    runtime: 'node22',
    ...body,
  })
  assert.equal(status, 201, JSON.stringify(action))
  return action.id
}

/** Polls until the Action has this status, and returns every status that was seen. */
export async function untilStatus(auth0: LocalAuth0, id: string, status: string): Promise<string[]> {
  const seen: string[] = []
  for (const end = Date.now() + secondsOfPatience * 1000; Date.now() < end; await pause(1)) {
    const now = auth0.actions().find((action) => action.id === id)?.status ?? 'gone'
    if (seen.at(-1) !== now) seen.push(now)
    if (now === status) return seen
  }
  throw new Error(`never ${status}, only ${seen.join(', ')}`)
}

/** Deploys the draft once it is built, waits until it runs, and returns the version's id. */
export async function deploy(auth0: LocalAuth0, id: string): Promise<string> {
  await untilStatus(auth0, id, 'built')
  const { status, body } = await call(auth0, `POST /actions/actions/${id}/deploy`)
  assert.equal(status, 200, JSON.stringify(body))
  await untilLive(auth0, id, body.id)
  return body.id
}

export async function untilLive(auth0: LocalAuth0, id: string, versionId: string): Promise<void> {
  for (const end = Date.now() + secondsOfPatience * 1000; Date.now() < end; await pause(1)) {
    if (auth0.actions().find((action) => action.id === id)?.deployed?.id === versionId) return
  }
  throw new Error('never deployed')
}

export async function bind(auth0: LocalAuth0, ...ids: string[]) {
  return call(auth0, `PATCH ${bindings}`, {
    bindings: ids.map((value) => ({ display_name: 'Bound', ref: { type: 'action_id', value } })),
  })
}

/** Deploys these Actions, each given by its code or its whole body, and binds only them, in this order. */
export async function run(auth0: LocalAuth0, ...actions: (string | ActionBody)[]): Promise<string[]> {
  const ids: string[] = []
  for (const action of actions)
    ids.push(await create(auth0, typeof action === 'string' ? { code: action } : action))
  await Promise.all(ids.map((id) => deploy(auth0, id)))
  const { status, body } = await bind(auth0, ...ids)
  assert.equal(status, 200, JSON.stringify(body))
  return ids
}

/** Returns the code of an Action whose handler has this body. */
export function handler(body: string, topLevel = ''): string {
  return `${topLevel}\nexports.onExecutePostLogin = async (event, api) => {\n${body}\n}`
}
