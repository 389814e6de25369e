import { z } from 'zod'
import { passwordSecret } from '../../actions/backendless-login/settings.ts'
import type { ManagementApi } from '../management.ts'
import { Problem } from '../problem.ts'

const PAGE = 50

const actionSchema = z.object({
  deployed_version: z
    .object({
      deployed: z.boolean().optional(),
      secrets: z.array(z.object({ name: z.string() })).default([]),
    })
    .optional(),
})
const bindingsSchema = z.object({
  bindings: z.array(z.object({ action: z.object({ id: z.string() }) })),
})

/**
 * Makes sure that the version of the Action which runs at sign-ins knows these passwords: a user who is moved to one that
 * it does not know could not sign in. The names of its secrets tell.
 * @throws Problem where it does not, or does not run.
 */
export async function checkDeployed(
  api: Pick<ManagementApi, 'get'>,
  actionId: string,
  passwordIds: readonly string[],
): Promise<void> {
  const version = parse(
    actionSchema,
    await api.get(`/actions/actions/${encodeURIComponent(actionId)}`),
  ).deployed_version
  if (!version) throw new Problem('The Action has no deployed version. Run `npx pulumi up` first.')
  if (version.deployed === false) {
    throw new Problem('The Action is being deployed at this moment. Try again in a minute.')
  }
  const names = new Set(version.secrets.map(({ name }) => name))
  const unknown = passwordIds.filter((id) => !names.has(passwordSecret(id)))
  if (unknown.length > 0) {
    throw new Problem(
      `The deployed version of the Action does not know ${unknown.length === 1 ? 'password' : 'the passwords'} ${unknown.join(', ')}: a user moved there could not sign in. Run \`npx pulumi up\` first.`,
    )
  }
  if (!(await isBound(api, actionId))) {
    throw new Problem(
      'The Action is not bound to the trigger post-login, so sign-ins do not run it. Run `npx pulumi up`, or bind it again.',
    )
  }
}

async function isBound(api: Pick<ManagementApi, 'get'>, actionId: string): Promise<boolean> {
  for (let page = 0; ; page += 1) {
    const answer = await api.get(`/actions/triggers/post-login/bindings?page=${page}&per_page=${PAGE}`)
    const { bindings } = parse(bindingsSchema, answer)
    if (bindings.some(({ action }) => action.id === actionId)) return true
    if (bindings.length < PAGE) return false
  }
}

function parse<T>(schema: z.ZodType<T>, answer: unknown): T {
  const { success, data } = schema.safeParse(answer)
  if (!success)
    throw new Problem('Auth0 answered something that this command cannot read. Nothing was changed.')
  return data
}
