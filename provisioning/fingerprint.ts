import { createHash, scryptSync } from 'node:crypto'

/**
 * Tells one adopted password from another, in the keepers of its resource. Adopted passwords may be short, so the
 * fingerprint is costly to compute, and is kept as a secret all the same.
 */
export function fingerprint(password: string): string {
  return `adopted ${scryptSync(password, 'backendless-login', 18).toString('base64url')}`
}

/**
 * Tells one application id from another where a reviewer reads it: 12 characters. An application id is random, so it cannot
 * be guessed from its hash.
 */
export function appIdFingerprint(appId: string): string {
  return createHash('sha256').update(`backendless-login appId\n${appId}`).digest('hex').slice(0, 12)
}
