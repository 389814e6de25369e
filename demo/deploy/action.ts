// Creates or updates an Action and its binding, with the calls of the Auth0 provider in its order.
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { ManagementApi } from './management-api.ts'

const POLL_MS = 15
/** Time limit for a build, and for a deployment, in milliseconds. */
const TIMEOUT_MS = 60_000
const BINDINGS = '/actions/triggers/post-login/bindings'
const PER_PAGE = 50

/** Strict: an unknown input is an error, not ignored. */
export const actionInputs = z.strictObject({
  name: z.string(),
  runtime: z.string(),
  deploy: z.literal(true),
  supportedTriggers: z.strictObject({ id: z.literal('post-login'), version: z.string() }),
  code: z.string(),
  dependencies: z.array(z.strictObject({ name: z.string(), version: z.string() })),
  secrets: z.array(z.strictObject({ name: z.string(), value: z.string() })),
})
const bindingInputs = z.strictObject({
  trigger: z.literal('post-login'),
  actionId: z.string(),
  displayName: z.string(),
})

const identified = z.object({ id: z.string() })
const actionState = z.object({
  status: z.string(),
  deployed_version: z.object({ id: z.string(), deployed: z.boolean() }).optional(),
})
const bindingPage = z.object({
  bindings: z.array(z.object({ display_name: z.string(), action: z.object({ id: z.string() }) })),
})

/**
 * Creates the Action, or updates the one with this id, and returns when it runs. `onCreated` gets the id before the build,
 * because the Action exists even if the build fails.
 */
export async function applyAction(
  api: ManagementApi,
  inputs: z.infer<typeof actionInputs>,
  existingId: string | undefined,
  onCreated: (id: string) => void,
): Promise<{ id: string; versionId: string }> {
  const { supportedTriggers, deploy: _, ...fields } = inputs
  const body = { ...fields, supported_triggers: [supportedTriggers] }
  const path = existingId === undefined ? '/actions/actions' : `/actions/actions/${existingId}`
  const answer = await api.call(existingId === undefined ? 'POST' : 'PATCH', path, body)
  const { id } = identified.parse(answer)
  onCreated(id)
  await until(`build ${fields.name}`, async () => {
    const { status } = await read(api, id)
    if (status === 'failed') {
      throw new Error(
        `Auth0 could not build the Action ${fields.name}: its code or a dependency is not usable.`,
      )
    }
    return status === 'built'
  })
  const { id: versionId } = identified.parse(await api.call('POST', `/actions/actions/${id}/deploy`))
  await until(`deploy ${fields.name}`, async () => {
    const { deployed_version: version } = await read(api, id)
    return version?.id === versionId && version.deployed
  })
  return { id, versionId }
}

/** Binds the Action at the end of its trigger, unless it is bound already. Returns the provider's id of the binding. */
export async function bindAction(api: ManagementApi, inputs: unknown): Promise<string> {
  const { trigger, actionId, displayName } = bindingInputs.parse(inputs)
  const bound = (await allBindings(api)).map(({ action, display_name }) => ({ id: action.id, display_name }))
  const others = bound.map((one) => (one.id === actionId ? { ...one, display_name: displayName } : one))
  const wanted = bound.some(({ id }) => id === actionId)
    ? others
    : [...others, { id: actionId, display_name: displayName }]
  await api.call('PATCH', BINDINGS, {
    bindings: wanted.map(({ id, display_name }) => ({ display_name, ref: { type: 'action_id', value: id } })),
  })
  return `${trigger}::${actionId}`
}

/** Reads all pages, because a binding that is missing when the list is written back is removed. Only page 0 has `total`. */
async function allBindings(api: ManagementApi): Promise<z.infer<typeof bindingPage>['bindings']> {
  const all = []
  for (let page = 0; ; page += 1) {
    const answer = await api.call('GET', `${BINDINGS}?page=${page}&per_page=${PER_PAGE}`)
    const { bindings } = bindingPage.parse(answer)
    all.push(...bindings)
    if (bindings.length < PER_PAGE) return all
  }
}

async function read(api: ManagementApi, id: string): Promise<z.infer<typeof actionState>> {
  return actionState.parse(await api.call('GET', `/actions/actions/${id}`))
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; await pause(POLL_MS)) {
    if (await isSo()) return
  }
  throw new Error(`Auth0 did not ${what} within ${TIMEOUT_MS / 1000} seconds.`)
}
