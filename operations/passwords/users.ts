import { canonical, identityOf } from '../../actions/backendless-login/identity.ts'
import type { Secret } from '../../actions/backendless-login/secret.ts'
import { Problem } from '../problem.ts'
import type { StackReading } from '../stack/reading.ts'
import type { Application, Fetched } from './application.ts'

/** The largest page that Backendless allows. */
export const PAGE_SIZE = 100
/** An id that no user has. The answer shows whether the key may find users. */
const NOBODY = '00000000-0000-0000-0000-000000000000'
/** 1012 to 1015, 1134, 2011: no permission. */
const FORBIDDEN = new Set([1012, 1013, 1014, 1015, 1134, 2011])
const NOT_FOUND = 1000

/** The place in the order of creation after which the next page begins. */
export interface Cursor {
  readonly created: number
  readonly objectId: string
}

/** A row with the columns that are needed here. */
export interface UserRow extends Cursor {
  readonly identity: unknown
  /** In milliseconds. `undefined` for a user who has never logged in. */
  readonly lastLogin: number | undefined
}

/** The identity in the form in which a sign-in sends it, or `undefined` if no sign-in could. */
export function identityIn(
  { identity: kind }: Pick<StackReading, 'identity'>,
  row: Pick<UserRow, 'identity'>,
): Secret | undefined {
  if (typeof row.identity !== 'string') return undefined
  // For example, no sign-in sends a Kelvin sign, but Backendless may take it for the `k` of an address that is sent.
  const identity = canonical(kind, row.identity)
  return identityOf(kind, kind === 'email' ? { email: identity } : { user_id: identity })
}

/** The Users table, read in the order of creation. Every failure is thrown as a Problem. */
export class Users {
  readonly #app: Pick<Application, 'find'>
  readonly #identityColumn: string

  constructor(app: Pick<Application, 'find'>, identityColumn: string) {
    this.#app = app
    this.#identityColumn = identityColumn
  }

