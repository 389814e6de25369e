import { isAboveLimit, type OutcomesReport, type Period } from './command.ts'
import { failedShare } from './tally.ts'

/** The report for a program. Times are ISO 8601; `failedShare` is from 0 to 1. No address unless `--users` asked for it. */
export function outcomesJson(report: OutcomesReport): string {
  const { period, before, logBegins, ...rest } = report
  return JSON.stringify(
    {
      ...rest,
      ok: !isAboveLimit(report),
      period: readable(period),
      ...(before ? { before: readable(before) } : {}),
      ...(logBegins === undefined ? {} : { logBegins: new Date(logBegins).toISOString() }),
      notCounted: ['sign-ins that continued without a token'],
    },
    null,
    2,
  )
}

function readable({ from, to, tally }: Period) {
  const hours = Object.entries(tally.hours).map(([at, numbers]) => ({
    hour: new Date(Number(at)).toISOString(),
    ...numbers,
  }))
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    failedShare: failedShare(tally),
    ...tally,
    hours,
  }
}
