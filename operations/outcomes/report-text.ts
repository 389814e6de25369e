// The report as a person reads it in a terminal.
import { isKeptCode } from '../../actions/backendless-login/outcomes.ts'
import { commandLine } from '../arguments.ts'
import { ADVICE } from './advice.ts'
import type { AffectedUsers } from './affected-users.ts'
import { hourChart } from './chart.ts'
import { isAboveLimit, type OutcomesReport, type Period } from './command.ts'
import { failedShare, type SignInTally } from './tally.ts'

const EXECUTION_ADVICE: Readonly<Record<string, string>> = {
  action_timeout:
    'An Action ran into the limit of 20 seconds. This one ends within budgetMs: look at the others on post-login.',
  action_error: 'An Action threw an error. Look at the entry in the dashboard: Action Details names it.',
  rate_limited: 'Auth0 limited the executions of the tenant.',
  resource_exhausted: 'The tenant reached its limit of executions at a time: docs/availability.md.',
  platform_error: 'An error of Auth0: see its status page.',
}

export function outcomesText(report: OutcomesReport): string {
  const { stack, clients, period, before } = report
  const who = clients.includes('*')
    ? 'every application'
    : `${clients.length} application${clients.length === 1 ? '' : 's'}`
  return [
    `Sign-ins of stack ${stack} (${who})`,
    ...(before ? ['', ...summaryOf('before', before), ''] : []),
    ...summaryOf(before ? 'watched' : undefined, period),
    ...denialsOf(period.tally),
    ...executionsOf(period.tally),
    ...hourChart(period),
    ...usersOf(report),
    ...notCounted(report),
    ...verdictOf(report),
  ].join('\n')
}

function summaryOf(name: string | undefined, { from, to, tally }: Period): string[] {
  const row = (label: string, number: number, share = '') =>
    `  ${label.padEnd(26)}${format(number).padStart(9)}  ${share}`.trimEnd()
  return [
    `${name ? `${name}: ` : ''}${minute(from)} to ${minute(to)} UTC`,
    row('sign-ins', tally.signIns),
    row('denied by this Action', tally.denied, percent(tally.denied, tally.signIns)),
    row('failed executions', tally.executionsFailed, percent(tally.executionsFailed, tally.signIns)),
    row('failed for other reasons', tally.otherFailures, percent(tally.otherFailures, tally.signIns)),
  ]
}

function denialsOf({ denials, signIns }: SignInTally): string[] {
  const rows = Object.entries(denials).toSorted(([, a], [, b]) => b.count - a.count)
  return rows.flatMap(([code, { count, lastSeen, references }]) => [
    '',
    `${code}: ${format(count)} denied, ${percent(count, signIns)}, last ${minute(Date.parse(lastSeen))} UTC, references ${references.join(', ')}`,
    `  ${adviceOn(code)}`,
  ])
}

function executionsOf({ failedExecutions }: SignInTally): string[] {
  return Object.entries(failedExecutions).flatMap(([errorClass, number]) => [
    '',
    `${errorClass}: ${format(number)} failed execution${number === 1 ? '' : 's'}`,
    `  ${EXECUTION_ADVICE[errorClass] ?? 'Look at the entry in the dashboard, Monitoring > Logs.'}`,
  ])
}

function usersOf({ users, recordsProblems }: OutcomesReport): string[] {
  if (!recordsProblems) return []
  return ['', ...affectedLines(users)]
}

function affectedLines(users: AffectedUsers): string[] {
  if (users.kind === 'not_counted') return [`Users with a problem: not counted. ${users.why}`]
  const codes = Object.entries(users.byCode).toSorted(([, a], [, b]) => b - a)
  const lines = codes.flatMap(([code, number]) => [
    `  ${code.padEnd(26)}${format(number).padStart(9)}`,
    `    ${adviceOn(code)}`,
  ])
  const listed = (users.listed ?? []).map(
    ({ userId, email, since }) =>
      `  ${[userId, email ?? 'no address', `since ${since ?? 'unknown'}`].join('  ')}`,
  )
  return [
    codes.length === 0 ? 'Users with a problem: none.' : 'Users with a problem, since their last token:',
    ...lines,
    ...(users.listed
      ? ['', listed.length === 0 ? 'Nobody has the problem that --users names.' : 'Users:', ...listed]
      : []),
  ]
}

/** What no number above contains: said each time, so that a small number is not taken for a good one. */
function notCounted({ logBegins, recordsProblems }: OutcomesReport): string[] {
  return [
    '',
    'Not counted:',
    ...(logBegins === undefined
      ? []
      : [
          `  sign-ins before ${minute(logBegins)} UTC: the tenant's logs begin there. How long they are kept depends on the plan.`,
        ]),
    '  sign-ins that continued without a token: they look like any other success in the logs. The claim <claim>Problem says why.',
    recordsProblems
      ? '  users who were not able to get a token during an outage, a lock or a session limit: no problem is recorded for these.'
      : '  users with a problem: the configuration records none (memory: false, or identity: user_id).',
  ]
}

function verdictOf(report: OutcomesReport): string[] {
  const { failAbove, period, before } = report
  if (failAbove === undefined) return []
  const share = `${(failedShare(period.tally) * 100).toFixed(1)} % of the sign-ins failed because of an Action`
  const limit = `${(failAbove * 100).toFixed(1)} %`
  if (period.tally.signIns === 0 && period.tally.executionsFailed === 0) {
    return ['', 'Nobody signed in during this time, so nothing is known about sign-in.']
  }
  if (!isAboveLimit(report)) return ['', `Good: ${share}, at most ${limit} are allowed.`]
  return [
    '',
    `FAILED: ${share}, and at most ${limit} are allowed.`,
    ...(before
      ? [
          'Way back: revert the commit that was deployed, and deploy again; or restore the version before in Auth0, Actions > Library > Version History. docs/runbook.md, "A wrong deployment: roll back".',
        ]
      : [
          `The way back from a deployment: docs/runbook.md. Whether sign-in can work: ${commandLine('doctor')} --stack ${report.stack}`,
        ]),
  ]
}

function adviceOn(code: string): string {
  if (isKeptCode(code)) return ADVICE[code]
  return Object.entries(ADVICE).find(([each]) => each === code)?.[1] ?? ''
}

const format = (number: number) => number.toLocaleString('en')
const minute = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ')

function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return ''
  const share = (part * 100) / whole
  return share < 0.1 ? '< 0.1 %' : `${share.toFixed(1)} %`
}
