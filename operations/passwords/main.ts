// `npm run passwords`: moves the users who do not sign in by themselves to the current password. See docs/passwords.md.
import { Problem, UsageError } from '../problem.ts'
import { PASSWORDS_HELP, readPasswordsOptions } from './options.ts'

/** npm forwards a Ctrl-C that the terminal has already sent to this process. Both count as one. */
const SAME_SIGNAL_MS = 1_000

const controller = new AbortController()

try {
  const options = readPasswordsOptions(process.argv.slice(2))
  if (options) {
    endOnSignals()
    // Loaded only when needed, because that takes most of a second.
    const { passwords } = await import('./command.ts')
    const { passwordsExitCode } = await import('./report.ts')
    const { passwordsText } = await import('./report-text.ts')
    const report = await passwords(options, {
      environment: process.env,
      signal: controller.signal,
      output: process.stderr,
      ask,
    })
    if (typeof report === 'string') {
      console.log(
        options.json ? JSON.stringify({ stack: options.stack, repaired: true, result: report }) : report,
      )
    } else {
      console.log(
        options.json ? JSON.stringify({ stack: options.stack, ...report }, null, 2) : passwordsText(report),
      )
      process.exitCode = passwordsExitCode(report)
    }
  } else {
    console.log(PASSWORDS_HELP)
  }
} catch (error) {
  console.error(error instanceof Problem || error instanceof UsageError ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

/** On standard error, so that `--json` stays JSON. */
async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
    return await Promise.race([terminal.question(question), closed])
  } finally {
    terminal.close()
  }
}

/** The first Ctrl-C lets running requests finish, so that no session stays open. The second ends at once. */
function endOnSignals(): void {
  let first: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const now = performance.now()
      if (first !== undefined && now - first > SAME_SIGNAL_MS) process.exit(1)
      if (first !== undefined) return
      first = now
      console.error('\nStopping after the users under way; once more ends at once.')
      controller.abort()
    })
  }
}
