import { identityOf, isSameIdentity } from '../../actions/backendless-login/identity.ts'
import { userPassword } from '../../actions/backendless-login/password.ts'
import { Problem } from '../problem.ts'
import type { StackReading } from '../stack.ts'
import type { Application, Fetched } from './application.ts'
import { identityIn, type UserOutcome, whatOpens } from './user.ts'
import { type UserRow, Users } from './users.ts'

/** Asks the operator, and gives the line that was typed. */
export type Ask = (question: string) => Promise<string>

/** Said before it is used: no live server has confirmed it (docs/passwords.md). */
const UNCONFIRMED =
  'That the CodeRunner key may set a password is documented and not confirmed at a live server, so each change is proved by a login.'

/**
 * Gives one account to the Auth0 user of the same identity: one whose password was changed behind our back, or whose row
 * was registered by somebody else.
 * @throws Problem where there is no such row, the operator says no, or the login afterwards does not succeed.
 */
export async function repairOne(
  app: Application,
  stack: StackReading,
  typed: string,
  ask: Ask,
): Promise<string> {
  const { identity: kind, identityColumn } = stack
  const identity = identityOf(kind, kind === 'email' ? { email: typed } : { user_id: typed })
  if (!identity) throw new Problem('This is no identity that a sign-in could have.')
  const rows = await new Users(app, identityColumn).withIdentity(identity.reveal())
  const row = rows.find((one) => isSameIdentity(kind, identity, one.identity))
  if (!row) {
    throw new Problem(
      'Backendless shows no row with this identity: the next sign-in registers one. Or the key may not find users.',
    )
  }
  const answer = await ask(
    [
      `Row ${row.objectId}: created ${dateOf(row.created)}, last login ${row.lastLogin === undefined ? 'never' : dateOf(row.lastLogin)}.`,
      'Whoever can log in to it now no longer will, and the Auth0 user of this identity gets all that it holds.',
      UNCONFIRMED,
      'Type yes to set the current password: ',
    ].join('\n'),
  )
  if (answer.trim() !== 'yes') throw new Problem('Nothing was changed.')
  const outcome = await repairUser(app, stack, row)
  if (outcome.kind === 'moved') return 'Done: the current password is set, and opens the row.'
  throw new Problem(
    `Not repaired: ${'reason' in outcome ? outcome.reason : 'code' in outcome ? outcome.code : outcome.kind}.`,
  )
}

/** @throws Problem unless the operator types the application's id. */
export async function confirmAll(app: Application, stack: StackReading, ask: Ask): Promise<void> {
  const users = new Users(app, stack.identityColumn)
  const count = await users.count(undefined)
  const answer = await ask(
    [
      `This sets the current password on all ${count} accounts of the application, whoever uses them and however they log in now.`,
      'Nobody can log in to Backendless past Auth0 afterwards. It cannot be undone.',
      UNCONFIRMED,
      'Type the application id to go on: ',
    ].join('\n'),
  )
  if (answer.trim() !== stack.appId.reveal())
    throw new Problem('That is not the application id. Nothing was changed.')
}

/** Sets the current password on one row, and proves it by a login. */
export async function repairUser(app: Application, stack: StackReading, row: UserRow): Promise<UserOutcome> {
  const identity = identityIn(stack, row)
  if (!identity) return { kind: 'skipped', code: 'no_identity' }
  const [current] = stack.passwords
  const change = await app.setPassword(row.objectId, userPassword(current, stack.appId, identity))
  if (change.kind === 'refusal') return refused(change)
  const found = await whatOpens(app, stack, row, identity, current)
  if (found.kind === 'session') {
    await app.logout(found.userToken)
    return { kind: 'moved' }
  }
  if (found.kind !== 'other_password') return found
  // Without an answer it may not have been set; a later run tries again.
  if (change.kind === 'failure') return { kind: 'failed', code: 'set_no_answer', unavailable: true }
  return {
    kind: 'stop',
    code: 'not_taken',
    reason:
      'Backendless did not refuse the new password, and does not accept it at a login: this route does not work there',
  }
}

/** No app, not logged in, only admin or self, no permission to update: the same for every user. */
const NOT_ALLOWED = new Set([2002, 3028, 3029, 3094, 1012, 1134, 2011])

function refused({ code, status }: Extract<Fetched, { kind: 'refusal' }>): UserOutcome {
  const name = `set_refused_${code ?? status}`
  if (code !== undefined && !NOT_ALLOWED.has(code)) return { kind: 'failed', code: name, unavailable: false }
  const reason = `Backendless does not let this key set a password (${code ?? `status ${status}`}): is BACKENDLESS_CODERUNNER_KEY the CodeRunner key?`
  return { kind: 'stop', code: name, reason }
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString()
}
