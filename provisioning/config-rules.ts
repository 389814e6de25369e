// Rules that concern several keys: combinations that contradict each other, and choices that are allowed but dangerous.
import { PERSONAL } from '../actions/backendless-login/address.ts'
import type { CompleteArgs } from './arguments-with-defaults.ts'
import type { Config, ConfigKey } from './config-schema.ts'
import { type ConfigProblem, finding } from './findings.ts'
import { freeId } from './passwords-schema.ts'

/** The shortest adopted password that may be current, in characters. Nobody types it, so it need not be short. */
const MIN_PASSWORD_LENGTH = 16

/**
 * Names that Auth0 gives its own connections: the default database, and for passwordless and social ones the name of the
 * strategy. Only strategies whose addresses count without being trusted are here.
 */
const WELL_KNOWN_CONNECTIONS = new Set(['Username-Password-Authentication', ...PERSONAL])

/** Contradictions among values that are valid by themselves. Absent keys are not checked. */
export function contradictions({
  identity,
  identityColumn,
  profile = {},
  ownerColumn,
  passwords,
}: Partial<Config>): ConfigProblem[] {
  const findings: ConfigProblem[] = []
  const add = (key: ConfigKey, problem: string, example?: string) =>
    findings.push(finding(key, problem, example))
  const isSame = (column: string | undefined, other: string | undefined) =>
    column?.toLowerCase() === other?.toLowerCase()
  const inProfile = (column: string | undefined) => Object.keys(profile).find((name) => isSame(name, column))

  if (identity === 'user_id' && isSame(identityColumn, 'email')) {
    add(
      'identityColumn',
      'must be set with identity user_id: name the identity column of your Users table; a user id is not an e-mail address',
    )
  }
  const identityInProfile = inProfile(identityColumn)
  if (identityInProfile) {
    add(
      'profile',
      `must not name ${identityColumn}: that is the identity column`,
      `rm --path profile.${identityInProfile}`,
    )
  }
  if (ownerColumn) {
    if (identity === 'user_id') {
      add(
        'ownerColumn',
        'must not be set with identity user_id: the user id is the identity already',
        'rm ownerColumn',
      )
    }
    if (isSame(ownerColumn, identityColumn)) add('ownerColumn', 'must not be the identity column')
    const ownerInProfile = inProfile(ownerColumn)
    if (ownerInProfile) {
      add('ownerColumn', 'must not be a column of profile', `rm --path profile.${ownerInProfile}`)
    }
  }
  const problem = currentValueProblem(passwords?.[0]?.value)
  if (problem) {
    const id = freeId((passwords ?? []).map((entry) => entry.id))
    const example = `write { id: "${id}" } above the first entry of passwords in the file of the stack`
    findings.push({ path: 'passwords[0].value', problem, example })
  }
  return findings
}

/** Returns why this adopted value must not be the current password; `undefined` if it may be. */
export function currentValueProblem(value: unknown): string | undefined {
  return isShort(value)
    ? `has less than ${MIN_PASSWORD_LENGTH} characters, too few for the current password: put a new entry without a value on top`
    : undefined
}

function isShort(value: unknown): boolean {
  return typeof value === 'string' && value.length < MIN_PASSWORD_LENGTH
}

/** Warnings about what is allowed but dangerous, each a sentence that begins with its key. */
export function warningsOf({
  clients,
  connections,
  trustedConnections,
  unverified,
  identity,
  passwords,
}: Omit<CompleteArgs, 'appId' | 'apiKey'>): string[] {
  const warnings: string[] = []
  if (clients.includes('*')) {
    warnings.push(
      'clients is ["*"]: the users of every application of the tenant get a Backendless user token.',
    )
  }
  if (unverified === 'accept' && identity === 'email') {
    warnings.push(
      'unverified is accept: whoever signs up with somebody else’s address gets that person’s Backendless account.',
    )
  }
  const custom = connections.filter((name) => !WELL_KNOWN_CONNECTIONS.has(name))
  if (
    identity === 'email' &&
    unverified !== 'accept' &&
    custom.length > 0 &&
    trustedConnections.length === 0
  ) {
    const fate = unverified === 'deny' ? 'refused' : 'signed in without a token'
    warnings.push(
      `connections names ${custom.join(', ')}, and trustedConnections is empty: unless this is a database or a social connection with personal accounts, its users will be ${fate} (email_untrusted). Name it in trustedConnections as well if you trust its addresses.`,
    )
  }
  for (const { id } of passwords.filter(({ value }) => isShort(value))) {
    warnings.push(
      `passwords: the value of ${id} has less than ${MIN_PASSWORD_LENGTH} characters. Retire it once its users are moved.`,
    )
  }
  return warnings
}
