import { identityOf, isSameIdentity } from '../../actions/backendless-login/identity.ts'
import type { Secret } from '../../actions/backendless-login/secret.ts'
import { Problem } from '../problem.ts'
import type { StackReading } from '../stack/reading.ts'
import { type Application, type Columns, type Fetched, isPassing } from './application.ts'
import { setUntilExpected } from './change.ts'
import type { RepairOne } from './options.ts'
import { askAboutOwner, ownerAfterwards, readOwner } from './owner.ts'
import { type Hindrance, isStillThere, notTaken, unproved, whatOpens } from './user.ts'
import { identityIn, type UserRow, Users } from './users.ts'
import { Stopped } from './watch.ts'

type PasswordRefusal = Extract<Fetched, { kind: 'refusal' }>
type Repaired = { readonly kind: 'moved' } | Hindrance

/** Asks the operator, and returns the line that was typed. */
export type Ask = (question: string) => Promise<string>
/** Checks the deployed version again. @throws Problem if it is not the one with which the command began. */
export type LookAgain = () => Promise<void>

/** Shown before the key is used, because no live server has confirmed it (docs/passwords.md). */
const UNCONFIRMED =
  'That the CodeRunner key may set a password is documented and not confirmed at a live server, so each change is proved by a login.'
const SESSIONS =
  'Sessions that are open now may live on: whether Backendless ends them is not confirmed. docs/passwords.md says what does.'

/**
 * Gives an account to the Auth0 user of the same identity, if its password was changed in Backendless, or if its row
 * was registered by somebody else.
 * With an owner column, the row's owner is set or cleared in the same request.
 * @throws Problem if there is not exactly one such row, the operator declines, or the change is not proved afterwards.
 */
export async function repairOne(
  app: Application,
  stack: StackReading,
  { identity: typed, owner }: Pick<RepairOne, 'identity' | 'owner'>,
  { ask, lookAgain }: { readonly ask: Ask; readonly lookAgain: LookAgain },
): Promise<string> {
  const { identity: kind } = stack
  const identity = identityOf(kind, kind === 'email' ? { email: typed } : { user_id: typed })
  if (!identity) throw new Problem('This is no identity that a sign-in could have.')
  if (!isSearchable(identity)) {
    throw new Problem(
      'What Backendless makes of a \\ in a search is not confirmed, so this row cannot be found safely.',
    )
  }
  const [row, ...others] = await new Users(app, stack.identityColumn).withIdentity(identity.reveal())
  if (!row) {
    throw new Problem(
      'Backendless shows no row with this identity: the next sign-in registers one. Or the key may not find users.',
    )
  }
  if (others.length > 0) {
    const ids = [row, ...others].map(({ objectId }) => objectId).join(', ')
    throw new Problem(
      `More than one row has this identity: ${ids}. Which of them a login opens is not known, so nothing was changed. Give all but one another identity in the Backendless console, then run this again.`,
    )
  }
  if (!isSameIdentity(kind, identity, row.identity)) {
    throw new Problem(
      `Backendless shows the row of another identity, ${row.objectId}: it compares more loosely than a sign-in does. Nothing was changed.`,
    )
  }
  const before = await readOwner(app, stack, row.objectId, owner)
  const answer = await ask(
    [
      `Row ${row.objectId}: created ${dateOf(row.created)}, last login ${row.lastLogin === undefined ? 'never' : dateOf(row.lastLogin)}.`,
      'Whoever can log in to it now no longer will, and the Auth0 user of this identity gets all that it holds.',
      ...askAboutOwner(before, owner),
      SESSIONS,
      UNCONFIRMED,
      'Type yes to set the current password: ',
    ].join('\n'),
  )
  if (answer.trim() !== 'yes') throw new Problem('Nothing was changed.')
  await lookAgain()
  const columns = before ? { [before.column]: owner ?? null } : {}
  const outcome = await repairUser(app, stack, row, columns).catch(asStop)
  switch (outcome.kind) {
    case 'moved':
      return [
        'Done: the current password is set, and opens the row.',
        ...(before ? [await ownerAfterwards(app, stack, row.objectId, { before, owner })] : []),
        SESSIONS,
      ].join(' ')
    case 'stop':
      throw new Problem(`Not repaired. ${outcome.reason}`)
    case 'not_ours':
      throw new Problem(
        'Not repaired: Backendless has no password for this user, who signs in there with a social account (3072).',
      )
    case 'failed':
    case 'skipped':
      throw new Problem(`Not repaired: ${outcome.code}. docs/passwords.md says what that means.`)
    default:
      return outcome satisfies never
  }
}

