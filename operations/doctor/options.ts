import { commandLine, componentNamed, parseArguments, stackNamed } from '../arguments.ts'

export interface DoctorOptions {
  readonly stack: string
  /** Name of the Backendless login in the stack; needed only if the stack has several. */
  readonly component: string | undefined
  readonly tryUser: boolean
  /** True: every row of the table Users is read. False: only the first pages. */
  readonly allRows: boolean
  readonly signIn: boolean
  readonly json: boolean
}

export const DOCTOR_HELP = `Says whether sign-in will work, before and after a deployment. It changes nothing without --try-user or --sign-in.

  ${commandLine('doctor')} --stack <stack>

  --component <name>   which Backendless login of the stack, if it has several
  --try-user   registers two throw-away users in Backendless, logs them in, lets them change rows, and deletes them
  --all-rows   reads every row of the table Users, and not only the first 100 pages
  --sign-in    signs a test user of the tenant in, which counts as a login of that user
  --json       the result as JSON
  --help

Exit code: 0; 1 if a check failed; 2 for wrong usage.

Environment: what Pulumi needs; AUTH0_DOMAIN and AUTH0_API_TOKEN, or AUTH0_CLIENT_ID with its secret or private key; for --sign-in
AUTH0_TEST_USERNAME, AUTH0_TEST_PASSWORD, AUTH0_TEST_CLIENT_ID, and where they apply AUTH0_TEST_CLIENT_SECRET,
AUTH0_TEST_CONNECTION and AUTH0_TEST_DOMAIN. docs/doctor.md has all checks.`

/** `undefined` if only help is wanted. @throws UsageError */
export function readDoctorOptions(args: readonly string[]): DoctorOptions | undefined {
  const values = parseArguments(args, {
    stack: { type: 'string' },
    component: { type: 'string' },
    'try-user': { type: 'boolean' },
    'all-rows': { type: 'boolean' },
    'sign-in': { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return undefined
  return {
    stack: stackNamed(values.stack, 'the stack to check'),
    component: componentNamed(values.component),
    tryUser: values['try-user'] === true,
    allRows: values['all-rows'] === true,
    signIn: values['sign-in'] === true,
    json: values.json === true,
  }
}
