// The tenant's log entries and the executions they refer to, in memory.
import { randomUUID } from 'node:crypto'
import type { PostLoginEvent } from '../event.ts'
import type { TriggerResult } from '../trigger.ts'
import { type LogContent, type LogEntry, signInEntries } from './entry.ts'

/** What the dashboard shows as "Action Details" of an entry. The entry itself has no console output. */
export interface ActionExecution {
  readonly id: string
  readonly triggerId: 'post-login'
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endedAt: number
  readonly actions: readonly string[]
  readonly error?: string
  /** One entry for each Action that wrote to its console. */
  readonly logs: TriggerResult['logs']
}

/** Older entries are dropped, so that a long run stays small. */
const MOST_ENTRIES = 100_000

export class TenantLogs {
  readonly #now: () => number
  readonly #entries: LogEntry[] = []
  readonly #executions = new Map<string, ActionExecution>()
  #count = 0

  /** @param now the tenant's clock, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Oldest first. */
  get entries(): readonly LogEntry[] {
    return this.#entries
  }

  execution(id: string): ActionExecution | undefined {
    return this.#executions.get(id)
  }

  /** Writes the entries of a sign-in. */
  signedIn(event: PostLoginEvent, result: TriggerResult): void {
    const id = randomUUID()
    const endedAt = this.#now()
    this.#executions.set(id, {
      id,
      triggerId: 'post-login',
      startedAt: endedAt - result.milliseconds,
      endedAt,
      actions: result.ranActions,
      ...(result.outcome === 'error' && result.reason !== undefined ? { error: result.reason } : {}),
      logs: result.logs,
    })
    for (const content of signInEntries(event, result, id)) this.write(content)
  }

  write(content: LogContent): void {
    const now = this.#now()
    this.#count += 1
    const time = new Date(now).toISOString().replaceAll(/\D/g, '')
    const log_id = `900${time}${String(this.#count).padStart(35, '0')}`
    this.#entries.push({ _id: log_id, log_id, date: new Date(now).toISOString(), ...content })
    if (this.#entries.length > MOST_ENTRIES) {
      const [oldest] = this.#entries.splice(0, 1)
      for (const id of executionsOf(oldest)) this.#executions.delete(id)
    }
  }

  /** Entries newer than the one with the id, oldest first. */
  after(logId: string, take: number): LogEntry[] {
    const first = this.#entries.findIndex(({ log_id }) => log_id > logId)
    return first < 0 ? [] : this.#entries.slice(first, first + take)
  }
}

/** The ids of the executions that an entry refers to. */
export function executionsOf(entry: LogEntry | undefined): string[] {
  const actions = entry?.details.actions
  const ids: unknown =
    typeof actions === 'object' && actions !== null ? Reflect.get(actions, 'executions') : []
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
}
