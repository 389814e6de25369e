// How strings compare in the database behind Backendless, which is unconfirmed: MySQL's way depends on the collation.

/**
 * `exact`: byte for byte. `ignoreCase`: upper and lower case are equal. `loose`: everything that one of MySQL's `_ci`
 * collations ignores; accents, compatibility forms, trailing spaces and characters without a weight, such as zero-width
 * ones, do not count, and all characters beyond U+FFFF are equal.
 */
export type Compare = 'exact' | 'ignoreCase' | 'loose'

/** Equal for strings that compare as equal. */
export function comparisonKey(text: string, compare: Compare): string {
  return compare === 'loose' ? folded(text).replace(/ +$/, '') : folded(text, compare)
}

/** As `comparisonKey`, but that trailing spaces count: in LIKE they do. */
export function folded(text: string, compare: Compare = 'loose'): string {
  switch (compare) {
    case 'exact':
      return text
    case 'ignoreCase':
      return text.toLowerCase()
    case 'loose':
      return text
        .normalize('NFKD')
        .replace(/[\p{M}\p{Cf}\p{Cc}]/gu, '')
        .replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')
        .toLowerCase()
        .replaceAll('ß', 'ss')
    default:
      return compare satisfies never
  }
}
