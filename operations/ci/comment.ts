/** GitHub takes 65,536 characters; what surrounds the output needs some. */
const LONGEST_OUTPUT = 60_000

export interface CommentParts {
  readonly stack: string
  readonly title: string
  /** Sentences that a reviewer should not miss. */
  readonly notes?: readonly string[]
  /** What Pulumi said. */
  readonly output: string
}

/** Markdown: a line that says how it ended, what must not be missed, and Pulumi's output, folded. */
export function comment({ stack, title, notes = [], output }: CommentParts): string {
  const text = output.trim()
  const shown =
    text.length > LONGEST_OUTPUT
      ? `${text.slice(0, LONGEST_OUTPUT)}\n… and ${text.length - LONGEST_OUTPUT} more characters`
      : text
  return [
    `### \`${stack}\`: ${title}`,
    '',
    ...(notes.length > 0 ? [...notes.map((note) => `- ${note}`), ''] : []),
    '<details><summary>What Pulumi says</summary>',
    '',
    fenced(shown),
    '',
    '</details>',
    '',
  ].join('\n')
}

/** A fence longer than any run of backticks inside: the code of the Action stands in here, and may hold some. */
export function fenced(text: string): string {
  const runs = text.match(/`+/g) ?? []
  const fence = '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)))
  return `${fence}diff\n${text}\n${fence}`
}
