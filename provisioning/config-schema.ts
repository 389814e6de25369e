// Every key of the configuration. One row holds a key's type, default, rules and example.
import { z } from 'zod'
import { isSystemColumn } from '../actions/backendless-login/profile.ts'
import { claimProblem } from './claim.ts'
import { boolean, choice, refusedItem, repeated, text } from './config-values.ts'
import { passwordExample, passwordsSchema } from './passwords-schema.ts'
import { serverUrlProblem } from './server-url.ts'

/** The application ids and client ids of the sample files. */
const SAMPLE_VALUE = /^(0{8}(-0{4}){3}-0{12}|1{8}(-1{4}){3}-1{12}|Your\w+ClientId)$/

/** Parameters of `npx pulumi config` that correct the value at `path`, such as `passwords[1].value`. */
type Example = (path: string) => string

const examples = z.registry<{ readonly example: Example }>()

function row<Schema extends z.ZodType>(schema: Schema, example: string | Example): Schema {
  examples.add(schema, { example: typeof example === 'string' ? () => example : example })
  return schema
}

/** Returns a command that corrects the value at `path`. */
export function exampleFor(key: ConfigKey, path: string = key): string {
  return `npx pulumi config ${examples.get(configSchema.shape[key])?.example(path) ?? `rm ${key}`}`
}

const isYours = (value: string) => !SAMPLE_VALUE.test(value)

const connectionNames = (key: string, asterisk: { message: string; params?: { example: string } }) =>
  z
    .array(
      text('the name of a connection').trim().min(1, 'must not be empty'),
      'must be a list of connection names',
    )
    .superRefine((names, context) => {
      const again = repeated(names)
      if (again >= 0) context.addIssue(refusedItem('must not name a connection twice', key, again))
    })
    .refine((names) => !names.includes('*'), asterisk)
    .default([])

const column = text('the name of a column')
  .regex(/^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be the name of a column: letters, digits and _')
  .refine(
    (name) => !isSystemColumn(name),
    'must not be a column that Backendless keeps itself, or the password',
  )

const inList = (first: string, value: string) => (path: string) =>
  `set --path '${path.includes('[') ? path : `${first}[0]`}' ${value}`

/** Every key of the configuration, in the order of the documentation. Parsing fills in the defaults. */
export const configSchema = z.strictObject({
  appId: row(
    text('a string')
      .regex(/^[A-Za-z0-9-]{8,64}$/, 'must be an application id: letters, digits and -')
      .refine(
        isYours,
        'is the placeholder of the sample file: replace it with the id of your Backendless application',
      ),
    'set appId <application id>',
  ),
  apiKey: row(
    text('a string').regex(/^[A-Za-z0-9-]{8,128}$/, 'must be an API key: letters, digits and -'),
    'set --secret apiKey',
  ),
  serverUrl: row(
    text('a URL')
      .default('https://api.backendless.com')
      .superRefine((value, context) => {
        const problem = serverUrlProblem(value)
        if (problem) context.addIssue(problem)
      })
      .transform((value) => value.replace(/\/+$/, '')),
    'set serverUrl https://eu-api.backendless.com',
  ),
  clients: row(
    z
      .array(
        text('a client id')
          .trim()
          .min(1, 'must not be empty')
          .refine(
            isYours,
            'is the placeholder of the sample file: replace it with the client id of your application in Auth0',
          ),
        'must be a list of client ids',
      )
      .min(1, 'must name at least one client id: without one, nobody gets a token')
      .superRefine((ids, context) => {
        const again = repeated(ids)
        if (again >= 0) context.addIssue(refusedItem('must not name a client id twice', 'clients', again))
        const all = ids.indexOf('*')
        if (all >= 0 && ids.some((id) => id !== '*')) {
          const message = 'must not name client ids beside *, which stands for all of them'
          context.addIssue(refusedItem(message, 'clients', all))
        }
      }),
    inList('clients', '<client id of your application>'),
  ),
  connections: row(
    connectionNames('connections', {
      message: 'must not name *: leave the list empty for every connection',
      params: { example: 'rm connections' },
    }),
    inList('connections', 'Username-Password-Authentication'),
  ),
  trustedConnections: row(
    connectionNames('trustedConnections', {
      message: 'must not name *: name each connection that you trust',
    }),
    inList('trustedConnections', '<name of the connection>'),
  ),
  passwords: row(passwordsSchema, passwordExample),
  identity: row(choice('email', 'user_id').default('email'), 'set identity email'),
  identityColumn: row(column.default('email'), 'set identityColumn auth0Id'),
  unverified: row(choice('deny', 'skip', 'accept').default('deny'), 'set unverified deny'),
  onFailure: row(choice('deny', 'skip').default('deny'), 'set onFailure deny'),
  skipRefresh: row(boolean().default(false), 'set skipRefresh true'),
  profile: row(
    z
      .record(
        column,
        text('the name of a user attribute').min(1, 'must not be empty'),
        'must map columns to user attributes',
      )
      .default({}),
    (path) => `set --path ${/^profile\.\w+$/.test(path) ? path : 'profile.name'} name`,
  ),
  ownerColumn: row(
    text('the name of a column')
      .superRefine((name, context) => {
        const problem = name === '' ? undefined : column.safeParse(name).error?.issues[0]
        if (problem) context.addIssue(problem.message)
      })
      .default(''),
    'set ownerColumn auth0Owner',
  ),
  syncProfile: row(boolean().default(false), 'set syncProfile true'),
  memory: row(boolean().default(true), 'set memory false'),
  claim: row(
    text('a URL')
      .default('https://api.backendless.com/userToken')
      .superRefine((value, context) => {
        const problem = claimProblem(value)
        if (problem) context.addIssue(problem)
      }),
    'set claim https://api.backendless.com/userToken',
  ),
  budgetMs: row(
    z
      .int('must be a whole number of milliseconds')
      .min(1000, 'must be 1000 or more')
      .max(15000, 'must be 15000 or less: Auth0 ends a trigger after 20 seconds')
      .default(8000),
    'set budgetMs 8000',
  ),
  actionName: row(
    text('a string')
      .trim()
      .min(1, 'must not be empty')
      .max(100, 'must have 100 characters or less')
      .default('Backendless login'),
    `set actionName 'Backendless login'`,
  ),
})

/** The checked configuration, complete with defaults. Secrets are in plain text. */
export type Config = z.output<typeof configSchema>
export type ConfigKey = keyof Config

export function isConfigKey(name: string): name is ConfigKey {
  return Object.hasOwn(configSchema.shape, name)
}
