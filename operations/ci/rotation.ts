// The five steps of a rotation (docs/passwords.md), each computed from the configuration.
import { inUse } from '../../provisioning/passwords-schema.ts'
import { Problem } from '../problem.ts'

/** One entry of `passwords`, without its value. */
export interface ConfiguredPassword {
  readonly id: string
  /** True if it has a value: it existed before this program. */
  readonly adopted: boolean
  readonly retired: boolean
}

export type RotationStep =
  | { readonly kind: 'add'; readonly id: string }
  | { readonly kind: 'activate'; readonly id: string }
  | { readonly kind: 'move'; readonly from: readonly string[] }
  | { readonly kind: 'retire'; readonly ids: readonly string[] }
  | { readonly kind: 'remove'; readonly ids: readonly string[] }

export interface Choices {
  /** The users were moved: `npm run passwords` says that the older passwords can be retired. */
  readonly moved: boolean
  /** The id of a password to add. */
  readonly id?: string | undefined
  /** The newest of those in use, if the ids do not show it. */
  readonly newest?: string | undefined
}

/** @throws Problem if the next step does not follow from the configuration. */
export function nextStep(
  entries: readonly ConfiguredPassword[],
  { moved, id, newest }: Choices,
): RotationStep {
  const used = inUse(entries)
  const [current, ...older] = used
  if (!current) throw new Problem('No password is in use: remove `retired` from an entry of `passwords`.')
  if (older.length > 0) {
    const wanted = newest ?? newestOf(used)
    if (!used.some((entry) => entry.id === wanted)) {
      throw new Problem(`--newest names ${wanted}, which is not in use.`)
    }
    if (current.id !== wanted) {
      if (moved) throw new Problem(notOnTop(current.id, wanted))
      return { kind: 'activate', id: wanted }
    }
    const ids = older.map((entry) => entry.id)
    return moved ? { kind: 'retire', ids } : { kind: 'move', from: ids }
  }
  if (moved) {
    throw new Problem(`--moved retires the older passwords, and ${current.id} alone is in use. Leave it out.`)
  }
  const retired = entries.filter((entry) => entry.retired).map((entry) => entry.id)
  return retired.length > 0 ? { kind: 'remove', ids: retired } : { kind: 'add', id: newId(entries, id) }
}

/** Users are moved to the entry on top. The newest is not on top before step 2, or after a roll-back. */
function notOnTop(current: string, newest: string): string {
  return `--moved says that the users were moved to the newest password, but ${current} is on top, and users are moved to that one. To use ${newest}, leave out --moved: it is put on top. To stay with ${current} and retire the others, run \`npm run passwords\` until it says that they can be retired, then name ${current} with --newest beside --moved.`
}

/** A generated password is newer than any adopted one. Among generated ones, the numbers in the ids decide: 1, 2, or 2026-11. */
function newestOf(used: readonly ConfiguredPassword[]): string {
  const generated = used.filter(({ adopted }) => !adopted).map(({ id }) => id)
  const [first, ...rest] = generated
  if (first !== undefined && rest.length === 0) return first
  if (first === undefined || !generated.every((id) => /^\d+(-\d+)*$/.test(id))) {
    throw new Problem(
      `The ids ${used.map(({ id }) => id).join(', ')} do not say which password is the newest: name it with --newest <id>.`,
    )
  }
  return rest.reduce((newest, id) => (isLater(id, newest) ? id : newest), first)
}

function isLater(id: string, other: string): boolean {
  const [numbers, others] = [id, other].map((each) => each.split('-').map(Number))
  for (const [index, number] of (numbers ?? []).entries()) {
    const against = others?.[index] ?? -1
    if (number !== against) return number > against
  }
  return false
}

function newId(entries: readonly ConfiguredPassword[], wanted: string | undefined): string {
  const taken = entries.map(({ id }) => id)
  if (wanted === undefined) {
    const generated = entries.filter(({ adopted }) => !adopted).map(({ id }) => id)
    if (!generated.every((id) => /^\d+$/.test(id))) {
      throw new Problem(`The next id after ${taken.join(', ')} is not obvious: name it with --id <id>.`)
    }
    const next = Math.max(0, ...taken.filter((id) => /^\d+$/.test(id)).map(Number)) + 1
    return String(next)
  }
  if (!/^[a-z0-9-]{1,20}$/.test(wanted)) throw new Problem('--id must be 1 to 20 of a-z, 0-9 and -.')
  if (taken.includes(wanted))
    throw new Problem(`There is a password ${wanted} already: --id needs a new one.`)
  return wanted
}
