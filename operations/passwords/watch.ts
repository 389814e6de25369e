import { Problem } from '../problem.ts'
import type { Stop } from './sweep.ts'

const INTERVAL_MS = 60_000
/** Auth0 may be silent for a moment, in a pass of hours. */
const MOST_FAILURES = 3

export interface WatchOptions {
  /** The deployed version with which the pass began. */
  readonly deployed: string
  /** Gives the version that is deployed now. @throws Problem where it is not the stack's, or cannot be read. */
  readonly check: () => Promise<string>
  readonly intervalMs?: number | undefined
}

/**
 * Says, when asked between two pages, why a pass must not go on: a pass takes hours, and an `up` meanwhile may have made
 * another password the current one. Looks once a minute.
 */
export function watchDeployment({ deployed, check, intervalMs = INTERVAL_MS }: WatchOptions) {
  let lookedAt = performance.now()
  let failures = 0
  return async (): Promise<Stop | undefined> => {
    if (performance.now() - lookedAt < intervalMs) return undefined
    lookedAt = performance.now()
    try {
      const now = await check()
      failures = 0
      if (now === deployed) return undefined
      return {
        code: 'redeployed',
        reason: 'The Action was deployed anew meanwhile. Run this again: it looks at every user anew.',
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      failures += 1
      return failures < MOST_FAILURES ? undefined : { code: 'deployment_unclear', reason: error.message }
    }
  }
}
