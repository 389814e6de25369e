// Stored passwords. Backendless stores them "in the encrypted format" and never returns them.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export interface PasswordHash {
  readonly salt: Buffer
  readonly hash: Buffer
}

// A test service needs no slow hash: with one HMAC, 100,000 users are quick, and no password can be read back.
const digest = (salt: Buffer, password: string) => createHmac('sha256', salt).update(password).digest()

export function hashPassword(password: string): PasswordHash {
  const salt = randomBytes(16)
  return { salt, hash: digest(salt, password) }
}

export function passwordMatches(stored: PasswordHash, password: string): boolean {
  return timingSafeEqual(stored.hash, digest(stored.salt, password))
}
