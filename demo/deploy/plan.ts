// Describes the changes of a deployment in lines of text, without secret values.
import { diffLines } from 'diff'
import type { ActionInputs, ActionState } from './messages.ts'

/** `undefined` if nothing would change. */
export function actionPlan(
  name: string,
  before: ActionState | undefined,
  after: ActionInputs,
): string[] | undefined {
  if (!before) return [`+ create  Action          ${name}`]
  const changes = before.inputs
    ? actionChanges(before.inputs, after)
    : ['      all of it: the last deployment failed']
  return changes.length === 0 ? undefined : [`~ update  Action          ${name}`, ...changes]
}

function actionChanges(before: ActionInputs, after: ActionInputs): string[] {
  const changes: string[] = []
  for (const key of Object.keys({ ...before, ...after })) {
    if (key === 'code' || key === 'secrets') continue
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) changes.push(`      ${key}`)
  }
  const code = changedLines(before.code, after.code)
  if (code.length > 0) changes.push('      code', ...code.map((line) => `        ${line}`))
  const secrets = changedSecrets(before.secrets, after.secrets)
  if (secrets.length > 0) changes.push('      secrets', ...secrets.map((line) => `        ${line}`))
  return changes
}

function changedLines(before: string, after: string): string[] {
  return diffLines(before, after).flatMap(({ added, removed, value }) => {
    if (!added && !removed) return []
    return value
      .trimEnd()
      .split('\n')
      .map((line) => `${added ? '+' : '-'} ${line}`)
  })
}

function changedSecrets(before: ActionInputs['secrets'], after: ActionInputs['secrets']): string[] {
  const old = new Map(before.map(({ name, value }) => [name, value]))
  const now = new Map(after.map(({ name, value }) => [name, value]))
  return [
    ...[...old.keys()].filter((name) => !now.has(name)).map((name) => `- ${name}`),
    ...[...now].flatMap(([name, value]) => {
      if (!old.has(name)) return [`+ ${name} = [secret]`]
      return old.get(name) === value ? [] : [`~ ${name} = [secret]`]
    }),
  ]
}
