import { MAX_IN_USE } from '../../provisioning/passwords-schema.ts'
import type { StackReading } from '../stack/reading.ts'
import type { RequestCounts } from './application.ts'
import type { History } from './history.ts'
import type { PassState } from './state.ts'
import type { Stop } from './watch.ts'

/** The result of a run, as `--json` prints it. The numbers cover the whole pass, interruptions included. */
export interface PasswordsReport {
  readonly applied: boolean
  /** True if all users were handled, and the Action was not deployed again meanwhile. */
  readonly finished: boolean
  readonly stopped?: Stop
  /** Without `--apply`: users that would be logged in. */
  readonly toDo?: number
  readonly current: number
  readonly moved: number
  readonly notOurs: number
  /** The identity is present only with `--show-identities`, and only for users who still exist. */
  readonly notOursUsers: readonly { readonly objectId: string; readonly identity?: unknown }[]
  /** Users on a retired password, by its id: they cannot sign in. */
  readonly retired: Readonly<Record<string, number>>
  readonly skipped: Readonly<Record<string, number>>
  readonly failed: Readonly<Record<string, number>>
  /** By objectId, at most 100. */
  readonly failures: readonly { readonly objectId: string; readonly code: string }[]
  /** `unused`: the older ones that no user was found on and that no deployed version had on top. */
  readonly passwords: {
    readonly current: string
    readonly older: readonly string[]
    readonly unused: readonly string[]
  }
  /** True if all users were handled, nobody is on the current password, and at least one user is not ours. */
  readonly nobodyOnCurrent: boolean
  readonly canBeRetired: readonly string[]
  /** Of the older passwords, where a retired one is to be put back and three are in use: those to retire in its place. */
  readonly toGiveUp?: readonly string[]
  /** Of this run. */
  readonly requests: Readonly<RequestCounts>
}

interface EndedRun {
  readonly stack: Pick<StackReading, 'passwords'>
  readonly state: PassState
  readonly apply: boolean
  readonly stop: Stop | undefined
  readonly toDo: number
  readonly requests: RequestCounts
  readonly history: Pick<History, 'wereOnTop'>
  /** By objectId, if they are to be shown. */
  readonly identities?: ReadonlyMap<string, unknown> | undefined
}

export function reportOf(ended: EndedRun): PasswordsReport {
  const { stack, state, apply, stop, toDo, requests, history, identities } = ended
  const [current, ...older] = stack.passwords
  // In a move, a row that no sign-in opens does not prevent a retirement. A repair must prove every row.
  const anySkipped =
    state.work === 'repair' ? Object.keys(state.skipped).length > 0 : state.skipped.active !== undefined
  const everyoneKnown = apply && state.finished && Object.keys(state.failed).length === 0 && !anySkipped
  const anyRetired = Object.keys(state.retired).length > 0
  const nobodyOnCurrent =
    apply && state.finished && state.current + state.moved === 0 && state.notOursSeen > 0
  // A shared password is the rule's, which was in use before any version of the Action.
  const wasUsed = ({ id, perUser }: (typeof older)[number]) =>
    !perUser || history.wereOnTop.has(id) || state.found.has(id)
  const ids = (passwords: typeof older) => passwords.map(({ id }) => id)
  const isFull = anyRetired && stack.passwords.length >= MAX_IN_USE
  return {
    applied: apply,
    finished: state.finished,
    ...(stop ? { stopped: stop } : {}),
    ...(apply ? {} : { toDo }),
    current: state.current,
    moved: state.moved,
    notOurs: state.notOursSeen,
    notOursUsers: [...state.notOurs].map((objectId) => {
      const identity = identities?.get(objectId)
      return identity === undefined ? { objectId } : { objectId, identity }
    }),
    retired: state.retired,
    skipped: state.skipped,
    failed: state.failed,
    failures: state.failures,
    passwords: {
      current: current.id,
      older: ids(older),
      unused: ids(older.filter((each) => !wasUsed(each))),
    },
    nobodyOnCurrent,
    canBeRetired: everyoneKnown && !anyRetired && !nobodyOnCurrent ? ids(older.filter(wasUsed)) : [],
    // All users who were on one of them are on the current one now.
    ...(isFull ? { toGiveUp: everyoneKnown ? ids(older) : [] } : {}),
    requests: { ...requests },
  }
}

/** 0: done. 1: users failed or cannot sign in, or the pass stopped. */
export function passwordsExitCode({ stopped, failed, retired, nobodyOnCurrent }: PasswordsReport): number {
  return stopped || nobodyOnCurrent || Object.keys({ ...failed, ...retired }).length > 0 ? 1 : 0
}
