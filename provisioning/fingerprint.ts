import { scryptSync } from 'node:crypto'

/**
 * Tells one adopted password from another, in the keepers of its resource. Adopted passwords may be short, so the
 * fingerprint is costly to compute, and is kept as a secret all the same.
 */
export function fingerprint(password: string): string {
  return `adopted ${scryptSync(password, 'backendless-login', 18).toString('base64url')}`
}