  /** Returns how many users there are after the cursor. */
  async count(after: Cursor | undefined): Promise<number> {
    const body = read(await this.#app.find('/data/Users/count', after ? { where: whereAfter(after) } : {}))
    if (typeof body !== 'number') throw unreadable()
    return body
  }

  /** Pages by a place in the order, because an offset would skip users when others are deleted meanwhile. */
  async pageAfter(after: Cursor | undefined): Promise<UserRow[]> {
    const rows = await this.#find({
      sortBy: ['created asc', 'objectId asc'],
      ...(after ? { where: whereAfter(after) } : {}),
    })
    const last = rows.at(-1)
    if (last && last.created === after?.created && last.objectId === after.objectId) throw unreadable()
    return rows
  }

  /** Returns a row, or `undefined` if it no longer exists. */
  async byId(objectId: string): Promise<UserRow | undefined> {
    const columns = await this.columnsOf(objectId)
    return columns && this.#row(columns)
  }

  /** Returns a row with every column that the key may read, or `undefined` if it no longer exists. */
  async columnsOf(objectId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const answer = await this.#app.find(`/data/Users/${encodeURIComponent(objectId)}`)
    if (answer.kind === 'refusal' && answer.code === NOT_FOUND) return undefined
    const row = read(answer)
    if (typeof row !== 'object' || row === null) throw unreadable()
    return { ...row }
  }

  /** Returns the identities of those users who still exist. */
  async identitiesOf(objectIds: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const found = new Map<string, unknown>()
    let left = [...objectIds]
    while (left.length > 0) {
      const list = left.slice(0, PAGE_SIZE).map((objectId) => `'${objectId.replaceAll("'", "''")}'`)
      const rows = await this.#find({ where: `objectId in (${list.join(', ')})` })
      for (const { objectId, identity } of rows) found.set(objectId, identity)
      const rest = left.filter((objectId) => !found.has(objectId))
      // A page may be shorter than requested. If it has none of the list, those users no longer exist.
      left = rest.length < left.length ? rest : left.slice(PAGE_SIZE)
    }
    return found
  }

  /** The rows that Backendless finds for an identity: it may compare more loosely than a sign-in, so more than one. */
  async withIdentity(identity: string): Promise<UserRow[]> {
    return this.#find({ where: `${this.#identityColumn} = '${identity.replaceAll("'", "''")}'` })
  }

  /**
   * Reads again after an empty page. Backendless also answers an empty list if the key may not find users, so this first
   * checks that the key finds any user.
   * @throws Problem if it is unclear whether the list ends here.
   */
  async pageAfterEmpty(after: Cursor | undefined): Promise<UserRow[]> {
    const anyone = read(await this.#app.find('/data/Users/find', { pageSize: 1, props: ['objectId'] }))
    if (!Array.isArray(anyone)) throw unreadable()
    if (anyone.length === 0) await this.#explainEmptiness(after)
    const counted = await this.count(after)
    const page = await this.pageAfter(after)
    if (counted > 0 && page.length === 0) {
      throw new Problem(
        `Backendless counts ${counted} users after the last that it lists. Nobody may be left out, so this is not taken for the end: run it again, or set BACKENDLESS_API_KEY to a key that may find every user.`,
      )
    }
    return page
  }

  async #explainEmptiness(after: Cursor | undefined): Promise<void> {
    // There were users before.
    if (after !== undefined || (await this.count(undefined)) > 0) throw noPermission()
    const probe = await this.#app.find(`/data/Users/${NOBODY}`)
    if (probe.kind === 'refusal' && probe.code === NOT_FOUND) return
    if (probe.kind === 'refusal' && probe.code !== undefined && FORBIDDEN.has(probe.code))
      throw noPermission()
    throw new Problem(
      'Backendless answers an empty list of users and does not say why. Either the application has none, or the API key may not find users: set BACKENDLESS_API_KEY to a key that may.',
    )
  }

  async #find(parameters: {
    readonly where?: string
    readonly sortBy?: readonly string[]
  }): Promise<UserRow[]> {
    const props = [...new Set([this.#identityColumn, 'objectId', 'created', 'lastLogin'])]
    const answer = await this.#app.find('/data/Users/find', { pageSize: PAGE_SIZE, props, ...parameters })
    if (answer.kind === 'refusal' && (await this.#lacksIdentityColumn())) {
      throw new Problem(
        `The table Users has no column ${this.#identityColumn}: correct \`identityColumn\`, and deploy.`,
      )
    }
    const body = read(answer)
    if (!Array.isArray(body)) throw unreadable()
    return body.map((row: unknown) => this.#row(row))
  }

  /** Backendless refuses `props` with an unknown column; its code for that is not documented. */
  async #lacksIdentityColumn(): Promise<boolean> {
    const kinds: string[] = []
    for (const column of ['objectId', this.#identityColumn]) {
      kinds.push((await this.#app.find('/data/Users/find', { pageSize: 1, props: [column] })).kind)
    }
    return kinds.join() === 'success,refusal'
  }

  #row(value: unknown): UserRow {
    const row: Readonly<Record<string, unknown>> =
      typeof value === 'object' && value !== null ? { ...value } : {}
    const { created, objectId, lastLogin } = row
    if (typeof created !== 'number' || typeof objectId !== 'string') throw unreadable()
    return {
      created,
      objectId,
      identity: row[this.#identityColumn],
      lastLogin: typeof lastLogin === 'number' ? lastLogin : undefined,
    }
  }
}

function whereAfter({ created, objectId }: Cursor): string {
  const literal = `'${objectId.replaceAll("'", "''")}'`
  return `created > ${created} or (created = ${created} and objectId > ${literal})`
}

function read(answer: Fetched): unknown {
  switch (answer.kind) {
    case 'success':
      return answer.body
    case 'failure':
      throw new Problem('Backendless does not answer. The next run continues where this one stopped.')
    case 'refusal': {
      const { code, status } = answer
      if (code !== undefined && FORBIDDEN.has(code)) throw noPermission()
      if (code === 2002)
        throw new Problem('Backendless does not know the application id, or its API key (2002).')
      throw new Problem(`Backendless refused the list of users (${code ?? `status ${status}`}).`)
    }
    default:
      return answer satisfies never
  }
}

function noPermission(): Problem {
  return new Problem(
    'The API key may not find users: Backendless answers such a key with an empty list. Set BACKENDLESS_API_KEY in the environment to a key whose role has the permission FIND on the table Users; only the list is read with it.',
  )
}

function unreadable(): Problem {
  return new Problem('Backendless answered a list of users that this command cannot read.')
}
