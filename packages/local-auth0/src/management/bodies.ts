// What the Management API accepts in request bodies, with the limits of Auth0 (docs: limitations, entity-limit-policy).
import { z } from 'zod'
import { ApiError } from './errors.ts'

const maxCodeBytes = 100_000
const maxDependencies = 10
const maxSecrets = 30
const maxValueCharacters = 4096

const triggers = [
  'post-login',
  'credentials-exchange',
  'pre-user-registration',
  'post-user-registration',
  'post-change-password',
  'send-phone-message',
] as const
const runtimes = ['node12', 'node16', 'node18', 'node18-actions', 'node22'] as const

const secretName = z.string().refine((name) => name.length >= 1 && name.length <= 128, {
  message: 'invalid NameValueOptional.Name: value length must be between 1 and 128 runes',
})
const secret = z.strictObject({ name: secretName, value: z.string().max(maxValueCharacters).optional() })
const trigger = z.strictObject({ id: z.enum(triggers), version: z.string().optional() })

const actionFields = {
  name: z.string().trim().min(1).max(128),
  supported_triggers: z.array(trigger).length(1),
  code: z
    .string()
    .refine((code) => Buffer.byteLength(code) <= maxCodeBytes, 'the code must not exceed 100 kB'),
  dependencies: z
    .array(z.strictObject({ name: z.string().min(1), version: z.string().min(1) }))
    .max(maxDependencies),
  runtime: z.enum(runtimes),
  secrets: z
    .array(secret)
    .max(maxSecrets)
    .refine(
      (secrets) => new Set(secrets.map(({ name }) => name)).size === secrets.length,
      'secret names must differ',
    ),
}

const actionPatch = z.strictObject(actionFields).partial()
const actionCreation = actionPatch.required({ name: true, supported_triggers: true })
const bindingsBody = z.strictObject({
  bindings: z.array(
    z.strictObject({
      display_name: z.string().min(1).optional(),
      ref: z.strictObject({ type: z.enum(['action_id', 'action_name']), value: z.string() }),
    }),
  ),
})

export type ActionPatch = z.infer<typeof actionPatch>
export type ActionCreation = z.infer<typeof actionCreation>
export type BindingRequest = z.infer<typeof bindingsBody>['bindings'][number]

/** Each throws a 400 that says where the body is wrong. */
export const parseActionCreation = (body: unknown): ActionCreation => parse(actionCreation, body)
export const parseActionPatch = (body: unknown): ActionPatch => parse(actionPatch, body)
export const parseBindings = (body: unknown): BindingRequest[] => parse(bindingsBody, body).bindings

/** Throws a 404 for a trigger that does not exist. */
export function checkTrigger(id: string): void {
  if (!triggers.some((known) => known === id)) throw new ApiError(404, `The trigger ${id} does not exist.`)
}

function parse<Shape>(schema: z.ZodType<Shape>, body: unknown): Shape {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  throw new ApiError(400, `Payload validation error: ${problems.join('; ')}`, 'invalid_body')
}
