import type { ParseArgsConfig } from 'node:util'
import { commandLine, IN_THIS_PROJECT, parseArguments, stackNamed } from '../arguments.ts'
import { UsageError } from '../problem.ts'
import type { Choices } from './rotation.ts'

export const COMMANDS = ['preview', 'deploy', 'drift', 'rotate', 'comment', 'report'] as const

export type CiOptions = { readonly stack: string } & (
  | { readonly command: 'preview'; readonly file: string | undefined }
  | { readonly command: 'deploy' }
  | {
      readonly command: 'drift'
      readonly file: string | undefined
      /** Like `--fail-above` of `npm run outcomes`. `undefined`: sign-ins are not counted. */
      readonly failAbove: string | undefined
      readonly component: string | undefined
    }
  | { readonly command: 'rotate'; readonly open: boolean; readonly choices: Choices }
  | { readonly command: 'comment'; readonly file: string; readonly pullRequest: number }
  | { readonly command: 'report'; readonly file: string | undefined }
)

/** The package has the steps that work for any program; the others belong to this project's files and workflows. */
const OTHER_STEPS = `
  npm run ci:rotate                         writes the next step of the rotation into Pulumi.<stack>.yaml
      --moved           the users were moved: retires the older passwords
      --id <id>         id of the password to add
      --newest <id>     the newest password in use, if the ids do not show it
      --open            opens a pull request instead, and leaves the file as it is
  npm run ci:comment -- --file <file> --pull-request <number>    publishes a preview
  npm run ci:report -- --file <file>                             publishes a report of drift; --resolved closes it`

export const CI_HELP = `The steps of the workflows, by hand. Each command needs --stack <stack>.

  ${commandLine('ci:preview')} [--comment <file>]
      says what a deployment would do, as Markdown; exit code 1 if users would be locked out
  ${commandLine('ci:deploy')}
      compares with the tenant (--refresh) and deploys, unless users would be locked out
  ${commandLine('ci:drift')} [--report <file>]
      compares the tenant with what was deployed; exit code 1 if it differs or cannot be compared
      --fail-above <share>   also counts the sign-ins of the last 24 hours; exit code 1 if a larger share failed, such as 5%
      --component <name>     whose sign-ins to count, if the stack has several Backendless logins
${IN_THIS_PROJECT ? OTHER_STEPS : ''}

Environment: what Pulumi and the Auth0 provider need; to publish, also GITHUB_TOKEN and GITHUB_REPOSITORY.`

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

/** `undefined` if only help is wanted. @throws UsageError */
export function readCiOptions([command, ...args]: readonly string[]): CiOptions | undefined {
  if (command === '--help' || args.includes('--help')) return undefined
  switch (command) {
    case 'preview': {
      const { stack, comment } = read(args, { comment: text })
      return { command, stack, file: comment }
    }
    case 'deploy':
      return { command, stack: read(args, {}).stack }
    case 'drift': {
      const {
        stack,
        report,
        'fail-above': failAbove,
        component,
      } = read(args, { report: text, 'fail-above': text, component: text })
      return { command, stack, file: report, failAbove, component }
    }
    case 'rotate': {
      const { stack, moved, id, newest, open } = read(args, {
        moved: flag,
        id: text,
        newest: text,
        open: flag,
      })
      return { command, stack, open: open === true, choices: { moved: moved === true, id, newest } }
    }
    case 'comment': {
      const values = read(args, { file: text, 'pull-request': text })
      if (!values.file) throw new UsageError('--file is missing: the Markdown to publish.')
      const number = values['pull-request'] ?? ''
      if (!/^[1-9]\d{0,9}$/.test(number)) throw new UsageError('--pull-request must be a number.')
      return { command, stack: values.stack, file: values.file, pullRequest: Number(number) }
    }
    case 'report': {
      const { stack, file, resolved } = read(args, { file: text, resolved: flag })
      if ((file === undefined) !== (resolved === true))
        throw new UsageError('Say either --file or --resolved.')
      return { command, stack, file }
    }
    default:
      throw new UsageError(`Say one of ${COMMANDS.join(', ')}. --help lists what there is.`)
  }
}

function read<const T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: T) {
  const values = parseArguments(args, { ...options, stack: text })
  return { ...values, stack: stackNamed(Reflect.get(values, 'stack'), 'the environment') }
}
