/** In characters. GitHub's limit is 65,536; the rest is for the text around the output. */
const LONGEST_OUTPUT = 60_000

export interface CommentParts {
  readonly stack: string
  readonly title: string
  /** Sentences that a reviewer should not miss. */
  readonly notes?: readonly string[]
  /** Pulumi's output. */
  readonly output: string
}

/** Returns Markdown: the title, the notes, and Pulumi's output, folded. */
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

/** The fence is longer than any run of backticks in `text`, which may contain the Action's code. */
export function fenced(text: string): string {
  const runs = text.match(/`+/g) ?? []
  const fence = '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)))
  return `${fence}diff\n${text}\n${fence}`
}
