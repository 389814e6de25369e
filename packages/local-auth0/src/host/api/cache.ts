// `api.cache`: reads from a copy made at the start of the execution, and records writes until its end. It never throws.
import type { CacheRecord, CacheWrite } from '../messages.ts'

const maxEntries = 20
const maxSideEffects = 20
const maxKeyBytes = 64
const maxValueBytes = 4096
// As documented. A constant of the runtime says 16 KiB and 256 bytes, which is less strict.
const maxTotalBytes = 8192
const defaultTtl = 15 * 60 * 1000
const maxTtl = 24 * 60 * 60 * 1000

type Written = { type: 'success'; record: CacheRecord } | { type: 'error'; code: string }
type Deleted = { type: 'success' } | { type: 'error'; code: string }

export class Cache {
  readonly #records: Map<string, CacheRecord>
  readonly #writes: CacheWrite[]

  constructor(records: Readonly<Record<string, CacheRecord>>, writes: CacheWrite[]) {
    this.#records = new Map(Object.entries(records))
    this.#writes = writes
  }

  get(key: string): CacheRecord | undefined {
    const record = this.#records.get(key)
    return record && record.expires_at > Date.now() ? { ...record } : undefined
  }

  set(key: string, value: string, options: { ttl?: number; expires_at?: number } = {}): Written {
    if (typeof key !== 'string' || typeof value !== 'string') return refused('FailedToSetCacheRecord')
    if (this.#writes.length >= maxSideEffects) return refused('MaxSideEffectsExceeded')
    if (Buffer.byteLength(key) > maxKeyBytes) return refused('CacheKeySizeExceeded')
    if (Buffer.byteLength(value) > maxValueBytes) return refused('CacheValueSizeExceeded')
    const expiry = expiryOf(options ?? {})
    if (typeof expiry === 'string') return refused(expiry)
    const others = [...this.#records].filter(([other]) => other !== key)
    const bytes = others.reduce(
      (sum, [other, record]) => sum + sizeOf(other, record.value),
      sizeOf(key, value),
    )
    if (others.length >= maxEntries || bytes > maxTotalBytes) return refused('CacheSizeExceeded')
    const record = { value, expires_at: expiry }
    this.#records.set(key, record)
    this.#writes.push({ kind: 'set', key, record })
    return { type: 'success', record: { ...record } }
  }

  delete(key: string): Deleted {
    if (this.get(key) === undefined) return refused('CacheKeyDoesNotExist')
    if (this.#writes.length >= maxSideEffects) return refused('MaxSideEffectsExceeded')
    this.#records.delete(key)
    this.#writes.push({ kind: 'delete', key })
    return { type: 'success' }
  }
}

function expiryOf({ ttl, expires_at: expiresAt }: { ttl?: number; expires_at?: number }): number | string {
  const now = Date.now()
  for (const given of [ttl, expiresAt]) {
    if (given !== undefined && (!Number.isFinite(given) || given < 0)) return 'InvalidExpiry'
  }
  if (ttl === undefined && expiresAt === undefined) return now + defaultTtl
  const expiry = Math.min(expiresAt ?? Number.POSITIVE_INFINITY, now + Math.min(ttl ?? maxTtl, maxTtl))
  return expiry <= now ? 'ItemAlreadyExpired' : expiry
}

function refused(code: string): { type: 'error'; code: string } {
  return { type: 'error', code }
}

function sizeOf(key: string, value: string): number {
  return Buffer.byteLength(key) + Buffer.byteLength(value)
}