/** The deployment changed right before a request. */
function asStop(error: unknown): Hindrance {
  if (error instanceof Stopped) return { kind: 'stop', ...error.stop }
  throw error
}

/** @throws Problem unless the operator types the application's id. */
export async function confirmAll(app: Application, stack: StackReading, ask: Ask): Promise<void> {
  const users = new Users(app, stack.identityColumn)
  const count = await users.count(undefined)
  const answer = await ask(
    [
      `This sets the current password on all ${count} accounts of the application, whoever uses them and however they log in now.`,
      'Nobody can log in to Backendless past Auth0 afterwards. It cannot be undone.',
      SESSIONS,
      UNCONFIRMED,
      'Type the application id to go on: ',
    ].join('\n'),
  )
  if (answer.trim() !== stack.appId.reveal())
    throw new Problem('That is not the application id. Nothing was changed.')
}

/**
 * Sets the current password on one row, once it is clear that a login opens that row, and proves it with a login.
 * @param columns are written with the password. The caller has to prove that they were.
 */
export async function repairUser(
  app: Application,
  stack: StackReading,
  row: UserRow,
  columns: Columns = {},
): Promise<Repaired> {
  const identity = identityIn(stack, row)
  if (!identity) return { kind: 'skipped', code: 'no_identity' }
  if (!isSearchable(identity)) return unclear('backslash')
  // A login may open any row that Backendless finds, even one whose identity a sign-in would not accept.
  const users = new Users(app, stack.identityColumn)
  const found = await users.withIdentity(identity.reveal())
  if (found.length === 0) return unclear('not_found')
  if (found.length > 1 || found[0]?.objectId !== row.objectId) return unclear('other_row')

  const change = await setUntilExpected(stack, identity, async (password) => {
    const answer = await app.setPassword(row.objectId, password, columns)
    // Not the answer's row: the key may not be shown every column of it.
    const changed = answer.kind === 'success' ? await users.byId(row.objectId) : undefined
    return { answer, row: changed && { [stack.identityColumn]: changed.identity } }
  })
  if (change.kind === 'unsettled') return unclear('renamed')
  const { answer } = change
  if (answer.kind === 'refusal' && !isPassing(answer)) return refused(answer)
  const opened = await whatOpens(app, stack, row, change.identity, stack.passwords[0])
  if (opened.kind === 'session') {
    await app.logout(opened.userToken)
    return { kind: 'moved' }
  }
  if (opened.kind === 'not_ours') return opened
  if (opened.kind !== 'other_password') return unproved(opened)
  if (answer.kind === 'success') {
    const isThere = await isStillThere(app, stack, row.objectId, change.identity)
    return isThere ? notTaken(row.objectId) : unclear('renamed')
  }
  // It was not set; a later run tries again.
  const code = answer.kind === 'failure' ? 'set_no_answer' : refusalName(answer)
  return { kind: 'failed', code, cause: 'outage' }
}

/** Not skipped: no login has proved what opens the row, and a sign-in may reach it. */
function unclear(code: 'backslash' | 'not_found' | 'other_row' | 'renamed'): Hindrance {
  return { kind: 'failed', code, cause: 'user' }
}

/** Whether \ escapes in a search is not confirmed. */
function isSearchable(identity: Secret): boolean {
  return !identity.reveal().includes('\\')
}

/** No app, not logged in, only admin or self, no permission to update: the same for every user. */
const NOT_ALLOWED = new Set([2002, 3028, 3029, 3094, 1012, 1134, 2011])

function refused(answer: PasswordRefusal): Hindrance {
  const code = refusalName(answer)
  if (answer.code !== undefined && !NOT_ALLOWED.has(answer.code)) {
    return { kind: 'failed', code, cause: 'user' }
  }
  const reason = `Backendless does not let this key set a password (${answer.code ?? `status ${answer.status}`}): is BACKENDLESS_CODERUNNER_KEY the CodeRunner key?`
  return { kind: 'stop', code, reason }
}

function refusalName({ code, status }: PasswordRefusal): string {
  return `set_refused_${code ?? status}`
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString()
}
