// Passwords at rest: Backendless stores them "in the encrypted format" and never gives them back.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export interface PasswordHash {
  readonly salt: Buffer
  readonly hash: Buffer
}

// A stand-in has no attacker to slow down: one HMAC keeps 100,000 users quick, and still nothing can read a password back.
const digest = (salt: Buffer, password: string) => createHmac('sha256', salt).update(password).digest()

export function hashPassword(password: string): PasswordHash {
  const salt = randomBytes(16)
  return { salt, hash: digest(salt, password) }
}

export function passwordMatches(stored: PasswordHash, password: string): boolean {
  return timingSafeEqual(stored.hash, digest(stored.salt, password))
}
