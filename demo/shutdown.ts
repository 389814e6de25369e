// Ends a command that runs the local services, and removes all its processes and files.
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Time limit for `close`, in milliseconds. Then the process ends. */
const TIMEOUT_MS = 1000
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Creates a folder for all temporary files of this process and its child processes, and returns its path. The folder is
 * deleted when the process ends.
 */
export function privateTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'backendless-login-'))
  process.env.TMPDIR = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * On SIGINT, SIGTERM and SIGHUP: aborts the returned signal, waits at most a second for `close`, and exits with the usual
 * code of the signal, 130 for Ctrl-C. A second Ctrl-C exits at once.
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
