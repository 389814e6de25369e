import { passwordsIn } from '../../provisioning/deployed-settings.ts'
import type { Tenant } from '../auth0/tenant.ts'

/** Auth0's limit on the versions of an Action (docs: entity-limit-policy). */
const VERSIONS_KEPT = 50

/** Which passwords the versions of an Action have had on top. */
export interface History {
  /** Ids of the passwords that were on top of a version that Auth0 still has. */
  readonly wereOnTop: ReadonlySet<string>
  /** When a password was first put on top, in milliseconds; `undefined` if the versions do not show it. */
  onTopSince(id: string): number | undefined
}

/** @throws Problem if Auth0 does not list the versions. */
export async function readHistory(tenant: Pick<Tenant, 'versions'>, actionId: string): Promise<History> {
  const versions = (await tenant.versions(actionId)).map(({ code, created_at = '' }) => ({
    top: topOf(code),
    at: Date.parse(created_at),
  }))
  versions.sort((one, other) => one.at - other.at)
  return {
    wereOnTop: new Set(versions.flatMap(({ top }) => top ?? [])),
    onTopSince(id) {
      const first = versions.findIndex(({ top }) => top === id)
      // The versions before it may be gone, or not be readable.
      const before = versions.slice(0, first)
      if (first === 0 && versions.length >= VERSIONS_KEPT) return undefined
      return before.every(({ top }) => top !== undefined) ? versions[first]?.at : undefined
    },
  }
}

function topOf(code: string): string | undefined {
  const found = passwordsIn(code)
  return found.kind === 'passwords' ? found.passwords[0]?.id : undefined
}
