import { setTimeout as pause } from 'node:timers/promises'
import { Problem } from '../problem.ts'
import type { DeployedVersion } from './deployed.ts'

/** Default of `ageMs`. All Actions of a sign-in together have 20 seconds, and another 20 after a redirect. */
const AGE_MS = 60_000

export interface SettledOptions {
  /** Returns the version that is deployed now. @throws Problem if it is not the stack's, or cannot be read. */
  readonly check: () => Promise<DeployedVersion>
  /** How old the version must be, in milliseconds. Default: 60,000. */
  readonly ageMs?: number | undefined
  /** Default: a timer, which ends with the signal. */
  readonly wait?: ((ms: number) => Promise<void>) | undefined
  readonly signal: AbortSignal
  readonly say: (sentence: string) => void
}

/**
 * Waits until every sign-in that began under the previous version has ended. Such a sign-in would move its user back to
 * that version's current password. If another version is deployed meanwhile, the wait starts again.
 * @throws Problem if the signal interrupts it, or if what is deployed is not the stack's.
 */
export async function settledVersion(options: SettledOptions): Promise<DeployedVersion> {
  const { check, ageMs = AGE_MS, signal, say, wait = (ms) => interruptible(ms, signal) } = options
  let version = await check()
  for (;;) {
    const leftMs = ageMs - (version.ageMs ?? 0)
    if (leftMs <= 0) return version
    const seconds = Math.ceil(leftMs / 1000)
    say(
      `Waiting ${seconds} ${seconds === 1 ? 'second' : 'seconds'}: the Action was deployed less than ${Math.round(ageMs / 1000)} seconds ago, and a sign-in that began before that may still move its user back.`,
    )
    await wait(leftMs)
    if (signal.aborted) throw new Problem('Interrupted. Nothing was changed.')
    const now = await check()
    // Without a time from Auth0, the wait itself shows how old the version is.
    if (now.id === version.id && now.ageMs === undefined) return now
    version = now
  }
}

async function interruptible(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal })
  } catch {
    // The caller checks the signal.
  }
}
