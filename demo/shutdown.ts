// How a command over the local services ends: completely, whichever way.
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Closing takes milliseconds. Whatever does not close in this time ends with the process. */
const PATIENCE_MS = 1000
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Makes a folder in which every temporary file of this process and of those it starts is made, and which is removed when
 * the process ends. Gives its path.
 */
export function privateTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'backendless-login-'))
  process.env.TMPDIR = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * On Ctrl-C, and where the process is told to end: aborts the signal that this gives, waits a moment for `close`, and
 * ends the process with the shell's code, 130 for Ctrl-C. A second Ctrl-C does not wait.
 */
export function endOnSignals(close: () => Promise<unknown>): AbortSignal {
  const controller = new AbortController()
  for (const name of SIGNALS) {
    const code = 128 + constants.signals[name]
    process.on(name, async () => {
      if (controller.signal.aborted) process.exit(code)
      controller.abort()
      await Promise.race([close().catch(() => {}), pause(PATIENCE_MS)])
      process.exit(code)
    })
  }
  return controller.signal
}
