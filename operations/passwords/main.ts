// `npm run passwords`: moves the users who do not sign in by themselves to the current password. See docs/passwords.md.
import { runMain } from '../run-main.ts'
import { PASSWORDS_HELP, readPasswordsOptions } from './options.ts'

/** npm forwards a Ctrl-C that the terminal has already sent to this process. Both count as one. */
const SAME_SIGNAL_MS = 1_000

const controller = new AbortController()

await runMain(readPasswordsOptions, PASSWORDS_HELP, async (options) => {
  const { json, stack } = options
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
    console.log(json ? JSON.stringify({ stack, repaired: true, result: report }) : report)
    return 0
  }
  console.log(json ? JSON.stringify({ stack, ...report }, null, 2) : passwordsText(report))
  return passwordsExitCode(report)
})

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
