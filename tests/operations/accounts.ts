// Accounts whose passwords somebody else knows, for tests of `--repair`.
import type { PasswordsReport } from '../../operations/passwords/report.ts'
import { PasswordsFixture } from './fixture.ts'

export const THEIRS = 'a password that somebody else knows'

interface LostAccounts {
  /** Has four accounts: user0 to user2, and o'brien@example.com, whose row has content. */
  readonly fixture: PasswordsFixture
  /** The output and the questions of the command in this test. */
  readonly written: string
  /** @param answer the operator's input. An empty `key` means no key. */
  repair(
    args: readonly string[],
    answer: string | (() => Promise<string>),
    key?: string,
  ): Promise<PasswordsReport | string>
}

export function useAccounts(): LostAccounts {
  let opened: PasswordsFixture | undefined
  let written = ''
  const fixture = (): PasswordsFixture => {
    if (!opened) throw new Error('The suite has not begun')
    return opened
  }
  beforeEach(async () => {
    written = ''
    opened = await PasswordsFixture.open({ multipleLogins: true, maxConcurrentLogins: 100 })
    opened.addUsers(3, THEIRS, 'user')
    opened.app.addUser({ email: "o'brien@example.com", password: THEIRS, secretNote: 'content of the row' })
  })
  afterEach(() => opened?.close())
  return {
    get fixture() {
      return fixture()
    },
    get written() {
      return written
    },
    repair(args, answer, key = fixture().app.keys.codeRunner) {
      const environment = key === '' ? {} : { BACKENDLESS_CODERUNNER_KEY: key }
      return fixture().start(['--repair', ...args], { answer, environment }, (text) => {
        written += text
      })
    },
  }
}
