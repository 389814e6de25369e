// `--try-user`: checks that need a user. Two users are registered, and deleted again whatever happens.
import { randomBytes } from 'node:crypto'
import type { Config } from '../../provisioning/config-schema.ts'
import { type BackendlessApi, isSuccess, saidBy } from '../backendless/api.ts'
import { Problem } from '../problem.ts'
import type { Findings } from './findings.ts'
import { checkLockout, checkLogins, checkRecovery, LOGIN_CHECKS } from './throw-away-logins.ts'
import {
  checkComparison,
  checkOtherRows,
  checkOwnIdentity,
  checkOwnPassword,
  ROW_CHECKS,
} from './throw-away-rows.ts'
import { isRefused, ThrowAwayUser } from './throw-away-user.ts'
import { checkColumnsOf } from './users-table.ts'

export const TRIED = [...LOGIN_CHECKS, ...ROW_CHECKS, 'throw-away user'] as const

/** @throws Problem if it was interrupted, after the users were deleted. */
export async function tryUser(found: Findings, api: BackendlessApi, config: Config): Promise<void> {
  const users: ThrowAwayUser[] = []
  const interruption = new AbortController()
  const interrupt = () => interruption.abort()
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    await runChecks(found, api, config, users, interruption.signal)
  } finally {
    await remove(found, users)
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
  if (interruption.signal.aborted) {
    throw new Problem(
      ['Interrupted.', found.sentence('throw-away user') ?? 'No user was registered.'].join(' '),
    )
  }
}

async function runChecks(
  found: Findings,
  api: BackendlessApi,
  config: Config,
  users: ThrowAwayUser[],
  interruption: AbortSignal,
): Promise<void> {
  const first = await register(found, api, config, users)
  if (!first) return found.notChecked(TRIED, 'The throw-away user could not be registered.')
  const row = await checkLogins(found, api, first)
  if (!row) return found.notChecked([...LOGIN_CHECKS, ...ROW_CHECKS], 'The throw-away user could not log in.')
  checkColumnsOf(found, config, row)
  const second = interruption.aborted ? undefined : await register(found, api, config, users)
  const isLoggedIn = second !== undefined && isSuccess(await second.logIn())
  if (!isLoggedIn) found.notChecked(ROW_CHECKS, 'There is no second throw-away user who can log in.')
  const checks = [
    ...(isLoggedIn
      ? [
          () => checkOtherRows(found, second, first),
          () => checkComparison(found, second, config),
          () => checkOwnPassword(found, api, second),
          () => checkOwnIdentity(found, second, config),
        ]
      : []),
    () => checkLockout(found, first, config),
    // Last, because Backendless may set another password for the user.
    () => checkRecovery(found, api, first),
  ]
  for (const check of checks) {
    if (interruption.aborted) return
    await check()
  }
}

/** Adds a user to `users` if it may have to be deleted. */
async function register(
  found: Findings,
  api: BackendlessApi,
  { identity: kind, identityColumn }: Config,
  users: ThrowAwayUser[],
): Promise<ThrowAwayUser | undefined> {
  const name = `backendless-login-doctor-${randomBytes(8).toString('hex')}`
  // example.com accepts no mail, so a confirmation or recovery mail reaches nobody.
  const identity = kind === 'email' ? `${name}@example.com` : `auth0|${name}`
  const user = new ThrowAwayUser(api, identityColumn, identity)
  const answer = await user.register()
  if (isSuccess(answer) && user.objectId !== undefined) {
    users.push(user)
    found.ok('registration', 'A throw-away user was registered.')
    return user
  }
  found.failed('registration', `Backendless ${saidBy(answer)} to the registration of a throw-away user.`)
  if (!isRefused(answer)) {
    // The row may exist all the same. Then a login shows its objectId.
    await user.logIn()
    users.push(user)
  }
  return undefined
}

async function remove(found: Findings, users: readonly ThrowAwayUser[]): Promise<void> {
  const left: string[] = []
  for (const user of users) {
    if (user.objectId === undefined) {
      left.push(`${user.identity} may be there: Backendless did not answer its registration as documented`)
      continue
    }
    const answer = await user.remove()
    if (!isSuccess(answer)) left.push(`${user.objectId} stays: Backendless ${saidBy(answer)} to its deletion`)
  }
  if (users.length === 0) return
  if (left.length === 0) {
    return found.ok(
      'throw-away user',
      users.length === 1 ? 'The throw-away user is deleted.' : 'Both throw-away users are deleted.',
    )
  }
  found.warning('throw-away user', left.map((each) => `The throw-away user ${each}.`).join('\n'))
}
