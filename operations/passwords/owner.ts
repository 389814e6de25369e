import { Problem } from '../problem.ts'
import type { StackReading } from '../stack/reading.ts'
import type { Application } from './application.ts'
import { Users } from './users.ts'

/** The owner column of a row. */
export interface Owner {
  readonly column: string
  /** `undefined`: the row has no owner. */
  readonly value: unknown
}

/**
 * Reads a row's owner before a repair. `undefined`: there is no owner column, and none is asked for.
 * @param wanted the Auth0 user id that is to become the owner.
 * @throws Problem if an owner is wanted and no owner column is deployed, or if the table has no such column.
 */
export async function readOwner(
  app: Application,
  { identityColumn, ownerColumn: column, identity }: StackReading,
  objectId: string,
  wanted: string | undefined,
): Promise<Owner | undefined> {
  if (column === '') {
    if (wanted === undefined) return undefined
    const advice =
      identity === 'user_id'
        ? 'With `identity: user_id` the row belongs to the user id in its identity column. Leave --owner out.'
        : 'Set `ownerColumn` and run `npx pulumi up` first, or leave --owner out.'
    throw new Problem(`The deployed Action has no owner column. Nothing was changed. ${advice}`)
  }
  const row = await new Users(app, identityColumn).columnsOf(objectId)
  // Backendless would create the column when a value is written to it.
  if (!row || !Object.hasOwn(row, column)) {
    throw new Problem(
      `Row ${objectId} shows no column ${column}, the \`ownerColumn\` of the deployed Action. Nothing was changed. Create it in the Users table with the type STRING, or let the CodeRunner key read it.`,
    )
  }
  return { column, value: ownerIn(row[column]) }
}

/** The sentence about the owner that is shown before the question. */
export function askAboutOwner(before: Owner | undefined, wanted: string | undefined): string[] {
  if (!before) return []
  const after =
    wanted === undefined
      ? 'It is cleared: the next user who signs in with this address becomes the owner.'
      : `It is set to ${wanted}: no other user is let in to this row. That there is such a user in Auth0 is not checked.`
  return [`Owner (${before.column}): ${shown(before.value)}. ${after}`]
}

/**
 * Reads the row again to prove that the owner was written.
 * @throws Problem if it was not. The password is set in any case.
 */
export async function ownerAfterwards(
  app: Application,
  { identityColumn }: StackReading,
  objectId: string,
  { before, owner }: { readonly before: Owner; readonly owner: string | undefined },
): Promise<string> {
  const { column } = before
  const row = await new Users(app, identityColumn).columnsOf(objectId)
  const now = ownerIn(row?.[column])
  if (!row || (owner === undefined ? now !== undefined && now === before.value : now !== owner)) {
    throw new Problem(
      `The current password is set, and opens the row; but its owner (${column}) is ${shown(now)} and not ${owner ?? 'cleared'}. Whoever else signs in gets owner_mismatch. See in the Backendless console who may write ${column}, then run this again.`,
    )
  }
  if (owner !== undefined) return `Its owner (${column}) is ${owner}.`
  return now === undefined
    ? `Its owner (${column}) is cleared, and the next sign-in with this address claims the row.`
    : `Its owner (${column}) was cleared, and a sign-in has claimed the row since: ${shown(now)}.`
}

/** As a sign-in reads the column: null and the empty text are nobody. */
function ownerIn(value: unknown): unknown {
  return value === null || value === '' ? undefined : value
}

/** Users may write this column of their own row, so it may hold anything. */
function shown(value: unknown): string {
  if (value === undefined) return 'nobody'
  return typeof value === 'string' && /^[\w|.@+-]{1,100}$/.test(value) ? value : 'a value that is no user id'
}
