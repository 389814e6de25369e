// The checks of the table Users, which only read. A key whose role may not find users gets an empty list and no error.
import type { Config } from '../../provisioning/config-schema.ts'
import { type ApiAnswer, type BackendlessApi, isSuccess, saidBy } from '../backendless/api.ts'
import { fieldsOf } from '../fields.ts'
import type { Findings } from './findings.ts'
import { isRefused } from './throw-away-user.ts'

export const TABLE = ['columns', 'row owners'] as const

/** The largest page of Backendless' cloud. */
const PAGE_SIZE = 100
/** The limit on pages without --all-rows. */
const MAX_PAGES = 100
/** The limit on rows named in a finding. */
const EXAMPLES = 5

const NO_ROWS =
  'Backendless lists no user: either there is none, or the key has no permission FIND on the table Users.'

/** Backendless answers with an error if `props` names a column that does not exist. */
export async function checkColumns(found: Findings, api: BackendlessApi, config: Config): Promise<void> {
  const names = columnsOf(config)
  const all = await find(api, { pageSize: '1', props: names.join(',') })
  const rows = rowsIn(all)
  if (rows) {
    if (rows.length > 0) reportMissing(found, config, [])
    else found.notChecked(['columns'], `${NO_ROWS} --try-user looks at the row of a throw-away user.`)
    return
  }
  const missing: string[] = []
  // If a list without these columns is refused too, they are not the reason.
  if (isRefused(all) && rowsIn(await find(api, { pageSize: '1', props: 'objectId' }))) {
    for (const name of names) {
      if (isRefused(await find(api, { pageSize: '1', props: name }))) missing.push(name)
    }
  }
  if (missing.length > 0) reportMissing(found, config, missing)
  else found.notChecked(['columns'], `Backendless ${saidBy(all)} to a list of users.`)
}

/** Does nothing if the list of users showed the columns. @param row of a throw-away user. */
export function checkColumnsOf(
  found: Findings,
  config: Config,
  row: Readonly<Record<string, unknown>>,
): void {
  if (found.result('columns') !== 'not checked') return
  reportMissing(
    found,
    config,
    columnsOf(config).filter((name) => !Object.hasOwn(row, name)),
  )
}

function columnsOf({ identityColumn, ownerColumn, profile }: Config): string[] {
  return [...new Set([identityColumn, ...(ownerColumn === '' ? [] : [ownerColumn]), ...Object.keys(profile)])]
}

function reportMissing(found: Findings, config: Config, missing: readonly string[]): void {
  if (missing.length === 0) {
    found.ok('columns', `The table Users has ${columnsOf(config).join(', ')}.`)
    return
  }
  const { identityColumn, ownerColumn } = config
  const isNeeded = missing.includes(identityColumn) || missing.includes(ownerColumn)
  found[isNeeded ? 'failed' : 'warning']('columns', `The table Users has no column ${missing.join(', ')}.`)
}

/** A user who changed another user's row has become its owner (`ownerId`), and may write it where each user may write only their own rows. */
export async function checkRowOwners(found: Findings, api: BackendlessApi, readsAll: boolean): Promise<void> {
  const examples: string[] = []
  let [read, foreign] = [0, 0]
  for (let page = 0; readsAll || page < MAX_PAGES; page += 1) {
    const answer = await find(api, {
      pageSize: String(PAGE_SIZE),
      props: 'objectId,ownerId',
      sortBy: 'created asc,objectId asc',
      offset: String(read),
    })
    const rows = rowsIn(answer)
    if (!rows) {
      return found.notChecked(['row owners'], `Backendless ${saidBy(answer)} after ${read} rows.`)
    }
    // A page may be shorter than requested, so only an empty page is the last.
    if (rows.length === 0) return reportOwners(found, { read, foreign, examples, isComplete: true })
    read += rows.length
    for (const { objectId, ownerId } of rows) {
      if (typeof ownerId !== 'string' || ownerId === '' || ownerId === objectId) continue
      foreign += 1
      if (examples.length < EXAMPLES) examples.push(`${objectId} (ownerId ${ownerId})`)
    }
  }
  reportOwners(found, { read, foreign, examples, isComplete: false })
}

function reportOwners(
  found: Findings,
  {
    read,
    foreign,
    examples,
    isComplete,
  }: {
    readonly read: number
    readonly foreign: number
    readonly examples: readonly string[]
    readonly isComplete: boolean
  },
): void {
  const rows = isComplete ? `${read} rows` : `the first ${read} rows (--all-rows reads the others too)`
  if (foreign > 0) {
    const more = foreign > examples.length ? ', and others' : ''
    found.warning('row owners', `Another user owns ${foreign} of ${rows}: ${examples.join(', ')}${more}.`)
  } else if (read === 0) found.notChecked(['row owners'], NO_ROWS)
  else if (isComplete) found.ok('row owners', `No other user owns any of ${rows}.`)
  else found.notChecked(['row owners'], `No other user owns any of ${rows}.`)
}

function find(
  api: BackendlessApi,
  parameters: Readonly<Record<string, string>>,
): Promise<ApiAnswer | undefined> {
  return api.send('GET', `/data/Users?${new URLSearchParams(parameters).toString().replaceAll('+', '%20')}`)
}

function rowsIn(answer: ApiAnswer | undefined): readonly Readonly<Record<string, unknown>>[] | undefined {
  return isSuccess(answer) && Array.isArray(answer?.body) ? answer.body.map(fieldsOf) : undefined
}
