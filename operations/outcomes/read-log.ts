// Reads the tenant's log from a time on, entry by entry.
import type { LogEntry } from '../auth0/shapes.ts'
import type { Tenant } from '../auth0/tenant.ts'

export type LogTenant = Pick<Tenant, 'firstLogEntry' | 'logAfter'>

export interface Page {
  readonly entries: readonly LogEntry[]
  /** The place after the last entry: where a later run goes on. */
  readonly checkpoint: string
}

/**
 * Pages of entries, oldest first, until there are no more.
 * @param from a time, or the checkpoint of a page
 * @throws Problem if the log cannot be read
 */
export async function* logPages(tenant: LogTenant, from: Date | string): AsyncGenerator<Page> {
  let checkpoint: string
  if (from instanceof Date) {
    const first = await tenant.firstLogEntry(from)
    if (!first) return
    checkpoint = first.log_id
    yield { entries: [first], checkpoint }
  } else checkpoint = from
  for (;;) {
    const entries = await tenant.logAfter(checkpoint)
    const last = entries.at(-1)
    if (!last) return
    checkpoint = last.log_id
    yield { entries, checkpoint }
  }
}
