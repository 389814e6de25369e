// The users for whom the Action recorded a problem in `app_metadata`.
import { isKeptCode, KEPT_CODES, type KeptCode } from '../../actions/backendless-login/outcomes.ts'
import { TenantProblem } from '../auth0/problem.ts'
import type { Tenant } from '../auth0/tenant.ts'
import { fieldsOf } from '../fields.ts'

export interface AffectedUser {
  readonly userId: string
  readonly email?: string
  /** A UTC date. */
  readonly since?: string
}

export type AffectedUsers =
  | {
      readonly kind: 'counted'
      /** Only codes that at least one user has. */
      readonly byCode: Readonly<Partial<Record<KeptCode, number>>>
      /** The users with the requested code; at most 1,000. */
      readonly listed?: readonly AffectedUser[]
    }
  /** `why` is a sentence. */
  | { readonly kind: 'not_counted'; readonly why: string }

export type UserTenant = Pick<Tenant, 'searchUsers'>

/**
 * @param key of the application's entry in `app_metadata`
 * @param wanted the code whose users are listed, with their addresses
 * @throws Problem if the search fails for another reason than a missing scope
 */
export async function affectedUsers(
  tenant: UserTenant,
  key: string,
  wanted?: KeptCode,
): Promise<AffectedUsers> {
  try {
    const byCode: Partial<Record<KeptCode, number>> = {}
    const { users, total } = await tenant.searchUsers(`_exists_:app_metadata.${key}.problem`)
    if (users.length === total) {
      for (const { app_metadata } of users) {
        const { problem } = fieldsOf(fieldsOf(app_metadata)[key])
        if (isKeptCode(problem)) byCode[problem] = (byCode[problem] ?? 0) + 1
      }
    } else {
      // Auth0 lists 1,000 users of a search, but counts all.
      for (const code of KEPT_CODES) {
        const found = await tenant.searchUsers(withProblem(key, code), ['user_id'])
        if (found.total > 0) byCode[code] = found.total
      }
    }
    return { kind: 'counted', byCode, ...(wanted ? { listed: await list(tenant, key, wanted) } : {}) }
  } catch (error) {
    if (error instanceof TenantProblem && error.obstacle === 'scope' && !wanted) {
      return { kind: 'not_counted', why: error.message }
    }
    throw error
  }
}

async function list(tenant: UserTenant, key: string, code: KeptCode): Promise<AffectedUser[]> {
  const { users } = await tenant.searchUsers(withProblem(key, code), ['user_id', 'email', 'app_metadata'])
  return users.map(({ user_id, email, app_metadata }) => {
    const { since } = fieldsOf(fieldsOf(app_metadata)[key])
    return {
      userId: user_id,
      ...(typeof email === 'string' ? { email } : {}),
      ...(typeof since === 'string' ? { since } : {}),
    }
  })
}

function withProblem(key: string, code: KeptCode): string {
  return `app_metadata.${key}.problem:"${code}"`
}
