import { memoryKey } from '../../actions/backendless-login/memory.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { NAMESPACE } from '../../provisioning/config.ts'
import type { Config } from '../../provisioning/config-schema.ts'
import { linesOf } from '../../provisioning/findings.ts'
import { Tenant } from '../auth0/tenant.ts'
import { Problem } from '../problem.ts'
import { readConfiguration } from '../stack/reading.ts'
import { type AffectedUsers, affectedUsers, type UserTenant } from './affected-users.ts'
import type { OutcomesOptions } from './options.ts'
import { type LogTenant, logPages } from './read-log.ts'
import { Resumption } from './resumption.ts'
import { count, emptyTally, failedShare, type SignInTally } from './tally.ts'

/** In milliseconds: how often the log is read with `--watch`. Auth0 writes entries with a delay of seconds. */
const FOLLOW_MS = 5_000
/** After an interruption, at most this many pages are read again. */
const PAGES_PER_SAVE = 10

/** Times in milliseconds since 1970. */
export interface Period {
  readonly from: number
  readonly to: number
  readonly tally: SignInTally
}

export interface OutcomesReport {
  readonly stack: string
  readonly clients: readonly string[]
  /** The period that decides the exit code; with `--watch`, the time that was watched. */
  readonly period: Period
  /** With `--watch`: the same length of time before it. */
  readonly before?: Period
  /** True if the tenant's oldest entry is later than the beginning of the period. */
  readonly logBegins?: number
  readonly users: AffectedUsers
  readonly recordsProblems: boolean
  readonly failAbove?: number
}

interface OutcomesSurroundings {
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** The folder of the Pulumi program, and of the file for `--resume`. */
  readonly folder: string
  /** Default: the stack's configuration, through Pulumi. */
  readonly read?: (stack: string) => Promise<Config>
  /** Default: the tenant of AUTH0_DOMAIN. */
  readonly tenant?: LogTenant & UserTenant & Pick<Tenant, 'answeredAt'>
  readonly followMs?: number
}

/** @throws Problem if the stack, the log or the users cannot be read, or if it was interrupted. */
export async function outcomes(
  options: OutcomesOptions,
  surroundings: OutcomesSurroundings,
): Promise<OutcomesReport> {
  const { environment, folder } = surroundings
  const read =
    surroundings.read ?? ((stack) => configurationOf(stack, folder, environment, options.component))
  const config = await read(options.stack)
  const tenant = surroundings.tenant ?? new Tenant(environment)
  const oldest = await tenant.firstLogEntry(new Date(0))
  const now = tenant.answeredAt ?? Date.now()
  const { period, before } =
    options.watchMs > 0
      ? await watch(options, surroundings, tenant, config.clients, now)
      : { period: await countSince(options, surroundings, tenant, config.clients, now), before: undefined }
  const first = before ?? period
  const begins = oldest ? Date.parse(oldest.date) : now
  return {
    stack: options.stack,
    clients: config.clients,
    period,
    ...(before ? { before } : {}),
    ...(begins > first.from ? { logBegins: begins } : {}),
    users: await affectedUsers(tenant, memoryKey(new Secret(config.appId)), options.users),
    recordsProblems: config.identity === 'email' && config.memory,
    ...(options.failAbove === undefined ? {} : { failAbove: options.failAbove }),
  }
}

/** True if more sign-ins failed than `--fail-above` allows. */
export function isAboveLimit({ period, failAbove }: OutcomesReport): boolean {
  return failAbove !== undefined && failedShare(period.tally) > failAbove
}

async function configurationOf(
  stack: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  component: string | undefined,
): Promise<Config> {
  const { checked } = await readConfiguration(stack, { folder, environment }, component)
  if ('config' in checked) return checked.config
  const lines = linesOf(checked.findings, `${NAMESPACE}:`)
  throw new Problem([`The configuration of stack ${stack} is not usable:`, ...lines].join('\n'))
}

async function countSince(
  { stack, sinceMs, resume }: OutcomesOptions,
  { signal, folder }: OutcomesSurroundings,
  tenant: LogTenant,
  clients: readonly string[],
  now: number,
): Promise<Period> {
  const resumption = new Resumption(folder, stack)
  const interrupted = resume ? resumption.read(clients) : undefined
  const from = interrupted?.since ?? now - sinceMs
  const tally = interrupted?.tally ?? emptyTally()
  let pages = 0
  for await (const { entries, checkpoint } of logPages(tenant, interrupted?.checkpoint ?? new Date(from))) {
    for (const entry of entries) count(tally, entry, clients)
    pages += 1
    if (!signal.aborted && pages % PAGES_PER_SAVE > 0) continue
    resumption.write({ since: from, checkpoint, clients: [...clients], tally })
    if (signal.aborted) throw new Problem('Interrupted. Run it again with --resume to continue.')
  }
  resumption.remove()
  return { from, to: now, tally }
}

/** Counts the time before now, then new entries, until the time is over or too many sign-ins have failed. */
async function watch(
  { watchMs }: OutcomesOptions,
  { signal, followMs = FOLLOW_MS }: OutcomesSurroundings,
  tenant: LogTenant,
  clients: readonly string[],
  now: number,
): Promise<{ period: Period; before: Period }> {
  const [before, tally] = [emptyTally(), emptyTally()]
  let from: Date | string = new Date(now - watchMs)
  const began = performance.now()
  for (let isFirst = true; ; isFirst = false) {
    for await (const { entries, checkpoint } of logPages(tenant, from)) {
      from = checkpoint
      for (const entry of entries) {
        // Auth0 writes an entry some seconds after the sign-in: one that arrives late may belong to the time before.
        const isBefore = isFirst || Date.parse(entry.date) < now
        count(isBefore ? before : tally, entry, clients)
      }
    }
    const left = watchMs - (performance.now() - began)
    if (left <= 0 || signal.aborted) break
    await new Promise((resolve) => setTimeout(resolve, Math.min(followMs, left)))
  }
  const elapsed = Math.round(performance.now() - began)
  return {
    before: { from: now - watchMs, to: now, tally: before },
    period: { from: now, to: now + elapsed, tally },
  }
}
