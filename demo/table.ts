const WIDTH = 110
const GAP = '  '

export interface Column {
  readonly title: string
  readonly right?: boolean
}

/** A table in plain text: a line of titles, a rule, and the rows. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    columns
      .map(({ right }, index) => {
        const cell = cells[index] ?? ''
        return right ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)
      })
      .join(GAP)
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join(GAP)
  return [line(columns.map(({ title }) => title)), rule, ...rows.map(line)].join('\n')
}

/** Returns a numbered note, wrapped and indented under its number. */
export function note(number: number, text: string): string {
  const indent = '     '
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1] ?? ''
    if (last !== '' && indent.length + last.length + 1 + word.length > WIDTH) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return `${String(number).padStart(3)}  ${lines.join(`\n${indent}`)}`
}
