import type { StackReading } from '../stack.ts'
import type { RequestCounts } from './application.ts'
import type { State } from './state.ts'
import type { Stop } from './sweep.ts'

/** The end of a run, as `--json` prints it. Numbers are of the whole pass, over all its interruptions. */
export interface Report {
  readonly applied: boolean
  /** All users were looked at. */
  readonly finished: boolean
  readonly stopped?: Stop
  /** Without `--apply`: users that would be logged in. */
  readonly toDo?: number
  readonly current: number
  readonly moved: number
  readonly notOurs: number
  readonly skipped: Readonly<Record<string, number>>
  readonly failed: Readonly<Record<string, number>>
  /** By objectId, 100 at most. */
  readonly failures: readonly { readonly objectId: string; readonly code: string }[]
  readonly passwords: { readonly current: string; readonly older: readonly string[] }
  readonly canBeRetired: readonly string[]
  /** Of this run. */
  readonly requests: Readonly<RequestCounts>
}

export interface Ended {
  readonly stack: Pick<StackReading, 'passwords'>
  readonly state: State
  readonly apply: boolean
  readonly stop: Stop | undefined
  readonly toDo: number
  readonly requests: RequestCounts
}

export function reportOf({ stack, state, apply, stop, toDo, requests }: Ended): Report {
  const [current, ...older] = stack.passwords.map(({ id }) => id)
  // To a move a row that no sign-in reaches is no user of this program. A repair gives every row away, so it proves them all.
  const anySkipped =
    state.work === 'repair' ? Object.keys(state.skipped).length > 0 : state.skipped.active !== undefined
  const everyoneKnown = apply && state.finished && Object.keys(state.failed).length === 0 && !anySkipped
  return {
    applied: apply,
    finished: state.finished,
    ...(stop ? { stopped: stop } : {}),
    ...(apply ? {} : { toDo }),
    current: state.current,
    moved: state.moved,
    notOurs: state.notOursSeen,
    skipped: state.skipped,
    failed: state.failed,
    failures: state.failures,
    passwords: { current: current ?? '', older },
    canBeRetired: everyoneKnown ? older : [],
    requests: { ...requests },
  }
}

/** 0 done, 1 users failed or the pass stopped. */
export function exitCodeOf({ stopped, failed }: Report): number {
  return stopped || Object.keys(failed).length > 0 ? 1 : 0
}

export function textOf(report: Report): string {
  const { passwords, toDo, applied } = report
  const rows: [string, number | undefined][] = applied
    ? [
        [`on the current password (${passwords.current})`, report.current],
        ['moved to it', report.moved],
        ['not ours: on none of the passwords', report.notOurs],
      ]
    : [
        ['would be logged in', toDo],
        ['known as not ours', report.notOurs],
      ]
  for (const [code, count] of Object.entries(report.skipped)) rows.push([`skipped: ${code}`, count])
  for (const [code, count] of Object.entries(report.failed)) rows.push([`failed: ${code}`, count])
  const label = Math.max(...rows.map(([name]) => name.length))
  const number = Math.max(...rows.map(([, count]) => String(count).length))
  const table = rows.map(([name, count]) => `  ${name.padEnd(label)}  ${String(count).padStart(number)}`)
  return ['', ...table, '', ...remarks(report)].join('\n')
}

function remarks(report: Report): string[] {
  const { stopped, failures, applied, canBeRetired, passwords, finished } = report
  const lines: string[] = []
  if (stopped) lines.push(`Stopped: ${stopped.reason}`)
  for (const { objectId, code } of failures.slice(0, 10)) lines.push(`  failed: ${objectId} ${code}`)
  if (failures.length > 10) lines.push('  More of them with --json.')
  if (!applied) {
    lines.push(
      'Nothing was changed, and nobody was logged in: a login counts for lock-out and may end a session, so which password',
      'a user is on is found out with --apply alone.',
    )
  } else if (passwords.older.length === 0) {
    lines.push('There is no older password, so there is nothing to retire.')
  } else if (canBeRetired.length > 0) {
    lines.push(`Can be retired: ${canBeRetired.join(', ')}.`)
  } else {
    lines.push(
      finished
        ? 'Nothing can be retired yet: of the users who failed or were skipped it is not known which password they are on.'
        : 'Nothing can be retired yet: not all users were looked at. Run it again.',
    )
  }
  return lines
}
