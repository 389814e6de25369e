// The query strings of log and user searches: the part of Lucene's syntax that Auth0 documents.
//
//   query = term { [AND] term }
//   term  = [NOT | -] ( field ':' value | '_exists_:' field )
//   value = word with '*' | "phrase" | '[' from TO to ']'
import { ApiError } from './errors.ts'

type Test = (item: unknown) => boolean

const TERM = /\s*(?:(AND)\s+)?((?:NOT\s+|-)?)([\w.@-]+):("(?:[^"\\]|\\.)*"|\[[^\]]*\]|\S+)/y

/**
 * Compiles a query. Fields are not tokenized: a value must match the whole field, with `*` for any characters.
 * @throws ApiError 400 for any other Lucene syntax.
 */
export function parseSearch(query: string): Test {
  const tests: Test[] = []
  const text = query.trim()
  TERM.lastIndex = 0
  let end = 0
  while (end < text.length) {
    const match = TERM.exec(text)
    if (!match) throw new ApiError(400, `Invalid query: ${text.slice(end)}`, 'invalid_query_string')
    end = TERM.lastIndex
    const [, , negation = '', field = '', value = ''] = match
    const test = field === '_exists_' ? exists(value) : matches(field, value)
    tests.push(negation === '' ? test : (item) => !test(item))
  }
  return (item) => tests.every((test) => test(item))
}

const exists =
  (field: string): Test =>
  (item) =>
    valuesAt(item, field.split('.')).some((value) => value !== null && value !== undefined)

function matches(field: string, value: string): Test {
  const path = field.split('.')
  const fits = value.startsWith('[') ? within(value) : like(value)
  return (item) =>
    valuesAt(item, path).some((found) => found !== null && found !== undefined && fits(String(found)))
}

function within(range: string): (found: string) => boolean {
  const [from = '*', to = '*'] = range.slice(1, -1).split(/\s+TO\s+/)
  return (found) => (from === '*' || found >= from) && (to === '*' || found <= to)
}

function like(value: string): (found: string) => boolean {
  const text = value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value
  const source = text.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')
  const pattern = new RegExp(`^${source}$`, 'is')
  return (found) => pattern.test(found)
}

/** Returns the values at a path; those of every element if there is a list on it. */
function valuesAt(item: unknown, [name, ...rest]: readonly string[]): unknown[] {
  if (Array.isArray(item))
    return item.flatMap((each) => valuesAt(each, name === undefined ? [] : [name, ...rest]))
  if (name === undefined) return [item]
  return typeof item === 'object' && item !== null && Object.hasOwn(item, name)
    ? valuesAt(Reflect.get(item, name), rest)
    : []
}
