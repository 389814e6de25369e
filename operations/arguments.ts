import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './problem.ts'

/** Parses a command line that has only named options. @throws UsageError with a sentence on what is wrong. */
export function parseArguments<const T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], strict: true, allowPositionals: false, options }).values
  } catch (error) {
    // Node's message is a sentence, followed by advice that does not apply here.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/)
    throw new UsageError(`${sentence.replace(/\.$/, '')}. --help lists what there is.`)
  }
}

/** @param meaning what the command does with the stack, for the message if it is missing. @throws UsageError */
export function stackNamed(value: unknown, meaning: string): string {
  if (typeof value !== 'string') throw new UsageError(`--stack is missing: ${meaning}.`)
  if (!/^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+){0,2}$/.test(value)) {
    throw new UsageError('--stack is no name of a stack.')
  }
  return value
}

/** @throws UsageError */
export function componentNamed(value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && value !== '') return value
  throw new UsageError('--component needs the name of a Backendless login in the stack.')
}

/** False in the package, whose files are compiled. */
export const IN_THIS_PROJECT = import.meta.url.endsWith('.ts')

/** Returns the command line that starts `command`: by npm in this project, by `bin` in a program that uses the package. */
export function commandLine(command: string): string {
  return IN_THIS_PROJECT ? `npm run ${command} --` : `npx backendless-login ${command}`
}
