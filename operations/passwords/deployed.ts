import { z } from 'zod'
import {
  type PasswordSetting,
  passwordSecret,
  type Settings,
} from '../../actions/backendless-login/settings.ts'
import { settingsIn } from '../../provisioning/deployed-settings.ts'
import type { ManagementApi } from '../management.ts'
import { Problem } from '../problem.ts'
import type { StackReading } from '../stack.ts'

const PAGE = 50
/** Pulumi compares what it deployed with what it is to deploy, and does not see which version the dashboard restored. */
const TO_DO =
  "If the configuration is what you want, run `npx pulumi up`; if somebody restored an older version of the Action in Auth0's dashboard, which Pulumi does not see, deploy the last one there again."

const actionSchema = z.object({
  deployed_version: z
    .object({
      id: z.string(),
      code: z.string(),
      deployed: z.boolean().optional(),
      secrets: z.array(z.object({ name: z.string() })).default([]),
    })
    .optional(),
})
const bindingsSchema = z.object({
  bindings: z.array(z.object({ action: z.object({ id: z.string() }) })),
})

/**
 * Makes sure that the version of the Action which runs at sign-ins would let in everybody who is moved: it knows the
 * stack's passwords, as the names of its secrets tell, and tries them in the same order and form, as its settings tell.
 * Gives that version's id.
 * @throws Problem where it does not, or does not run.
 */
export async function checkDeployed(api: Pick<ManagementApi, 'get'>, stack: StackReading): Promise<string> {
  const { actionId } = stack
  const version = parse(
    actionSchema,
    await api.get(`/actions/actions/${encodeURIComponent(actionId)}`),
  ).deployed_version
  if (!version) throw new Problem('The Action has no deployed version. Run `npx pulumi up` first.')
  if (version.deployed === false) {
    throw new Problem('The Action is being deployed at this moment. Try again in a minute.')
  }
  const names = new Set(version.secrets.map(({ name }) => name))
  const unknown = stack.passwords.map(({ id }) => id).filter((id) => !names.has(passwordSecret(id)))
  if (unknown.length > 0) {
    throw new Problem(
      `The deployed version of the Action does not know ${unknown.length === 1 ? 'password' : 'the passwords'} ${unknown.join(', ')}: a user moved there could not sign in. ${TO_DO}`,
    )
  }
  const deployed = settingsIn(version.code)
  if (deployed.kind === 'unreadable') {
    throw new Problem(
      `The settings of the Action's deployed version cannot be read: ${deployed.why}. Which passwords it tries is not known, so nothing was done. ${TO_DO}`,
    )
  }
  const differences = differencesOf(deployed.settings, stack)
  if (differences.length > 0) {
    throw new Problem(
      `The deployed version of the Action is not what the stack is configured to be: ${differences.join('; ')}. Users moved by the one could be locked out by the other, so nothing was done. ${TO_DO}`,
    )
  }
  if (!(await isBound(api, actionId))) {
    throw new Problem(
      'The Action is not bound to the trigger post-login, so sign-ins do not run it. Run `npx pulumi up`, or bind it again.',
    )
  }
  return version.id
}

function differencesOf(deployed: Settings, stack: StackReading): string[] {
  return [
    ['passwords', listOf(deployed.passwords), listOf(stack.passwords)] as const,
    ...(['identity', 'identityColumn', 'serverUrl'] as const).map(
      (key) => [key, deployed[key], stack[key]] as const,
    ),
  ]
    .filter(([, there, here]) => there !== here)
    .map(([key, there, here]) => `${key}: deployed ${there}, configured ${here}`)
}

function listOf(passwords: readonly PasswordSetting[]): string {
  return passwords.map(({ id, perUser }) => `${id} (${perUser ? 'per user' : 'shared'})`).join(', ') || 'none'
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
