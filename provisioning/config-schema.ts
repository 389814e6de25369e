import { z } from 'zod'
import { isSystemColumn } from '../actions/backendless-login/profile.ts'
import { claimProblem } from './claim.ts'
import { serverUrlProblem } from './server-url.ts'

/** Messages say what is wrong without the value: it may be a secret. The key and an example are added by `config`. */
const text = (shape: string) =>
  z.string(`must be ${shape}`).regex(/^[^\p{Cc}\p{Cs}]*$/u, {
    error: 'must not have control characters, nor halves of characters',
    abort: true,
  })
const distinct = (items: readonly string[]) => new Set(items).size === items.length
const choice = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, `must be one of ${values.join(', ')}`)

const column = text('the name of a column')
  .regex(/^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be the name of a column: letters, digits and _')
  .refine(
    (name) => !isSystemColumn(name),
    'must not be a column that Backendless keeps itself, or the password',
  )

/** Each older password costs a failed login, and lock-out counts those. */
const MOST_IN_USE = 3
/** Nobody types it, so there is no reason for a shorter one. */
export const SHORTEST_PASSWORD = 16

const password = z.strictObject(
  {
    id: text('a string in quotation marks').regex(/^[a-z0-9-]{1,20}$/, 'must be 1 to 20 of a-z, 0-9 and -'),
    // The Action takes no other for a password, and would call itself misconfigured.
    value: z
      .string('must be a string')
      .refine((value) => value.trim() !== '', 'must not be empty')
      .refine((value) => value.isWellFormed(), 'must not have halves of characters')
      .max(4096, 'must have 4,096 characters or less: Auth0 keeps no longer secret')
      .optional(),
    perUser: z.boolean('must be true or false').optional(),
    retired: z.boolean('must be true or false').optional(),
  },
  'must be an entry { id, value?, perUser?, retired? } and nothing else',
)

/** Every key of the configuration, as the values of `pulumi config` are given, with its default. */
export const configSchema = z.strictObject({
  appId: text('a string').regex(/^[A-Za-z0-9-]{8,64}$/, 'must be an application id: letters, digits and -'),
  apiKey: text('a string').regex(/^[A-Za-z0-9-]{8,128}$/, 'must be an API key: letters, digits and -'),
  serverUrl: text('a URL')
    .default('https://api.backendless.com')
    .superRefine((value, context) => {
      const problem = serverUrlProblem(value)
      if (problem) context.addIssue(problem)
    })
    .transform((value) => value.replace(/\/+$/, '')),
  clients: z
    .array(text('a client id').trim().min(1, 'must not be empty'), 'must be a list of client ids')
    .min(1, 'must name at least one client id: without one, nobody gets a token')
    .refine(distinct, 'must not name a client id twice')
    .refine(
      (ids) => ids.length === 1 || !ids.includes('*'),
      'must not name client ids beside *, which is all of them',
    ),
  connections: z
    .array(
      text('the name of a connection').trim().min(1, 'must not be empty'),
      'must be a list of connection names',
    )
    .refine(distinct, 'must not name a connection twice')
    .refine((names) => !names.includes('*'), 'must not name *: leave the list empty for every connection')
    .default([]),
  trustedConnections: z
    .array(
      text('the name of a connection').trim().min(1, 'must not be empty'),
      'must be a list of connection names',
    )
    .refine(distinct, 'must not name a connection twice')
    .refine((names) => !names.includes('*'), 'must not name *: name each connection that you trust')
    .default([]),
  passwords: z
    .array(password, 'must be a list of entries')
    .min(1, 'must have an entry: without one, nobody can sign in')
    .refine(
      (entries) => distinct(entries.map(({ id }) => id)),
      'must not have an id twice: give a new password a new id',
    )
    .refine(
      (entries) => entries.filter(({ retired }) => !retired).length <= MOST_IN_USE,
      'must have three entries at most that are not retired: retire the oldest, once `npm run passwords` says that it can be',
    )
    .refine(
      ([first]) => !first?.retired,
      'must not begin with a retired entry: the first is the current one; put the one to use on top',
    )
    .default([{ id: '1' }]),
  identity: choice('email', 'user_id').default('email'),
  identityColumn: column.default('email'),
  unverified: choice('deny', 'skip', 'accept').default('deny'),
  onFailure: choice('deny', 'skip').default('deny'),
  skipRefresh: z.boolean('must be true or false').default(false),
  profile: z
    .record(
      column,
      text('the name of a user attribute').min(1, 'must not be empty'),
      'must map columns to user attributes',
    )
    .default({}),
  ownerColumn: text('the name of a column')
    .superRefine((name, context) => {
      const problem = name === '' ? undefined : column.safeParse(name).error?.issues[0]
      if (problem) context.addIssue(problem.message)
    })
    .default(''),
  syncProfile: z.boolean('must be true or false').default(false),
  memory: z.boolean('must be true or false').default(true),
  claim: text('a URL')
    .default('https://api.backendless.com/userToken')
    .superRefine((value, context) => {
      const problem = claimProblem(value)
      if (problem) context.addIssue(problem)
    }),
  budgetMs: z
    .int('must be a whole number of milliseconds')
    .min(1000, 'must be 1000 or more')
    .max(15000, 'must be 15000 or less: Auth0 ends a trigger after 20 seconds')
    .default(8000),
  actionName: text('a string')
    .trim()
    .min(1, 'must not be empty')
    .max(100, 'must have 100 characters or less')
    .default('Backendless login'),
})

/** The configuration as it was checked, secrets in plain text. */
export type Config = z.output<typeof configSchema>
export type ConfigKey = keyof Config

/** A command that sets the key to something sensible. */
export const EXAMPLES: Readonly<Record<ConfigKey, string>> = {
  appId: 'pulumi config set appId 00000000-0000-0000-0000-000000000000',
  apiKey: 'pulumi config set --secret apiKey',
  serverUrl: 'pulumi config set serverUrl https://eu-api.backendless.com',
  clients: "pulumi config set --path 'clients[0]' <client id of your application>",
  connections: "pulumi config set --path 'connections[0]' Username-Password-Authentication",
  trustedConnections: "pulumi config set --path 'trustedConnections[0]' your-saml-connection",
  passwords: `passwords: [{ id: "1" }]   or, with a value:   pulumi config set --secret --path 'passwords[0].value'`,
  identity: 'pulumi config set identity email',
  identityColumn: 'pulumi config set identityColumn auth0Id',
  unverified: 'pulumi config set unverified deny',
  onFailure: 'pulumi config set onFailure deny',
  skipRefresh: 'pulumi config set skipRefresh false',
  profile: "pulumi config set --path 'profile.name' name",
  ownerColumn: 'pulumi config set ownerColumn auth0Owner',
  syncProfile: 'pulumi config set syncProfile true',
  memory: 'pulumi config set memory true',
  claim: 'pulumi config set claim https://api.backendless.com/userToken',
  budgetMs: 'pulumi config set budgetMs 8000',
  actionName: "pulumi config set actionName 'Backendless login'",
}
