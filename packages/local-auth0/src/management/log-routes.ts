// Tenant logs, by checkpoint and by search (docs: retrieve-log-events-using-mgmt-api), and Action executions.
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { TenantLogs } from '../logs/tenant-logs.ts'
import { ApiError } from './errors.ts'
import { type Paged, pageOf, wholeNumber } from './paging.ts'
import { parseSearch } from './search.ts'
import type { Tokens } from './tokens.ts'

interface Call extends Paged {
  Params: { id: string }
}

const MOST_TAKEN = 100
const DEFAULT_TAKEN = 50

export function logRoutes(
  server: FastifyInstance,
  logs: TenantLogs,
  tokens: Tokens,
  domain: () => string,
): void {
  server.get<Call>('/logs', tokens.need('read:logs'), async ({ query }, reply) =>
    query.from === undefined ? search(logs, query) : checkpoint(logs, query, reply, domain()),
  )
  server.get<Call>('/logs/:id', tokens.need('read:logs'), async ({ params }) => {
    const entry = logs.entries.find(({ log_id }) => log_id === params.id)
    if (!entry) throw new ApiError(404, 'The log does not exist.', 'inexistent_log')
    return entry
  })
  server.get<Call>('/actions/executions/:id', tokens.need('read:actions'), async ({ params }) => {
    const execution = logs.execution(params.id)
    if (!execution) throw new ApiError(404, 'That execution does not exist.')
    const { id, triggerId, startedAt, endedAt, actions, error } = execution
    const times = { started_at: new Date(startedAt).toISOString(), ended_at: new Date(endedAt).toISOString() }
    const results = actions.map((action_name, index) => ({
      action_name,
      ...(error !== undefined && index === actions.length - 1 ? { error: { msg: error } } : {}),
      ...times,
    }))
    const status = error === undefined ? 'final' : 'partial'
    return {
      id,
      trigger_id: triggerId,
      status,
      results,
      created_at: times.started_at,
      updated_at: times.ended_at,
    }
  })
}

/** Any parameter but `from` and `take` is ignored. The last page links to itself. */
function checkpoint(logs: TenantLogs, query: Call['Querystring'], reply: FastifyReply, domain: string) {
  const take = wholeNumber(query.take, DEFAULT_TAKEN, 1, MOST_TAKEN)
  const found = logs.after(query.from ?? '', take)
  const from = found.at(-1)?.log_id ?? query.from ?? ''
  reply.header('link', `<https://${domain}/api/v2/logs?from=${from}&take=${take}>; rel="next"`)
  return found
}

/** By criteria: newest first unless `sort` is given, and at most 1,000 results. */
function search(logs: TenantLogs, query: Call['Querystring']) {
  const test = parseSearch(query.q ?? '')
  const found = logs.entries.filter(test)
  if (query.sort !== 'date:1') found.reverse()
  return pageOf('logs', found, query)
}
