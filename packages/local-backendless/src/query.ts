// Find and count: selects, sorts and pages rows.
import { Refusal } from './errors.ts'
import { selectionOf } from './selection.ts'
import type { Settings } from './settings.ts'
import type { Row, Users } from './users.ts'
import { parseWhere } from './where.ts'

const DEFAULT_PAGE_SIZE = 10
const MAX_PAGE_SIZE = 100

/** The parameters of a find, from a query string or a JSON body. */
export type FindParameters = Readonly<Record<string, unknown>>

/** Returns one page of rows. @throws Refusal 1017, or 1025 for a page size out of range. */
export function find(
  users: Users,
  settings: Settings,
  parameters: FindParameters,
): Record<string, unknown>[] {
  const pageSize = whole(parameters.pageSize, DEFAULT_PAGE_SIZE)
  const offset = whole(parameters.offset, 0)
  if (pageSize < 1 || pageSize > MAX_PAGE_SIZE || offset < 0) throw new Refusal(1025)
  const selection = selectionOf(list(parameters.props), list(parameters.excludeProps), users.columns)
  const matches = predicate(users, settings, parameters)
  const compare = ordering(users, list(parameters.sortBy))
  const longest = Math.min(pageSize, settings.maxPageSize)
  const page: Row[] = []
  if (compare === undefined) {
    let skipped = 0
    for (const row of users.rows) {
      if (page.length === longest) break
      if (!matches(row)) continue
      if (skipped < offset) skipped += 1
      else page.push(row)
    }
  } else {
    page.push(
      ...users.rows
        .filter(matches)
        .sort(compare)
        .slice(offset, offset + longest),
    )
  }
  return page.map((row) => users.present(row, selection))
}

export function count(users: Users, settings: Settings, parameters: FindParameters): number {
  return users.rows.filter(predicate(users, settings, parameters)).length
}

function predicate(users: Users, settings: Settings, { where }: FindParameters): (row: Row) => boolean {
  if (where === undefined || where === null) return () => true
  if (typeof where !== 'string') throw new Refusal(1017)
  const { compare, backslash } = settings
  return parseWhere(where, { compare, backslash, hasColumn: (name) => users.hasColumn(name) })
}

/** Returns `undefined` if the rows are in that order already, so that no page of 100,000 users is sorted. */
function ordering(users: Users, sortBy: readonly string[]): ((a: Row, b: Row) => number) | undefined {
  const keys = sortBy.map((entry) => {
    const [column = '', direction = 'asc', ...rest] = entry.trim().split(/\s+/)
    const sign = { asc: 1, desc: -1 }[direction.toLowerCase()]
    if (sign === undefined || rest.length > 0 || !users.hasColumn(column)) {
      throw new Refusal(1017, `Invalid sortBy '${entry}'`)
    }
    return { column, sign }
  })
  const [first] = keys
  if (first === undefined) return undefined
  if (first.column === 'created' && first.sign === 1 && keys.length === 1 && inCreationOrder(users.rows)) {
    return undefined
  }
  return (a, b) => {
    for (const { column, sign } of keys) {
      const order = compareCells(a[column], b[column])
      if (order !== 0) return order * sign
    }
    return 0
  }
}

function inCreationOrder(rows: readonly Row[]): boolean {
  let last = Number.NEGATIVE_INFINITY
  return rows.every(({ created }) => {
    const ordered = typeof created === 'number' && created >= last
    if (ordered) last = created
    return ordered
  })
}

/** NULL sorts first, as in MySQL. */
function compareCells(a: unknown, b: unknown): number {
  if (a === undefined || a === null) return b === undefined || b === null ? 0 : -1
  if (b === undefined || b === null) return 1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [left, right] = [String(a), String(b)]
  return left === right ? 0 : left < right ? -1 : 1
}

function whole(value: unknown, fallback: number): number {
  if (value === undefined || value === null) return fallback
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number)) throw new Refusal(1025)
  return number
}

/** `a,b`, a repeated parameter, or a JSON array. */
function list(value: unknown): string[] {
  const entries = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  return entries
    .flatMap((entry) => String(entry).split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}
