import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { Problem } from '../problem.ts'
import type { StackReading } from '../stack/reading.ts'

/** The folder of the default file. Its content must not be committed. */
export const STATE_FOLDER = '.backendless-login'

const counts = z.record(z.string(), z.int())

const stateSchema = z.strictObject({
  version: z.literal(4),
  /** A move skips users remembered as not ours, and a repair is for those users. A state serves one of the two. */
  work: z.enum(['move', 'repair']),
  /** A hash of the application. */
  application: z.string(),
  /** The deployed version of the Action. Under another version users may be on other passwords. */
  deployed: z.string(),
  /** From 1. */
  pass: z.int(),
  /** When the first pass began, in milliseconds. A later `lastLogin` may be this command's own login. */
  firstPassAt: z.number(),
  /** All users up to this one are done. */
  cursor: z.strictObject({ created: z.number(), objectId: z.string() }).optional(),
  finished: z.boolean(),
  /** objectIds. Users on none of the passwords, in whichever pass they were found. */
  notOurs: z.array(z.string()),
  /** objectIds of users who were skipped for being active. */
  active: z.array(z.string()),
  /** objectIds of users who may have been logged in here, and are not counted. */
  underWay: z.array(z.string()),
  /** objectIds of users who were locked when a run stopped because of that. */
  locked: z.array(z.string()),
  /** Ids of the passwords from which users were moved, in whichever pass. */
  found: z.array(z.string()),
  /** Of this pass. */
  current: z.int(),
  moved: z.int(),
  notOursSeen: z.int(),
  /** By the id of the retired password that the users are on. */
  retired: counts,
  skipped: counts,
  failed: counts,
  /** The first of those who failed. */
  failures: z.array(z.strictObject({ objectId: z.string(), code: z.string() })),
})

/** Earlier formats lack what is needed here: 1 the deployed version, 2 the kind of work, 3 retired passwords. */
const olderSchema = z.looseObject({ version: z.literal([1, 2, 3]), application: z.string() })

type Stored = z.output<typeof stateSchema>
type Lists = 'notOurs' | 'active' | 'underWay' | 'locked' | 'found'
/** The progress of a pass. Contains no secret and no address. */
export type PassState = Omit<Stored, Lists> & { [list in Lists]: Set<string> }

export function defaultStateFile(stack: string, name: 'passwords' | 'repair' = 'passwords'): string {
  return join(STATE_FOLDER, `${name}-${stack.replaceAll('/', '-')}.json`)
}

export type Work = Stored['work']

export interface Opening {
  /** Default: a move. */
  readonly work?: Work
  /** The deployed version of the Action. */
  readonly deployed: string
  /** Called with a sentence that says why an existing file is not used. */
  readonly onRestart?: (reason: string) => void
  readonly now?: number
}

/**
 * Returns the state to continue with: that of an interrupted pass, or of a new pass after a finished one. If another version
 * of the Action is deployed now, it is a state that begins at the first user.
 * @throws Problem if the file is of another application or for other work, or cannot be read.
 */
export function openState(file: string, stack: StackReading, opening: Opening): PassState {
  const { work = 'move', deployed, onRestart = () => {}, now = Date.now() } = opening
  const application = hashOf(stack)
  const fresh = {
    version: 4 as const,
    work,
    application,
    deployed,
    finished: false,
    current: 0,
    moved: 0,
    notOursSeen: 0,
    retired: {},
    skipped: {},
    failed: {},
    failures: [],
  }
  const nobody = () => new Set<string>()
  const first = {
    ...fresh,
    pass: 1,
    firstPassAt: now,
    notOurs: nobody(),
    active: nobody(),
    underWay: nobody(),
    locked: nobody(),
    found: nobody(),
  }
  if (!existsSync(file)) return first
  const stored = readState(file)
  if (stored.application !== application) {
    throw new Problem(`The state file ${file} is of another application. Name another with --state.`)
  }
  if (stored.version === 4 && stored.work !== work) {
    throw new Problem(`The state file ${file} is of a ${stored.work}. Name another with --state.`)
  }
  if (stored.version !== 4 || stored.deployed !== deployed) {
    const reason =
      stored.version !== 4 ? 'an older version of this command wrote it' : 'the Action was deployed since'
    onRestart(`Every user is looked at anew, and the state file ${file} not gone on from: ${reason}.`)
    return first
  }
  const state = {
    ...stored,
    notOurs: new Set(stored.notOurs),
    active: new Set(stored.active),
    underWay: new Set(stored.underWay),
    locked: new Set(stored.locked),
    found: new Set(stored.found),
  }
  if (!stored.finished) return state
  const { cursor: _, ...rest } = state
  return { ...rest, ...fresh, pass: rest.pass + 1 }
}

/** Writes the whole file or nothing. */
export function saveState(file: string, state: PassState): void {
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true })
  if (basename(folder) === STATE_FOLDER && !existsSync(join(folder, '.gitignore'))) {
    writeFileSync(join(folder, '.gitignore'), '*\n')
  }
  const stored: Stored = {
    ...state,
    notOurs: [...state.notOurs],
    active: [...state.active],
    underWay: [...state.underWay],
    locked: [...state.locked],
    found: [...state.found],
  }
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    writeFileSync(temporary, JSON.stringify(stored), { mode: 0o600, flush: true })
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function readState(file: string): Stored | z.output<typeof olderSchema> {
  try {
    return z.union([stateSchema, olderSchema]).parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    throw new Problem(`The state file ${file} cannot be read. Remove it, or name another with --state.`)
  }
}

function hashOf({ appId, serverUrl }: StackReading): string {
  return createHash('sha256').update(`passwords\n${serverUrl}\n${appId.reveal()}`).digest('hex').slice(0, 24)
}
