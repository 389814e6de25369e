// The post-login trigger: runs the bound Actions in order, and returns how the sign-in ended.
import type { PostLoginEvent } from './event.ts'
import { noEffects } from './host/effects.ts'
import type { CacheRecord, Command, Effects } from './host/messages.ts'
import type { InstancePool } from './host/pool.ts'
import type { Action, Version } from './management/action.ts'

const MAX_CLAIM_BYTES = 100_000

/** How a sign-in ended, and what the Actions did. Tokens are issued only if the outcome is `continue`. */
export interface TriggerResult {
  /** `error`: an uncaught error, a bad signature or a time-out; the user sees access_denied with `reason`. */
  readonly outcome: 'continue' | 'denied' | 'error'
  readonly reason?: string
  /** The custom claims of the tokens. */
  readonly idToken: Readonly<Record<string, unknown>>
  readonly accessToken: Readonly<Record<string, unknown>>
  readonly scopes: { readonly added: readonly string[]; readonly removed: readonly string[] }
  /** Metadata to write to the user at the end of the flow, even if the sign-in was denied. */
  readonly appMetadata: Readonly<Record<string, unknown>>
  readonly userMetadata: Readonly<Record<string, unknown>>
  readonly transactionMetadata: Readonly<Record<string, string | number | boolean>>
  /** Calls of `api` members that have no effect here. */
  readonly commands: readonly Command[]
  /** One entry per Action that wrote to its console, at most 256 characters. */
  readonly logs: readonly { readonly action: string; readonly text: string }[]
  readonly ranActions: readonly string[]
  readonly milliseconds: number
}

type Ended = Pick<TriggerResult, 'outcome' | 'reason'>

export class PostLoginTrigger {
  readonly #pool: InstancePool
  readonly #timeoutMs: number
  readonly #cache = new Map<string, CacheRecord>()

  constructor(pool: InstancePool, timeoutMs: number) {
    this.#pool = pool
    this.#timeoutMs = timeoutMs
  }

  /** Runs the Actions one after the other. The time limit is for all of them together. */
  async run(actions: readonly Action[], login: PostLoginEvent): Promise<TriggerResult> {
    const programs = actions.flatMap(({ name, liveVersion }) =>
      liveVersion ? [{ name, version: liveVersion }] : [],
    )
    // Processes start before the clock, because their start is not part of the trigger's time at Auth0.
    await Promise.all(programs.map(({ name, version }) => this.#instanceOf(name, version)))
    const began = performance.now()
    const total = noEffects()
    const logs: { action: string; text: string }[] = []
    const ranActions: string[] = []
    let ended: Ended = { outcome: 'continue' }
    for (const { name, version } of programs) {
      ranActions.push(name)
      const instance = await this.#instanceOf(name, version)
      const secrets = Object.fromEntries(version.secrets.map((secret) => [secret.name, secret.value]))
      const execution = { event: eventAfter(login, total), secrets, cache: Object.fromEntries(this.#cache) }
      const result = await instance.execute(execution, this.#timeoutMs - (performance.now() - began))
      if (result.log !== '') logs.push({ action: name, text: result.log })
      if (result.kind === 'failed') ended = { outcome: 'error', reason: result.message }
      else ended = this.#apply(result.effects, total)
      if (ended.outcome !== 'continue') break
    }
    const issued = ended.outcome === 'continue' ? total : noEffects()
    return {
      ...ended,
      idToken: issued.idToken,
      accessToken: issued.accessToken,
      scopes: { added: issued.addedScopes, removed: issued.removedScopes },
      appMetadata: total.appMetadata,
      userMetadata: total.userMetadata,
      transactionMetadata: total.transactionMetadata,
      commands: total.commands,
      logs,
      ranActions,
      milliseconds: performance.now() - began,
    }
  }

  #instanceOf(actionName: string, { id, code, dependencies }: Version) {
    return this.#pool.instanceOf({ id, actionName, code, dependencies })
  }

  #apply(effects: Effects, total: Effects): Ended {
    Object.assign(total.idToken, effects.idToken)
    Object.assign(total.accessToken, effects.accessToken)
    Object.assign(total.appMetadata, effects.appMetadata)
    Object.assign(total.userMetadata, effects.userMetadata)
    Object.assign(total.transactionMetadata, effects.transactionMetadata)
    total.addedScopes.push(...effects.addedScopes)
    total.removedScopes.push(...effects.removedScopes)
    total.commands.push(...effects.commands)
    for (const write of effects.cacheWrites) {
      if (write.kind === 'set') this.#cache.set(write.key, write.record)
      else this.#cache.delete(write.key)
    }
    for (const [key, record] of this.#cache) if (record.expires_at <= Date.now()) this.#cache.delete(key)
    if (effects.denied !== undefined) return { outcome: 'denied', reason: effects.denied }
    const bytes = Buffer.byteLength(JSON.stringify([total.idToken, total.accessToken]))
    return bytes > MAX_CLAIM_BYTES
      ? { outcome: 'error', reason: 'The custom claims exceed 100 kB.' }
      : { outcome: 'continue' }
  }
}

// The next Actions see what one Action wrote.
function eventAfter(login: PostLoginEvent, total: Effects): PostLoginEvent {
  const { user, transaction } = login
  const changed: PostLoginEvent = {
    ...login,
    user: {
      ...user,
      app_metadata: merged(user.app_metadata, total.appMetadata),
      user_metadata: merged(user.user_metadata, total.userMetadata),
    },
  }
  if (transaction) {
    changed.transaction = {
      ...transaction,
      metadata: merged(transaction.metadata ?? {}, total.transactionMetadata),
    }
  }
  return changed
}

// Metadata that is not an object is left for `api.user` to refuse.
function merged<Value>(
  present: Record<string, Value>,
  written: Record<string, Value>,
): Record<string, Value> {
  return Object.keys(written).length === 0 ? present : { ...present, ...written }
}
