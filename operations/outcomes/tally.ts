// Counts of how sign-ins ended. Its size does not depend on how many there were.
import { z } from 'zod'
import type { LogEntry } from '../auth0/shapes.ts'
import { readEntry } from './entry.ts'

const HOUR_MS = 3_600_000
const REFERENCES_SHOWN = 2

const codeSchema = z.object({
  count: z.number(),
  /** ISO 8601. */
  lastSeen: z.string(),
  /** The latest ones. */
  references: z.array(z.string()),
})
const hourSchema = z.object({ signIns: z.number(), denied: z.number() })

export const tallySchema = z.object({
  /** Entries of the stack's clients: with and without a token, denied or failed. */
  signIns: z.number(),
  succeeded: z.number(),
  denied: z.number(),
  /** Failed for a reason that is not a denial by this Action. */
  otherFailures: z.number(),
  executionsFailed: z.number(),
  denials: z.record(z.string(), codeSchema),
  /** By `error_class`. */
  failedExecutions: z.record(z.string(), z.number()),
  /** By the hour's beginning, in milliseconds since 1970. */
  hours: z.record(z.string(), hourSchema),
})
export type SignInTally = z.infer<typeof tallySchema>

export function emptyTally(): SignInTally {
  const none = { signIns: 0, succeeded: 0, denied: 0, otherFailures: 0, executionsFailed: 0 }
  return { ...none, denials: {}, failedExecutions: {}, hours: {} }
}

/** Adds an entry if it is about a sign-in to one of the clients; `["*"]` is every client. */
export function count(tally: SignInTally, entry: LogEntry, clients: readonly string[]): void {
  const isOurs = clients.includes('*') || clients.includes(entry.client_id ?? '')
  const read = readEntry(entry)
  if (!read) return
  if (read.kind === 'execution_failed') {
    // An entry about the limit of executions may not name a client.
    if (!isOurs && entry.client_id) return
    tally.executionsFailed += 1
    tally.failedExecutions[read.errorClass] = (tally.failedExecutions[read.errorClass] ?? 0) + 1
    return
  }
  if (!isOurs) return
  const hour = hourOf(tally, entry)
  tally.signIns += 1
  hour.signIns += 1
  switch (read.kind) {
    case 'success':
      tally.succeeded += 1
      return
    case 'other':
      tally.otherFailures += 1
      return
    case 'denied': {
      tally.denied += 1
      hour.denied += 1
      const before = tally.denials[read.code]
      const references = [...(before?.references ?? []), read.reference].slice(-REFERENCES_SHOWN)
      tally.denials[read.code] = { count: (before?.count ?? 0) + 1, lastSeen: entry.date, references }
      return
    }
    default:
      read satisfies never
  }
}

/** The share of sign-ins that failed because of this Action: denied by it, or ended by an error in it. From 0 to 1. */
export function failedShare({ signIns, denied, executionsFailed }: SignInTally): number {
  return signIns === 0 ? (executionsFailed > 0 ? 1 : 0) : Math.min(1, (denied + executionsFailed) / signIns)
}

function hourOf(tally: SignInTally, { date }: LogEntry): SignInTally['hours'][string] {
  const key = String(Math.floor(Date.parse(date) / HOUR_MS) * HOUR_MS)
  tally.hours[key] ??= { signIns: 0, denied: 0 }
  return tally.hours[key]
}
