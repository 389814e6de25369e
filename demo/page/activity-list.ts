// The live list of requests to Backendless and of sign-ins with their log entries.
import type { Activity, ExecutionSeen, LogEntrySeen, RequestSeen } from '../activity.ts'
import { element, make, show } from './elements.ts'

const SHOWN = 14

const FLOWS = {
  login: 'Sign-in',
  sso: 'Sign-in over the session',
  silent: 'Silent sign-in',
  refresh: 'Refresh',
  password: 'Password grant',
} as const

const requests = new Map<number, HTMLElement>()

/** Names of the entry types (docs: log-event-type-codes). */
const ENTRY_TYPES: Readonly<Record<string, string>> = {
  s: 'success login',
  f: 'failed login',
  ssa: 'success silent auth',
  fsa: 'failed silent auth',
  sertft: 'success exchange of a refresh token',
  fertft: 'failed exchange of a refresh token',
  sepft: 'success exchange of a password',
  fepft: 'failed exchange of a password',
  actions_execution_failed: 'failed execution of an Action',
}

/** Calls `onExecution` after each sign-in. After a break in the connection, the server sends all of it again. */
export function listenToActivity(onExecution: (execution: ExecutionSeen) => void): void {
  const source = new EventSource('/activity')
  source.addEventListener('open', () => {
    requests.clear()
    element('activity-list').replaceChildren()
  })
  source.addEventListener('message', ({ data }) => {
    const activity: Activity = JSON.parse(data)
    add(activity)
    if (activity.kind === 'execution') onExecution(activity)
  })
}

function add(activity: Activity): void {
  if (activity.kind === 'request') addRequest(activity)
  else addToTop(executionItem(activity))
  show('activity-empty', false)
}

function addRequest(seen: RequestSeen): void {
  const before = requests.get(seen.id)
  if (before) before.replaceChildren(...requestParts(seen))
  else {
    const item = make('li', 'request')
    item.append(...requestParts(seen))
    requests.set(seen.id, item)
    addToTop(item)
  }
}

function requestParts({ by, method, path, status, code, ms, ended }: RequestSeen): HTMLElement[] {
  const good = status >= 200 && status < 300
  const answer = ended
    ? status === 0
      ? 'no answer'
      : `${status}${code === undefined ? '' : ` · ${code}`}`
    : '…'
  return [
    make('span', '', `${method} ${path}`),
    make('span', ended ? (good ? 'ok' : 'no') : '', ended ? `${answer} · ${ms.toFixed(0)} ms` : answer),
    make('span', 'who', by === 'action' ? 'Action' : 'this page'),
  ]
}

function executionItem(execution: ExecutionSeen): HTMLElement {
  const item = make('li', 'execution')
  const line = execution.logs.map(({ text }) => text).join('\n')
  const asked = Number(/ requests=(\d+)/.exec(line)?.[1] ?? 0)
  const outcome = /outcome=(\w+) code=(\w+)/.exec(line)
  const words = outcome ? `${outcome[1]} (${outcome[2]})` : execution.outcome
  const count = asked === 1 ? 'one request' : asked === 0 ? 'no request' : `${asked} requests`
  item.append(
    make(
      'span',
      'summary',
      `${FLOWS[execution.flow]}: ${words}, ${count}, ${execution.milliseconds.toFixed(0)} ms`,
    ),
    ...execution.entries.map(entryLine),
    make('span', 'where', 'Action Details'),
    make('code', 'line', line),
  )
  return item
}

function entryLine({ type, description, client, user }: LogEntrySeen): HTMLElement {
  const fields = [`type ${type} (${ENTRY_TYPES[type] ?? 'other'})`, `client ${client}`, `user ${user}`]
  if (description !== '') fields.push(`description “${description}”`)
  const entry = make('span', 'entry')
  entry.append(make('span', 'where', 'Log entry'), ` ${fields.join(' · ')}`)
  return entry
}

function addToTop(item: HTMLElement): void {
  const list = element('activity-list')
  list.prepend(item)
  while (list.childElementCount > SHOWN) list.lastElementChild?.remove()
}
