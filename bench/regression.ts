// Compares a run with the committed results. It only warns, because results differ between machines, although ratios differ less.
import { isMet, type Measurement } from './measure.ts'

/** The relative difference of a ratio from the committed one that noise on a busy machine can cause. */
export const TOLERANCE = 0.15

/**
 * Returns a sentence for each ratio that differs by more than the tolerance. Better ones are included, because an outdated
 * committed result would hide the next regression.
 */
export function warnings(
  rows: readonly Measurement[],
  committed: readonly Measurement[],
  tolerance = TOLERANCE,
): string[] {
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
