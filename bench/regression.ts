// Compares a run with the committed one. It warns and never fails: machines differ, ratios less so.
import { isMet, type Row } from './measure.ts'

/** How far a ratio may be from the committed one: what noise makes of it on a busy machine. */
export const TOLERANCE = 0.15

/**
 * A sentence for each ratio that differs by more than the tolerance. A better one is told too, since a committed result
 * that lags behind hides the next regression.
 */
export function warnings(rows: readonly Row[], committed: readonly Row[], tolerance = TOLERANCE): string[] {
  return rows.flatMap((row) => {
    const before = committed.find(({ name }) => name === row.name)
    if (!before) return [`${row.name}: not in the committed results; commit them with --json`]
    const change = row.ratio / before.ratio - 1
    if (!Number.isFinite(change) || Math.abs(change) <= tolerance) return []
    const lowerIsBetter = !row.goal || 'atMost' in row.goal
    const verdict = change > 0 === lowerIsBetter ? 'worse' : 'better'
    const missed = isMet(row) === false ? ', and misses its goal' : ''
    const [was, is] = [before.ratio, row.ratio].map((ratio) => ratio.toFixed(3))
    return [
      `${row.name}: ${verdict} by ${Math.round(Math.abs(change) * 100)} %, ${was} before, ${is} now${missed}`,
    ]
  })
}
