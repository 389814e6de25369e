// Reads what an entry of the tenant's log says about a sign-in.
import { type FailureCode, SENTENCES } from '../../actions/backendless-login/outcomes.ts'
import type { LogEntry } from '../auth0/shapes.ts'
import { fieldsOf } from '../fields.ts'

/** Types of log entries (docs: Log Event Type Codes): sign-in, silent sign-in, refresh, password grant. */
const SUCCESSES = new Set(['s', 'ssa', 'sertft', 'sepft'])
const FAILURES = new Set(['f', 'fsa', 'fertft', 'fepft'])

/** `other`: failed for a reason that is not this Action's, such as another Action, or an error of this one. */
export type SignInEntry =
  | { readonly kind: 'success' }
  | { readonly kind: 'denied'; readonly code: FailureCode; readonly reference: string }
  | { readonly kind: 'other' }
  | { readonly kind: 'execution_failed'; readonly errorClass: string }

/** `undefined` for an entry that is about something else than a sign-in. */
export function readEntry(entry: LogEntry): SignInEntry | undefined {
  if (SUCCESSES.has(entry.type)) return { kind: 'success' }
  if (FAILURES.has(entry.type)) return denialIn(entry.description ?? '') ?? { kind: 'other' }
  if (entry.type === 'actions_execution_failed') {
    const errorClass = entry.error_class ?? fieldsOf(entry.details).error_class
    return { kind: 'execution_failed', errorClass: typeof errorClass === 'string' ? errorClass : 'unknown' }
  }
  return entry.type === 'resource_exhausted'
    ? { kind: 'execution_failed', errorClass: 'resource_exhausted' }
    : undefined
}

/** The reason that the Action gives: `<code>: <sentence> Reference: <reference>`. */
function denialIn(description: string): SignInEntry | undefined {
  const [, code = '', reference = ''] = /^([a-z_]+): .* Reference: ([A-Z0-9]{6})$/s.exec(description) ?? []
  return isFailureCode(code) ? { kind: 'denied', code, reference } : undefined
}

function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(SENTENCES, code)
}
