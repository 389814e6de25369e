// The fields that are read from Auth0's answers. Those that a Marketplace Action or a new one may lack are optional.
import { z } from 'zod'

const versionSchema = z.object({
  id: z.string(),
  /** Missing for a Marketplace Action. */
  number: z.number().optional(),
  code: z.string().default(''),
  /** False while Auth0 is deploying the version. */
  deployed: z.boolean().optional(),
  runtime: z.string().optional(),
  dependencies: z.array(z.object({ name: z.string(), version: z.string() })).default([]),
  secrets: z.array(z.object({ name: z.string() })).default([]),
  created_at: z.string().optional(),
  built_at: z.string().optional(),
  updated_at: z.string().optional(),
})
export type Version = z.infer<typeof versionSchema>

export const actionSchema = z.object({ deployed_version: versionSchema.nullish() })
export const versionsSchema = z.object({ versions: z.array(versionSchema) })
export const actionNamesSchema = z.object({
  actions: z.array(z.object({ id: z.string(), name: z.string() })),
})
export const bindingsSchema = z.object({
  bindings: z.array(
    z.object({
      display_name: z.string().nullish(),
      action: z.object({ id: z.string(), name: z.string().optional() }),
    }),
  ),
})

/** An entry of the tenant's log, with every field that Auth0 gave. */
const logEntrySchema = z.looseObject({
  log_id: z.string(),
  /** ISO 8601. */
  date: z.string(),
  /** For instance `s` for a successful login; the list is at auth0.com/docs, "Log Event Type Codes". */
  type: z.string(),
  description: z.string().nullish(),
  client_id: z.string().nullish(),
})
export type LogEntry = z.infer<typeof logEntrySchema>
export const logSchema = z.array(logEntrySchema)

const userSchema = z.looseObject({
  user_id: z.string(),
  app_metadata: z.record(z.string(), z.unknown()).nullish(),
})
export type TenantUser = z.infer<typeof userSchema>
export const usersSchema = z.object({ total: z.number(), users: z.array(userSchema) })
