// The pages of searches in logs and users.
import { ApiError } from './errors.ts'

export interface Paged {
  Querystring: Record<string, string | undefined>
}

const MOST_PER_PAGE = 100
const DEFAULT_PER_PAGE = 50
/** Auth0's limit on the results of a search, on all pages together. */
const MOST_RESULTS = 1_000

/** @throws ApiError 400 for a number out of range. */
export function wholeNumber(text: string | undefined, fallback: number, least: number, most: number): number {
  const number = text === undefined ? fallback : Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new ApiError(
    400,
    `Query validation error: must be a whole number from ${least} to ${most}`,
    'invalid_query_string',
  )
}

/** A list, or with `include_totals` an object that also has the total. @throws ApiError 400 beyond 1,000 results. */
export function pageOf(name: string, found: readonly unknown[], query: Paged['Querystring']) {
  const perPage = wholeNumber(query.per_page, DEFAULT_PER_PAGE, 0, MOST_PER_PAGE)
  const page = wholeNumber(query.page, 0, 0, MOST_RESULTS)
  const start = page * perPage
  if (start + perPage > MOST_RESULTS) {
    throw new ApiError(400, `You can only page through the first ${MOST_RESULTS} records.`, 'invalid_paging')
  }
  const shown = found.slice(start, start + perPage)
  if (query.include_totals !== 'true') return shown
  return { start, limit: perPage, length: shown.length, total: found.length, [name]: shown }
}
