// What Auth0's Management API tells of the tenant, read once.
import { z } from 'zod'
import type { ManagementApi } from '../management.ts'
import { Problem } from '../problem.ts'

const PAGE = 50

export type Reader = Pick<ManagementApi, 'get' | 'scopes'>

const bindingsSchema = z.object({
  bindings: z.array(z.object({ action: z.object({ id: z.string(), name: z.string() }) })),
})
const namesSchema = z.object({ actions: z.array(z.object({ id: z.string(), name: z.string() })) })
const actionSchema = z.object({
  deployed_version: z
    .object({
      code: z.string().default(''),
      deployed: z.boolean().optional(),
      runtime: z.string().optional(),
      dependencies: z.array(z.object({ name: z.string(), version: z.string() })).default([]),
      secrets: z.array(z.object({ name: z.string() })).default([]),
    })
    .optional(),
})

export type Version = NonNullable<z.infer<typeof actionSchema>['deployed_version']>

/** An Action that is bound to post-login, with the code that runs. */
export interface Bound {
  readonly id: string
  readonly name: string
  readonly code: string
}

/** In the order in which they run. @throws Problem */
export async function boundActions(api: Reader): Promise<readonly Bound[]> {
  const bound: Bound[] = []
  for (let page = 0; ; page += 1) {
    const path = `/actions/triggers/post-login/bindings?page=${page}&per_page=${PAGE}`
    const { bindings } = parse(bindingsSchema, await api.get(path))
    for (const { action } of bindings) {
      const version = await deployedVersion(api, action.id)
      bound.push({ ...action, code: version?.code ?? '' })
    }
    if (bindings.length < PAGE) return bound
  }
}

/** The version that runs at sign-ins. @throws Problem, also where there is no such Action. */
export async function deployedVersion(api: Reader, actionId: string): Promise<Version | undefined> {
  return parse(actionSchema, await api.get(`/actions/actions/${encodeURIComponent(actionId)}`))
    .deployed_version
}

/** The id of the Action of this name. @throws Problem */
export async function actionNamed(api: Reader, name: string): Promise<string | undefined> {
  for (let page = 0; ; page += 1) {
    // Whether Auth0 compares the whole name is not documented, so it is compared here.
    const query = `actionName=${encodeURIComponent(name)}&page=${page}&per_page=${PAGE}`
    const { actions } = parse(namesSchema, await api.get(`/actions/actions?${query}`))
    const found = actions.find((action) => action.name === name)
    if (found) return found.id
    if (actions.length < PAGE) return undefined
  }
}

function parse<T>(schema: z.ZodType<T>, answer: unknown): T {
  const { success, data } = schema.safeParse(answer)
  if (!success) throw new Problem('Auth0 answered something that this command cannot read.')
  return data
}
