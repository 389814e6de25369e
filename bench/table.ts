// Prints the results as a table.
import { type Figure, type Goal, isMet, type Measurement } from './measure.ts'

const HEAD = ['measure', 'ours', 'p99', 'against', 'p99', 'unit', 'ratio', 'goal', '']

/** Formats the rows in aligned columns: names to the left, numbers to the right. */
export function measurementTable(rows: readonly Measurement[]): string {
  const lines = [HEAD, ...rows.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return column === 0 || column === 5 || column === 8 ? cell.padEnd(width) : cell.padStart(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cells(row: Measurement): string[] {
  const verdict = isMet(row)
  return [
    row.what,
    ...figureCells(row.ours),
    ...figureCells(row.against),
    row.unit,
    row.ratio.toFixed(3),
    row.goal ? goalText(row.goal) : '',
    verdict === undefined ? '' : verdict ? 'met' : 'MISSED',
  ]
}

function figureCells({ median, p99 }: Figure): [string, string] {
  return [short(median), p99 === undefined ? '' : short(p99)]
}

/** Rounds to four digits, because more would be noise. Whole numbers stay whole. */
function short(value: number): string {
  return Number.isInteger(value) || value >= 1000
    ? Math.round(value).toLocaleString('en')
    : value.toPrecision(4)
}

function goalText(goal: Goal): string {
  return 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`
}
