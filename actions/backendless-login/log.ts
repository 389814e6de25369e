import type { Trace } from './context.ts'
import type { Outcome } from './outcomes.ts'

/** In characters. Auth0 keeps no more of an Action's console output. */
const LONGEST_LINE = 256

/** The log line of one execution, in `key=value` form. It contains no address, key, password, token or URL. */
export function logLine(outcome: Outcome, reference: string, trace: Trace, milliseconds: number): string {
  const fields: [string, string | number][] = [
    ['outcome', outcome.kind],
    ['code', outcome.code],
    ['ref', reference],
  ]
  if (trace.requests > 0) fields.push(['path', trace.path])
  fields.push(['requests', trace.requests], ['ms', milliseconds])
  if (trace.retried !== undefined) fields.push(['retried', trace.retried])
  if (trace.circuitOpen) fields.push(['circuit', 'open'])
  if (trace.logins > 1) fields.push(['passwords', trace.logins])
  if (trace.backendlessCode !== undefined) fields.push(['backendless', trace.backendlessCode])
  const line = `backendless-login ${fields.map(([key, value]) => `${key}=${value}`).join(' ')}`
  return line.slice(0, LONGEST_LINE)
}
