// The string comparison of Backendless's database. Backendless Pro runs MySQL with the collation
// `utf8mb4_unicode_520_ci`; the cloud's collation is unconfirmed and probably the same.

/**
 * `exact`: byte for byte. `ignoreCase`: upper and lower case are equal. `loose`: characters with the same primary weight of the
 * Unicode Collation Algorithm are equal, as in MySQL's `utf8mb4_unicode_520_ci`: case, accents, width and compatibility
 * forms do not count, characters without a weight (zero-width, control) are ignored, and so are trailing spaces.
 */
export type Compare = 'exact' | 'ignoreCase' | 'loose'

/** Two strings are equal if their keys are identical. */
export function comparisonKey(text: string, compare: Compare): string {
  return compare === 'loose' ? primaryWeights(text).replace(/ +$/, '') : folded(text, compare)
}

/** Like `comparisonKey`, except that trailing spaces count, as they do in LIKE. */
export function folded(text: string, compare: Compare): string {
  switch (compare) {
    case 'exact':
      return text
    case 'ignoreCase':
      return text.toLowerCase()
    case 'loose':
      return primaryWeights(text)
    default:
      return compare satisfies never
  }
}

// ICU uses a newer version of Unicode than MySQL's 5.2. The weights of characters assigned since then differ.
const collator = new Intl.Collator('und', { sensitivity: 'base' })

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']

/** One string for each primary weight seen so far, in the collator's order. The first ones: letters, and pairs such as `ss` for `ß`. */
const REPRESENTATIVES = [
  ...LETTERS,
  ...LETTERS.flatMap((first) => LETTERS.map((second) => first + second)),
].sort(collator.compare)

const weightOf = new Map<string, string>()

function primaryWeights(text: string): string {
  if (/^[!-~ ]*$/.test(text)) return text.toLowerCase()
  let weights = ''
  for (const character of text.normalize('NFKD')) {
    let weight = weightOf.get(character)
    if (weight === undefined) {
      weight = collator.compare(character, '') === 0 ? '' : representative(character)
      weightOf.set(character, weight)
    }
    weights += weight
  }
  return weights
}

function representative(character: string): string {
  let [low, high] = [0, REPRESENTATIVES.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const candidate = REPRESENTATIVES[middle] ?? ''
    const order = collator.compare(candidate, character)
    if (order === 0) return candidate
    if (order < 0) low = middle + 1
    else high = middle
  }
  const own = character.toLowerCase()
  REPRESENTATIVES.splice(low, 0, own)
  return own
}
