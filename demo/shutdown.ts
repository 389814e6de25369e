// Ends a command that runs the local services, with all its processes and files.
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Time for `close`, in milliseconds. What has not closed by then ends with the process. */
const TIMEOUT_MS = 1000
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Creates a folder for all temporary files of this process and its child processes, which is deleted when the process
 * ends. Returns its path.
 */
export function privateTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'backendless-login-'))
  process.env.TMPDIR = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * On SIGINT, SIGTERM and SIGHUP: aborts the returned signal, waits a second at most for `close`, and exits with the shell's
 * code, 130 for Ctrl-C. A second Ctrl-C does not wait.
 */
export function endOnSignals(close: () => Promise<unknown>): AbortSignal {
  const controller = new AbortController()
  for (const name of SIGNALS) {
    const code = 128 + constants.signals[name]
    process.on(name, async () => {
      if (controller.signal.aborted) process.exit(code)
      controller.abort()
      await Promise.race([close().catch(() => {}), pause(TIMEOUT_MS)])
      process.exit(code)
    })
  }
  return controller.signal
}
