// Shared by both commands: reading port numbers, and reporting a failure.

/** The arguments cannot be used. Exit code 2. */
export class ArgumentError extends Error {
  override readonly name = 'UsageError'
}

/** A port is in use, or this user may not listen on it. Exit code 1. */
export class PortError extends Error {
  override readonly name = 'PortError'
}

/** Returns `undefined` if the option is absent. `lowest`: 0 if the command can choose a free port. @throws UsageError */
export function readPort(option: string, text: string | undefined, lowest: 0 | 1 = 1): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  if (port >= lowest && port <= 65_535) return port
  const free = lowest === 0 ? ', or 0 for a free one' : ''
  throw new ArgumentError(`${option} takes a number from 1 to 65535${free}.`)
}

/** Prints why a command failed, with a stack trace only if it is a defect, and sets the exit code. */
export function reportFailure(error: unknown): void {
  const usage = usageProblem(error)
  const expected = error instanceof Error && ['PortError', 'DeployError'].includes(error.name)
  console.error(usage ?? (expected ? error.message : error))
  process.exitCode = usage === undefined ? 1 : 2
}

function usageProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof ArgumentError) return error.message
  if (!('code' in error) || !String(error.code).startsWith('ERR_PARSE_ARGS')) return undefined
  // The first sentence of parseArgs names the problem. The advice on positional arguments after it does not apply.
  const [sentence = ''] = error.message.split(/\. |\n/)
  return `${sentence.replace(/\.$/, '')}. --help lists the options.`
}
