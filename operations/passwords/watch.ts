import { setTimeout as pause } from 'node:timers/promises'
import { TenantProblem } from '../auth0/problem.ts'
import { Problem } from '../problem.ts'
import type { DeployedVersion } from './deployed.ts'

/** Default of `intervalMs`. */
const INTERVAL_MS = 5_000
/** Default of `silenceMs`. */
const SILENCE_MS = 60_000

export interface WatchOptions {
  /** Id of the deployed version with which the pass began. */
  readonly deployed: string
  /** Returns the version that is deployed now. @throws Problem if it is not the stack's, or cannot be read. */
  readonly check: () => Promise<DeployedVersion>
  /** A check that is older than this is repeated, in milliseconds. Default: 5,000. */
  readonly intervalMs?: number | undefined
  /** How long a pass continues while Auth0 does not answer, in milliseconds. Default: 60,000. */
  readonly silenceMs?: number | undefined
}

/** Between two checks at the end of a pass, while Auth0 does not answer. */
const CONFIRM_MS = 1_000

/** Why a pass ended before its last user. */
export interface Stop {
  readonly code: string
  readonly reason: string
}

/** Thrown in place of a request that must no longer be sent. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly stop: Stop

  constructor(stop: Stop) {
    super(stop.reason)
    this.stop = stop
  }
}

/**
 * Checks whether the version of the Action with which a pass began is still deployed. An `up` or a restored version may have
 * made another password the current one, or may not know the one that users are moved to.
 */
export class DeploymentWatch {
  readonly #deployed: string
  readonly #check: () => Promise<DeployedVersion>
  readonly #intervalMs: number
  readonly #silenceMs: number
  #lookedAt = performance.now()
  /** When the first of the checks began that Auth0 has not answered. */
  #silentSince: number | undefined
  #looking: Promise<void> | undefined
  #stop: Stop | undefined

  constructor({ deployed, check, intervalMs = INTERVAL_MS, silenceMs = SILENCE_MS }: WatchOptions) {
    this.#deployed = deployed
    this.#check = check
    this.#intervalMs = intervalMs
    this.#silenceMs = silenceMs
  }

  /** Called before each request that concerns a user's password. @throws Stopped if it must not be sent. */
  async beforeRequest(): Promise<void> {
    if (this.#stop === undefined && performance.now() - this.#lookedAt >= this.#intervalMs) await this.#look()
    if (this.#stop) throw new Stopped(this.#stop)
  }

  /** Checks once more, and needs an answer of Auth0. Returns why the pass is not finished, if it is not. */
  async confirm(): Promise<Stop | undefined> {
    // A check that is running may have been answered before this call.
    await this.#looking
    for (;;) {
      await this.#look()
      if (this.#stop || this.#silentSince === undefined) return this.#stop
      await pause(Math.min(this.#intervalMs, CONFIRM_MS))
    }
  }

  /** The check that is running, which concurrent callers share. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#lookedAt = performance.now()
      this.#looking = undefined
    })
    return this.#looking
  }

  async #lookNow(): Promise<void> {
    const now = performance.now()
    try {
      const { id } = await this.#check()
      this.#silentSince = undefined
      if (id !== this.#deployed) {
        this.#stop = {
          code: 'redeployed',
          reason: 'The Action was deployed anew meanwhile. Run this again: it looks at every user anew.',
        }
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (!isSilence(error)) {
        const code = error instanceof TenantProblem ? 'deployment_unclear' : 'redeployed'
        this.#stop = { code, reason: `${error.message} Run this again afterwards.` }
        return
      }
      this.#silentSince ??= now
      if (performance.now() - this.#silentSince >= this.#silenceMs) {
        this.#stop = { code: 'deployment_unclear', reason: error.message }
      }
    }
  }
}

/** Auth0 does not answer for the version, but may do so in a moment. */
function isSilence(problem: Problem): boolean {
  if (!(problem instanceof TenantProblem)) return false
  return problem.obstacle === 'unreachable' || problem.obstacle === 'trouble'
}
