// The request bodies that the Management API accepts, with Auth0's limits (docs: limitations, entity-limit-policy).
import { z } from 'zod'
import { ApiError } from './errors.ts'
import { TRIGGER_IDS } from './triggers.ts'

const MAX_CODE_BYTES = 100_000
const MAX_DEPENDENCIES = 10
const MAX_SECRETS = 30
const MAX_VALUE_CHARACTERS = 4096
const RUNTIMES = ['node12', 'node16', 'node18', 'node18-actions', 'node22'] as const

const secretName = z.string().refine((name) => name.length >= 1 && name.length <= 128, {
  message: 'invalid NameValueOptional.Name: value length must be between 1 and 128 runes',
})
const secret = z.strictObject({
  name: secretName,
  value: z.string().max(MAX_VALUE_CHARACTERS).optional(),
  /** Accepted because clients send back what they read, but ignored: Auth0 sets its own time. */
  updated_at: z.string().optional(),
})
const secrets = z
  .array(secret)
  .max(MAX_SECRETS)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'secret names must differ')
const trigger = z.strictObject({ id: z.enum(TRIGGER_IDS), version: z.string().optional() })
const dependency = z.strictObject({
  name: z.string().min(1),
  version: z.string().min(1),
  registry_url: z.string().optional(),
})

const ACTION_FIELDS = {
  name: z.string().trim().min(1).max(128),
  supported_triggers: z.array(trigger).length(1),
  code: z
    .string()
    .refine((code) => Buffer.byteLength(code) <= MAX_CODE_BYTES, 'the code must not exceed 100 kB'),
  dependencies: z.array(dependency).max(MAX_DEPENDENCIES),
  runtime: z.enum(RUNTIMES),
  secrets,
  modules: z.array(z.unknown()).max(0, 'the tenant has no such Action module'),
  /** Deploys as soon as the draft is built. */
  deploy: z.boolean(),
}

const actionPatch = z.strictObject(ACTION_FIELDS).partial()
const actionCreation = actionPatch.required({ name: true, supported_triggers: true })
const bindingsBody = z.strictObject({
  bindings: z.array(
    z.strictObject({
      display_name: z.string().optional(),
      ref: z.strictObject({ type: z.enum(['action_id', 'action_name', 'binding_id']), value: z.string() }),
      /** Accepted and ignored: it is not documented what Auth0 does with them. */
      secrets: secrets.optional(),
    }),
  ),
})

export type ActionPatch = z.infer<typeof actionPatch>
export type ActionCreation = z.infer<typeof actionCreation>
export type BindingRequest = z.infer<typeof bindingsBody>['bindings'][number]

/** @throws ApiError 400 that says where the body is wrong. */
export const parseActionCreation = (body: unknown): ActionCreation => parse(actionCreation, body)
export const parseActionPatch = (body: unknown): ActionPatch => parse(actionPatch, body)
export const parseBindings = (body: unknown): BindingRequest[] => parse(bindingsBody, body).bindings

function parse<Shape>(schema: z.ZodType<Shape>, body: unknown): Shape {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  throw new ApiError(400, `Payload validation error: ${problems.join('; ')}`, 'invalid_body')
}
