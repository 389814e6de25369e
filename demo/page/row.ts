// Reads and writes the user's own row through the official SDK, like any application.
import Backendless from 'backendless'
import { NoUserTokenError, type UserToken } from '../../examples/client/user-token.ts'
import type { PageConfig } from '../page-server.ts'
import { element, fill, messageOf, say, show } from './elements.ts'

type Row = Readonly<Record<string, unknown>>

export class OwnRow {
  readonly #userToken: UserToken
  #row: Row | undefined

  constructor(userToken: UserToken, { serverURL, appId, apiKey }: PageConfig['backendless']) {
    this.#userToken = userToken
    Backendless.serverURL = serverURL
    Backendless.initApp(appId, apiKey)
    element('row-form').addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#save(element('note', HTMLInputElement).value)
    })
  }

  /** Reads the row of the user with this address. */
  async read(email: string): Promise<void> {
    await this.#attempt('', async () => {
      const [row] = await this.#userToken.use(async (token) => {
        Backendless.UserService.setCurrentUser({ 'user-token': token })
        // A quote is escaped by doubling it.
        const where = `email = '${email.replaceAll("'", "''")}'`
        const rows: Row[] = await Backendless.Data.of('Users').find(
          Backendless.DataQueryBuilder.create().setWhereClause(where),
        )
        return rows
      })
      this.#show(row)
    })
  }

  clear(): void {
    this.#row = undefined
    show('row', false)
  }

  async #save(note: string): Promise<void> {
    const objectId = this.#row?.objectId
    if (typeof objectId !== 'string') return
    await this.#attempt('Saved.', async () => {
      const row = await this.#userToken.use(async (token) => {
        Backendless.UserService.setCurrentUser({ 'user-token': token })
        const saved: Row = await Backendless.Data.of('Users').save({ objectId, note })
        return saved
      })
      this.#show({ ...this.#row, ...row })
    })
  }

  async #attempt(done: string, work: () => Promise<void>): Promise<void> {
    show('row', true)
    say('row-status', '')
    try {
      await work()
      say('row-status', done)
    } catch (error) {
      const said = messageOf(error)
      say('row-status', error instanceof NoUserTokenError ? `${said}.` : `Backendless says: ${said}`)
    }
  }

  #show(row: Row | undefined): void {
    this.#row = row
    if (!row) throw new Error('there is no row with your address.')
    const shown = ['email', 'name', 'note', 'objectId', 'created', 'lastLogin']
    fill(
      'row-list',
      shown.flatMap((name) => {
        const value = row[name]
        if (value === undefined || value === null) return []
        return [[name, typeof value === 'number' ? new Date(value).toLocaleString() : String(value)] as const]
      }),
    )
    element('note', HTMLInputElement).value = typeof row.note === 'string' ? row.note : ''
  }
}

export async function logOutOfBackendless(token: string): Promise<void> {
  Backendless.UserService.setCurrentUser({ 'user-token': token })
  await Backendless.UserService.logout()
}
