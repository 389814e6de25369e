// The user's addresses and rows, and the buttons that change them.
import type { Account } from '../accounts.ts'
import { ask, element, make, messageOf, say, show } from './elements.ts'

/** The first characters of an id that are shown. */
const ID_LENGTH = 14

export interface AccountSwitches {
  /** Returns the id of the signed-in user. */
  readonly user: () => string | undefined
  /** Opens the tenant's form with this address. */
  readonly signInAs: (email: string) => void
}

export function initAccountSwitches({ user, signInAs }: AccountSwitches): void {
  let newcomer = ''
  onClick('change-address', async (userId) => {
    const account = await ask<Account>('/address', { user: userId })
    showAccount(account)
    say(
      'address',
      `Your address in Auth0 is ${account.email} now, and verified. Refresh the tokens or sign in again: the row follows.`,
    )
  })
  onClick('take-address', async (userId) => {
    const { email, password } = await ask<{ email: string; password: string }>('/newcomer', { user: userId })
    newcomer = email
    show('sign-in-newcomer', true)
    await showAccountOf(userId)
    say('address', `Somebody else has verified ${email}. Their password is ${password}.`)
  })
  element('sign-in-newcomer').addEventListener('click', () => signInAs(newcomer))

  function onClick(id: string, work: (userId: string) => Promise<void>): void {
    element(id).addEventListener('click', async () => {
      const userId = user()
      if (userId === undefined) return
      say('address', '')
      await work(userId).catch((error: unknown) => say('address', messageOf(error)))
    })
  }
}

/** Shows nothing if the tenant no longer has the user. */
export async function showAccountOf(userId: string): Promise<void> {
  const account = await ask<Account>('/account', { user: userId }).catch(() => undefined)
  if (account) showAccount(account)
}

function showAccount({ userId, appMetadata, addresses }: Account): void {
  element('account-title').textContent = userId
  element('account-addresses').replaceChildren(
    ...addresses.map(({ address, userId: holder, row }) => {
      const line = make('tr', '')
      const cells = [address, short(holder), short(row?.objectId), short(row ? row.owner : undefined)]
      line.append(...cells.map((cell) => make('td', '', cell)))
      return line
    }),
  )
  element('account-metadata').textContent = JSON.stringify(appMetadata, undefined, 2)
  show('account', true)
}

function short(id: string | undefined): string {
  if (id === undefined) return '–'
  return id.length > ID_LENGTH ? `${id.slice(0, ID_LENGTH)}…` : id
}
