// Explains the Action's circuit breaker while it rejects requests.
import type { ExecutionSeen } from '../activity.ts'
import { say } from './elements.ts'

/** How long the Action sends no request after two failures, in milliseconds (docs/availability.md). */
const OPEN_MS = 5_000

let timer = 0

/** Shows the explanation after a sign-in whose log line says that the circuit was open. */
export function showCircuit({ at, logs }: ExecutionSeen): void {
  clearTimeout(timer)
  const remaining = at + OPEN_MS - Date.now()
  if (!logs.some(({ text }) => text.includes(' circuit=open')) || remaining <= 0) {
    say('circuit', '')
    return
  }
  say(
    'circuit',
    'The circuit is open: after two failed sign-ins in a row, the Action sends no request for five seconds, and each sign-in ' +
      'ends at once. After that, one request is let through, and its answer decides.',
  )
  timer = window.setTimeout(() => say('circuit', ''), remaining)
}
