import { Problem, UsageError } from './problem.ts'

/**
 * Runs a command with the options of the command line, or prints its help. Sets the exit code: that of `run`, 1 for an
 * error, 2 for a UsageError.
 * @param read returns `undefined` if only help is wanted.
 */
export async function runMain<Options>(
  read: (args: readonly string[]) => Options | undefined,
  help: string,
  run: (options: Options) => Promise<number>,
): Promise<void> {
  try {
    const options = read(process.argv.slice(2))
    if (options) process.exitCode = await run(options)
    else console.log(help)
  } catch (error) {
    console.error(error instanceof Problem || error instanceof UsageError ? error.message : error)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}
