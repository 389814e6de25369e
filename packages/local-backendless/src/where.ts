// The `where` clauses of find and count: the part of SQL-92 that clients use on a Users table.
//
//   or      = and { OR and }
//   and     = not { AND not }
//   not     = NOT not | '(' or ')' | column test
//   test    = ('=' | '!=' | '<' | '>' | '<=' | '>=') value | [NOT] LIKE string | [NOT] IN (value, …) | IS [NOT] NULL
import { type Compare, comparisonKey, folded } from './compare.ts'
import { Refusal } from './errors.ts'
import type { Settings } from './settings.ts'
import type { Row } from './users.ts'
import { type Token, tokenize } from './where-tokens.ts'

/** SQL's three-valued logic: a comparison with NULL, and its NOT, are neither true nor false. */
type Truth = boolean | undefined
type Test = (row: Row) => Truth
type Value = string | number | boolean | null

export interface WhereContext {
  readonly compare: Compare
  readonly backslash: Settings['backslash']
  /** Naming an unknown column is an error. */
  readonly hasColumn: (name: string) => boolean
}

/** Compiles a clause to a predicate. An empty clause selects all rows. @throws Refusal 1017. */
export function parseWhere(where: string, context: WhereContext): (row: Row) => boolean {
  if (where.trim() === '') return () => true
  const parser = new Parser(tokenize(where, context.backslash), context)
  const test = parser.parse()
  return (row) => test(row) === true
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #context: WhereContext
  #at = 0

  constructor(tokens: readonly Token[], context: WhereContext) {
    this.#tokens = tokens
    this.#context = context
  }

  parse(): Test {
    const test = this.#or()
    if (this.#at < this.#tokens.length) throw this.#unexpected()
    return test
  }

  #or(): Test {
    let left = this.#and()
    while (this.#keyword('OR')) {
      const [a, b] = [left, this.#and()]
      left = (row) => not(both(not(a(row)), not(b(row))))
    }
    return left
  }

  #and(): Test {
    let left = this.#not()
    while (this.#keyword('AND')) {
      const [a, b] = [left, this.#not()]
      left = (row) => both(a(row), b(row))
    }
    return left
  }

  #not(): Test {
    if (this.#keyword('NOT')) {
      const test = this.#not()
      return (row) => not(test(row))
    }
    if (this.#symbol('(')) {
      const test = this.#or()
      if (!this.#symbol(')')) throw this.#unexpected()
      return test
    }
    return this.#test(this.#column())
  }

  #test(column: string): Test {
    const { compare } = this.#context
    const read = (row: Row) => comparable(row[column])
    if (this.#keyword('IS')) {
      const negated = this.#keyword('NOT')
      if (!this.#keyword('NULL')) throw this.#unexpected()
      return (row) => (read(row) === null) !== negated
    }
    const negated = this.#keyword('NOT')
    if (this.#keyword('LIKE')) {
      const pattern = likePattern(this.#value(), compare)
      const like: Test = (row) => nullable(read(row), (value) => pattern.test(folded(String(value), compare)))
      return negated ? (row) => not(like(row)) : like
    }
    if (this.#keyword('IN')) {
      const values = this.#list()
      const among: Test = (row) =>
        nullable(read(row), (value) => values.some((one) => order(value, one, compare) === 0))
      return negated ? (row) => not(among(row)) : among
    }
    if (negated) throw this.#unexpected()
    const operator = this.#operator()
    const right = this.#value()
    return (row) => nullable(read(row), (left) => operator(order(left, right, compare)))
  }

  #operator(): (order: number) => boolean {
    if (this.#symbol('=')) return (order) => order === 0
    if (this.#symbol('!=')) return (order) => order !== 0
    if (this.#symbol('<=')) return (order) => order <= 0
    if (this.#symbol('>=')) return (order) => order >= 0
    if (this.#symbol('<')) return (order) => order < 0
    if (this.#symbol('>')) return (order) => order > 0
    throw this.#unexpected()
  }

  #list(): Exclude<Value, null>[] {
    if (!this.#symbol('(')) throw this.#unexpected()
    const values = [this.#value()]
    while (this.#symbol(',')) values.push(this.#value())
    if (!this.#symbol(')')) throw this.#unexpected()
    return values
  }

  #column(): string {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'word') throw this.#unexpected()
    if (!this.#context.hasColumn(token.value)) {
      throw new Refusal(1017, `Invalid where clause. Column '${token.value}' does not exist`)
    }
    this.#at += 1
    return token.value
  }

  #value(): Exclude<Value, null> {
    if (this.#keyword('TRUE')) return true
    if (this.#keyword('FALSE')) return false
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'string' && token?.kind !== 'number') throw this.#unexpected()
    this.#at += 1
    return token.value
  }

  #keyword(name: string): boolean {
    const token = this.#tokens[this.#at]
    const found = token?.kind === 'word' && !token.quoted && token.value.toUpperCase() === name
    if (found) this.#at += 1
    return found
  }

  #symbol(value: string): boolean {
    const token = this.#tokens[this.#at]
    const found = token?.kind === 'symbol' && token.value === value
    if (found) this.#at += 1
    return found
  }

  #unexpected(): Refusal {
    const token = this.#tokens[this.#at]
    return new Refusal(1017, `Invalid where clause. Unexpected ${token ? `'${token.value}'` : 'end'}`)
  }
}

const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth)

function both(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false
  return a === undefined || b === undefined ? undefined : true
}

const nullable = (value: Value, test: (value: Exclude<Value, null>) => boolean): Truth =>
  value === null ? undefined : test(value)

function comparable(cell: unknown): Value {
  if (cell === undefined || cell === null) return null
  if (typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean') return cell
  return JSON.stringify(cell)
}

/** Returns a negative number, zero or a positive one. A string and a number compare as numbers if the string is one. */
function order(left: Exclude<Value, null>, right: Exclude<Value, null>, compare: Compare): number {
  if (typeof left === 'string' && typeof right === 'string') {
    const [a, b] = [comparisonKey(left, compare), comparisonKey(right, compare)]
    return a === b ? 0 : a < b ? -1 : 1
  }
  return Number(left) - Number(right)
}

function likePattern(value: Exclude<Value, null>, compare: Compare): RegExp {
  const source = folded(String(value), compare)
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
  return new RegExp(`^${source}$`, 'su')
}
