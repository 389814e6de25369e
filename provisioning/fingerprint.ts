import { createHash, scryptSync } from 'node:crypto'

/**
 * Identifies an adopted password in the keepers of its resource. An adopted password may be short, so the fingerprint is a
 * slow hash, and is a secret too.
 */
export function fingerprint(password: string): string {
  return `adopted ${scryptSync(password, 'backendless-login', 18).toString('base64url')}`
}

/**
 * Identifies an application id for a reviewer, in 12 characters. It is not a secret: an application id is random, so it
 * cannot be guessed from its hash.
 */
export function appIdFingerprint(appId: string): string {
  return createHash('sha256').update(`backendless-login appId\n${appId}`).digest('hex').slice(0, 12)
}
