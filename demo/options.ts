import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** A command line that cannot be followed; shown without more ado, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The port that a service was to listen on is taken, or not for this user. Exit code 1. */
export class PortError extends Error {
  override readonly name = 'PortError'
}

/** The values of the named options. @throws UsageError with a sentence on what is wrong. */
export function readOptions(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
): Readonly<Record<string, string | boolean | undefined>> {
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]),
    )
  } catch (error) {
    // Node's message has the sentence first, and advice after it that does not fit here.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/)
    throw new UsageError(`${sentence.replace(/\.$/, '')}. --help lists what there is.`)
  }
}
