import type { PasswordsReport } from './report.ts'

/** The number of users shown in each list. `--json` has all of them. */
const MOST_SHOWN = 10

/** The report for people. */
export function passwordsText(report: PasswordsReport): string {
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
  for (const [id, count] of Object.entries(report.retired))
    rows.push([`on the retired password ${id}`, count])
  for (const [code, count] of Object.entries(report.skipped)) rows.push([`skipped: ${code}`, count])
  for (const [code, count] of Object.entries(report.failed)) rows.push([`failed: ${code}`, count])
  const label = Math.max(...rows.map(([name]) => name.length))
  const number = Math.max(...rows.map(([, count]) => String(count).length))
  const table = rows.map(([name, count]) => `  ${name.padEnd(label)}  ${String(count).padStart(number)}`)
  return ['', ...table, '', ...remarks(report)].join('\n')
}

function remarks(report: PasswordsReport): string[] {
  const { stopped, failures, applied, notOursUsers, retired, toGiveUp, nobodyOnCurrent } = report
  const lines: string[] = []
  if (stopped) lines.push(`Stopped: ${stopped.reason}`)
  const named = notOursUsers.map(({ objectId, identity }) =>
    identity === undefined ? objectId : `${objectId} ${identity}`,
  )
  lines.push(...listed('not ours', named))
  lines.push(
    ...listed(
      'failed',
      failures.map(({ objectId, code }) => `${objectId} ${code}`),
    ),
  )
  for (const [id, count] of Object.entries(retired)) {
    lines.push(
      `${users(count)} ${count === 1 ? 'is' : 'are'} on the retired password ${id}: put it back. Take \`retired: true\` from its entry, \`npx pulumi up\`, and run this again: it moves them.`,
    )
  }
  if (toGiveUp?.length === 0) {
    lines.push(
      'Three passwords are in use, and not more can be. Run this again until every other user was looked at: then it says which to retire in its place.',
    )
  } else if (toGiveUp) {
    lines.push(
      `Three passwords are in use, and not more can be: in the same change, set \`retired: true\` at ${toGiveUp.join(' or ')}, which nobody is on any more.`,
    )
  }
  if (nobodyOnCurrent) {
    lines.push(
      `Nobody is on the current password ${report.passwords.current}, and ${users(report.notOurs)} ${report.notOurs === 1 ? 'is' : 'are'} on none: they may be yours, on a password that this stack does not know. Find out which before you change anything: is it the right application, and was an entry of \`passwords\` removed?`,
    )
  }
  return [...lines, ...(applied ? whatCanBeRetired(report) : [NOTHING_DONE])]
}

const NOTHING_DONE = [
  'Nothing was changed, and nobody was logged in: a login counts for lock-out and may end a session, so which password',
  'a user is on is found out with --apply alone.',
].join('\n')

function whatCanBeRetired(report: PasswordsReport): string[] {
  const { passwords, finished, canBeRetired } = report
  const unused = finished ? passwords.unused : []
  const lines = unused.map(
    (id) =>
      `Password ${id} is not in use yet: nobody was found on it, and it was on top of no version that Auth0 keeps. If it is the next one, put it on top and \`npx pulumi up\`.`,
  )
  if (canBeRetired.length > 0) return [`Can be retired: ${canBeRetired.join(', ')}.`, ...lines]
  const hindrance = hindranceIn(report)
  if (hindrance !== undefined) return [hindrance, ...lines]
  return passwords.older.length > 0 || report.nobodyOnCurrent || Object.keys(report.retired).length > 0
    ? lines
    : ['There is no older password, so there is nothing to retire.']
}

function hindranceIn({
  passwords,
  finished,
  failed,
  failures,
  skipped,
}: PasswordsReport): string | undefined {
  if (passwords.older.length === 0) return undefined
  if (!finished) return 'Nothing can be retired yet: not all users were looked at. Run it again.'
  const failedUsers = sumOf(failed)
  if (failedUsers > 0) {
    const ids = failures.slice(0, MOST_SHOWN).map(({ objectId }) => objectId)
    const more = failedUsers > ids.length ? ` and ${failedUsers - ids.length} more` : ''
    return `Cannot be retired: ${users(failedUsers)} could not be looked at (${ids.join(', ')}${more}).`
  }
  const { active, ...others } = skipped
  if (active !== undefined) {
    return `Nothing can be retired yet: ${users(active)} ${active === 1 ? 'was' : 'were'} skipped as active. Run it again without --active-within.`
  }
  const skippedUsers = sumOf(others)
  // In a move, these rows do not belong to users of this program.
  return skippedUsers > 0 && passwords.unused.length < passwords.older.length
    ? `Nothing can be retired yet: ${users(skippedUsers)} ${skippedUsers === 1 ? 'was' : 'were'} skipped.`
    : undefined
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function users(count: number): string {
  return `${count} ${count === 1 ? 'user' : 'users'}`
}

function listed(title: string, names: readonly string[]): string[] {
  const lines = names.slice(0, MOST_SHOWN).map((name) => `  ${title}: ${name}`)
  return names.length > MOST_SHOWN
    ? [...lines, `  ${title}: ${names.length - MOST_SHOWN} more, with --json`]
    : lines
}
