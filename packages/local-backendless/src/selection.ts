// The parameters `props` and `excludeProps`: which columns a find returns, and under which names.
import { Refusal } from './errors.ts'

interface Selected {
  readonly column: string
  readonly name: string
}

/** `undefined` selects every column. */
export type Selection = readonly Selected[] | undefined

/**
 * Each entry of `props` is a column, `*`, or `column as name`. `___class` is always included; `objectId` only if it is named
 * (the SDK's specs of 2020 and 2021 disagree).
 * @throws Refusal for a column that the table does not have. The text is confirmed.
 */
export function selectionOf(
  props: readonly string[],
  excludeProps: readonly string[],
  columns: readonly string[],
): Selection {
  if (props.length === 0 && excludeProps.length === 0) return undefined
  const known = (column: string): string => {
    if (columns.includes(column)) return column
    throw new Refusal(1017, `Column '${column}' does not exist in table 'Users'`)
  }
  const selected = (props.length === 0 ? ['*'] : props).flatMap((entry): Selected[] => {
    if (entry === '*') return columns.map((column) => ({ column, name: column }))
    const [column = '', name = column] = entry.split(/\s+as\s+/i)
    return [{ column: known(column), name }]
  })
  const excluded = new Set(excludeProps.map(known))
  const all = [{ column: '___class', name: '___class' }, ...selected]
  return all.filter(({ column }) => !excluded.has(column))
}
