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
      created_at: z.string().optional(),
      built_at: z.string().optional(),
      updated_at: z.string().optional(),
    })
    .optional(),
})
const bindingsSchema = z.object({
  bindings: z.array(z.object({ action: z.object({ id: z.string() }) })),
})

/** The version of the Action that runs at sign-ins. */
export interface DeployedVersion {
  readonly id: string
  /** How long it has been deployed, in milliseconds of Auth0's clock; `undefined` if Auth0 does not say when. */
  readonly ageMs: number | undefined
}

/**
 * Makes sure that the version of the Action which runs at sign-ins would let in everybody who is moved: it knows the
 * stack's passwords, as the names of its secrets tell, and tries them in the same order and form, as its settings tell.
 * @throws ManagementProblem if Auth0 does not answer as asked.
 * @throws Problem if the version differs from the stack, or does not run.
 */
export async function checkDeployed(
  api: Pick<ManagementApi, 'get' | 'answeredAt'>,
  stack: StackReading,
): Promise<DeployedVersion> {
  const { actionId } = stack
  const version = parse(
    actionSchema,
    await api.get(`/actions/actions/${encodeURIComponent(actionId)}`),
  ).deployed_version
  const { answeredAt } = api
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
      `The settings of the Action's deployed version cannot be read: ${deployed.why}. So it is not known which passwords it tries. ${TO_DO}`,
    )
  }
  const differences = differencesOf(deployed.settings, stack)
  if (differences.length > 0) {
    throw new Problem(
      `The deployed version of the Action is not what the stack is configured to be: ${differences.join('; ')}. A user moved by the one could be locked out by the other. ${TO_DO}`,
    )
  }
  if (!(await isBound(api, actionId))) {
    throw new Problem(
      'The Action is not bound to the trigger post-login, so sign-ins do not run it. Run `npx pulumi up --refresh`, or bind it again in the dashboard.',
    )
  }
  // It runs from the latest of these times on: a deployment takes a moment.
  const times = [version.created_at, version.built_at, version.updated_at]
  const since = Math.max(...times.map((time) => Date.parse(time ?? '')).filter((time) => !Number.isNaN(time)))
  const known = answeredAt !== undefined && Number.isFinite(since)
  return { id: version.id, ageMs: known ? answeredAt - since : undefined }
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
    if (bindings.length === 0) return false
  }
}

function parse<T>(schema: z.ZodType<T>, answer: unknown): T {
  const { success, data } = schema.safeParse(answer)
  if (!success) throw new Problem('Auth0 answered something that this command cannot read.')
  return data
}
