// Reads tenant.yaml: the connections, applications, APIs and users of the tenant.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'

/** The example tenant of this package. */
export const DEFAULT_TENANT_FILE = fileURLToPath(new URL('../tenant.yaml', import.meta.url))

const webAddress = z.url({ protocol: /^https?$/ })
const metadata = z.record(z.string(), z.unknown())

const connection = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  strategy: z.string().min(1),
})

const application = z
  .strictObject({
    client_id: z.string().min(1),
    name: z.string().min(1),
    app_type: z.enum(['spa', 'native', 'regular_web']),
    /** Required for an application with a server, and not allowed for any other. */
    client_secret: z.string().min(1).optional(),
    callbacks: z.array(webAddress).min(1),
    allowed_logout_urls: z.array(webAddress).default([]),
    web_origins: z.array(webAddress).default([]),
    client_metadata: z.record(z.string(), z.string()).default({}),
    /** `rotating`: each refresh issues a new refresh token. Default: `rotating` for an application without a secret. */
    refresh_token: z.enum(['rotating', 'non-rotating']).optional(),
  })
  .refine(({ app_type, client_secret }) => (app_type === 'regular_web') === (client_secret !== undefined), {
    message: 'a regular_web application needs a client_secret, and no other application may have one',
  })

const api = z.strictObject({ identifier: webAddress, scopes: z.array(z.string().min(1)).default([]) })

const identity = z.looseObject({
  connection: z.string(),
  provider: z.string(),
  user_id: z.string(),
  isSocial: z.boolean().default(false),
})

const user = z.looseObject({
  user_id: z.string().regex(/^[^|]+\|.+$/, 'is <strategy>|<id>, such as auth0|ada'),
  connection: z.string(),
  email: z.email().optional(),
  email_verified: z.boolean().default(false),
  username: z.string().optional(),
  name: z.string().optional(),
  password: z.string().min(1).optional(),
  blocked: z.boolean().default(false),
  logins_count: z.int().min(0).default(0),
  created_at: z.iso.datetime().default('2025-03-01T09:15:00.000Z'),
  app_metadata: metadata.default({}),
  user_metadata: metadata.default({}),
  /** The linked accounts, the primary one first. Default: the one of `connection`. */
  identities: z.array(identity).min(1).optional(),
})

const tenant = z
  .strictObject({
    connections: z.array(connection).min(1),
    applications: z.array(application).min(1),
    apis: z.array(api).default([]),
    users: z.array(user).default([]),
  })
  .superRefine(({ connections, applications, users }, context) => {
    const say = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    const unique = (list: string, key: string, values: readonly string[]) =>
      values.forEach((value, index) => {
        if (values.indexOf(value) !== index) say([list, index, key], `${value} stands here twice`)
      })
    unique(
      'connections',
      'name',
      connections.map(({ name }) => name),
    )
    unique(
      'applications',
      'client_id',
      applications.map(({ client_id }) => client_id),
    )
    unique(
      'users',
      'user_id',
      users.map(({ user_id }) => user_id),
    )
    users.forEach((each, index) => {
      if (!connections.some(({ name }) => name === each.connection)) {
        say(['users', index, 'connection'], `there is no connection ${each.connection}`)
      }
    })
  })

export type Connection = z.infer<typeof connection>
export type Application = z.infer<typeof application>
export type Api = z.infer<typeof api>
export type UserEntry = z.infer<typeof user>
export type TenantFile = z.infer<typeof tenant>

/** The file does not describe a tenant. The message says what is wrong and where. */
export class TenantFileError extends Error {
  override readonly name = 'TenantFileError'
}

/** Reads a YAML or JSON file. @throws TenantFileError */
export async function readTenantFile(file: string): Promise<TenantFile> {
  const problem = (what: string) => new TenantFileError(`${file}: ${what}`)
  let content: unknown
  try {
    content = parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw problem(error instanceof Error ? error.message : 'cannot be read')
  }
  const result = tenant.safeParse(content)
  if (result.success) return result.data
  const issues = result.error.issues.map(
    ({ path, message }) => `\n  ${path.join('.') || 'the file'}: ${message}`,
  )
  throw problem(`is not as a tenant has to be:${issues.join('')}`)
}
