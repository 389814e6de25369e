// Splits a `where` clause into tokens.
import { Refusal } from './errors.ts'
import type { Settings } from './settings.ts'

export type Token =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** A column or a keyword; a column in backticks is never a keyword. */
  | { readonly kind: 'word'; readonly value: string; readonly quoted: boolean }
  | { readonly kind: 'symbol'; readonly value: string }

const STRING = /'((?:[^']|'')*)'/y
// MySQL's strings: a backslash escapes the next character, even a quote.
const ESCAPED_STRING = /'((?:[^'\\]|''|\\.)*)'/sy
const NUMBER = /-?\d+(?:\.\d+)?(?![\w.])/y
const WORD = /[A-Za-z_]\w*/y
const QUOTED_WORD = /`([^`]+)`/y
const SYMBOL = /<>|!=|<=|>=|[=<>(),]/y
const SPACE = /\s+/y

/** @throws Refusal 1017 for what is not a token, such as an unclosed quote. */
export function tokenize(where: string, backslash: Settings['backslash']): Token[] {
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(where)
    if (found !== null) at = pattern.lastIndex
    return found
  }
  while (at < where.length) {
    if (match(SPACE)) continue
    let found = match(backslash === 'escape' ? ESCAPED_STRING : STRING)
    if (found) {
      // Two adjacent strings would be one with a quote in it, which the pattern has matched already.
      tokens.push({ kind: 'string', value: unquote(found[1] ?? '', backslash) })
      continue
    }
    found = match(NUMBER)
    if (found) {
      tokens.push({ kind: 'number', value: Number(found[0]) })
      continue
    }
    found = match(WORD)
    if (found) {
      tokens.push({ kind: 'word', value: found[0], quoted: false })
      continue
    }
    found = match(QUOTED_WORD)
    if (found) {
      tokens.push({ kind: 'word', value: found[1] ?? '', quoted: true })
      continue
    }
    found = match(SYMBOL)
    if (!found) throw new Refusal(1017, `Invalid where clause. Unexpected character at position ${at}`)
    tokens.push({ kind: 'symbol', value: found[0] === '<>' ? '!=' : found[0] })
  }
  return tokens
}

function unquote(literal: string, backslash: Settings['backslash']): string {
  switch (backslash) {
    case 'literal':
      return literal.replaceAll("''", "'")
    case 'escape':
      return literal.replace(/''|\\(.)/gs, (_, escaped: string | undefined) => escaped ?? "'")
    case 'refuse':
      if (literal.includes('\\')) throw new Refusal(1017, 'Invalid where clause. Unexpected backslash')
      return literal.replaceAll("''", "'")
  }
}
