// All checks, in the order of the report. A test compares them with the table in docs/doctor.md.

export interface Check {
  readonly when: 'before' | 'after'
  readonly looksAt: string
  /** What to do if the result is a warning or a failure. */
  readonly toDo: string
}

const TRY_USER = 'opt-in, `--try-user`'

export const CHECKS = {
  config: {
    when: 'before',
    looksAt: 'the configuration of the stack, by the rules of `pulumi up`',
    toDo: 'Do what the message says. docs/configuration.md describes each key.',
  },
  backendless: {
    when: 'before',
    looksAt: '`serverUrl` answers as Backendless does',
    toDo: 'Correct `serverUrl`, or see whether Backendless is down.',
  },
  'response time': {
    when: 'before',
    looksAt: 'the slowest of three small requests: a warning above 1,000 ms',
    toDo: 'Choose the zone of the application, or measure again from where Auth0 is.',
  },
  application: {
    when: 'before',
    looksAt: 'Backendless knows `appId` and `apiKey` (2002)',
    toDo: 'Copy both from the Backendless console, Manage > App Settings.',
  },
  registration: {
    when: 'before',
    looksAt:
      'an empty registration, which adds no row, is refused for its missing password (3011) and not because registration is off',
    toDo: 'Switch registration on in the console, Users > Registration; without it new users cannot sign in.',
  },
  columns: {
    when: 'before',
    looksAt: 'the table Users has `identityColumn`, `ownerColumn` and the columns of `profile`',
    toDo: 'Create the column in the Backendless console, Data > Users > Schema, with the type STRING.',
  },
  'row owners': {
    when: 'before',
    looksAt:
      "rows whose `ownerId` is another user's, in the first 100 pages of the table; all pages with `--all-rows`",
    toDo: 'Look at these rows in the console, Data > Users: their owner may write them. docs/settings.md says how to get rid of the owner.',
  },
  'multiple logins': {
    when: 'before',
    looksAt: `two logins of a throw-away user, and whether the first one's token remains valid (${TRY_USER})`,
    toDo: 'Switch multiple logins on in the console, Users > Login, with a generous number.',
  },
  'lock-out': {
    when: 'before',
    looksAt: `that user's login after 2 + n failed ones, where n is the number of older passwords in use (${TRY_USER})`,
    toDo: 'Switch the lock-out off in the console, Users > Login, or raise its limit above 2 + n.',
  },
  rotation: {
    when: 'before',
    looksAt: `the same after 3 + n, as many as a sign-in may cause once a rotation has added a password (${TRY_USER})`,
    toDo: 'Raise the limit of the lock-out, or retire an older password, before you add one.',
  },
  'recovery mails': {
    when: 'before',
    looksAt: `whether Backendless refuses to send that user a new password (3101) (${TRY_USER})`,
    toDo: 'Switch both recovery e-mails off in the console: the Action does not know a recovered password.',
  },
  'other rows': {
    when: 'before',
    looksAt: `whether one throw-away user may write the row of another (${TRY_USER})`,
    toDo: 'Let each user update their own row only, in the console, Data > Users > Permissions: docs/settings.md says why.',
  },
  comparison: {
    when: 'before',
    looksAt: `whether that user's identity in upper case, or with an accent, is taken for the same (${TRY_USER})`,
    toDo: 'Write the addresses of existing rows in lower case.',
  },
  'own password': {
    when: 'before',
    looksAt: `whether a user may change their own password, on which a rotation rests, and log in with it (${TRY_USER})`,
    toDo: 'Let each user update their own row, the password included: docs/settings.md.',
  },
  'own identity': {
    when: 'before',
    looksAt: `the same with identity and password in one request, on which following a changed address rests (${TRY_USER})`,
    toDo: 'Let each user update their own row, the identity included, or leave `ownerColumn` unset.',
  },
  'throw-away user': {
    when: 'before',
    looksAt: `the users of \`--try-user\` are deleted (${TRY_USER})`,
    toDo: 'Delete the user by the objectId in the console, Data > Users.',
  },
  auth0: {
    when: 'before',
    looksAt: 'the tenant of AUTH0_DOMAIN answers and accepts the credentials',
    toDo: 'Set AUTH0_DOMAIN, and the credentials of the machine-to-machine application of the deployment.',
  },
  scopes: {
    when: 'before',
    looksAt: 'the credentials have create:actions, read:actions, update:actions and delete:actions',
    toDo: 'Grant the missing scopes to the application, in Auth0 under APIs > Auth0 Management API.',
  },
  trigger: {
    when: 'before',
    looksAt:
      'the other Actions on post-login: whether there is room, and whether one sets the same claim for the same clients',
    toDo: 'Unbind an Action: Auth0 binds 20 at most, and of two that set one claim the later one wins.',
  },
  'second stack': {
    when: 'before',
    looksAt: 'no other Action on post-login writes `app_metadata` for the same Backendless application',
    toDo: 'Use one stack for an application on a tenant, or set `memory: false` in one of the two.',
  },
  'action name': {
    when: 'before',
    looksAt: "no Action but the stack's has the name `actionName`",
    toDo: 'Choose another `actionName`, or import the Action into the stack.',
  },
  deployed: {
    when: 'after',
    looksAt: 'the Action is there, with a version that is deployed',
    toDo: 'Run `npx pulumi up --refresh`: without it, `up` does not see what was changed in the dashboard.',
  },
  code: {
    when: 'after',
    looksAt: 'the SHA-256 of the deployed code is that of the code which this checkout builds',
    toDo: 'Run `npx pulumi up --refresh`. If it finds nothing to do, an older version was restored: deploy the draft again in the dashboard.',
  },
  runtime: {
    when: 'after',
    looksAt: 'runtime and dependencies of the deployed version are those that the program declares',
    toDo: 'Run `npx pulumi up --refresh`. If it finds nothing to do, an older version was restored: deploy the draft again in the dashboard.',
  },
  secrets: {
    when: 'after',
    looksAt: 'the names of the secrets of the deployed version: the application, and each password in use',
    toDo: 'Run `npx pulumi up`. If it finds nothing to do, they were changed in the dashboard, which `up` cannot see: correct them there.',
  },
  bound: {
    when: 'after',
    looksAt: 'the Action is bound to post-login',
    toDo: 'Run `npx pulumi up --refresh`, or bind it in the dashboard.',
  },
  last: {
    when: 'after',
    looksAt: 'no Action after it denies, redirects or challenges, by the words of its deployed code',
    toDo: 'Move the Action to the end of the trigger in the dashboard, Actions > Triggers > post-login.',
  },
  'sign-in': {
    when: 'after',
    looksAt: 'a test user gets a valid user token in the claim (opt-in, `--sign-in`)',
    toDo: 'Look the code up in docs/outcomes.md. After a denial, Monitoring > Logs finds the entry by `description:*<reference>`.',
  },
} as const satisfies Readonly<Record<string, Check>>

export type CheckName = keyof typeof CHECKS

export function isCheckName(name: string): name is CheckName {
  return Object.hasOwn(CHECKS, name)
}
