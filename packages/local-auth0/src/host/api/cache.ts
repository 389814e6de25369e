// `api.cache`: reads from a copy made at the start of the execution, and records writes until its end. It never throws.
import type { CacheRecord, CacheWrite } from '../messages.ts'

const MAX_ENTRIES = 20
const MAX_SIDE_EFFECTS = 20
const MAX_KEY_BYTES = 64
const MAX_VALUE_BYTES = 4096
// As documented. A constant of the runtime says 16 KiB and 256 bytes, which is less strict.
const MAX_TOTAL_BYTES = 8192
const DEFAULT_TTL = 15 * 60 * 1000
const MAX_TTL = 24 * 60 * 60 * 1000

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
    if (this.#writes.length >= MAX_SIDE_EFFECTS) return refused('MaxSideEffectsExceeded')
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) return refused('CacheKeySizeExceeded')
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES) return refused('CacheValueSizeExceeded')
    const expiry = expiryOf(options ?? {})
    if (typeof expiry === 'string') return refused(expiry)
    const others = [...this.#records].filter(([other]) => other !== key)
    const bytes = others.reduce(
      (sum, [other, record]) => sum + sizeOf(other, record.value),
      sizeOf(key, value),
    )
    if (others.length >= MAX_ENTRIES || bytes > MAX_TOTAL_BYTES) return refused('CacheSizeExceeded')
    const record = { value, expires_at: expiry }
    this.#records.set(key, record)
    this.#writes.push({ kind: 'set', key, record })
    return { type: 'success', record: { ...record } }
  }

  delete(key: string): Deleted {
    if (this.get(key) === undefined) return refused('CacheKeyDoesNotExist')
    if (this.#writes.length >= MAX_SIDE_EFFECTS) return refused('MaxSideEffectsExceeded')
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
  if (ttl === undefined && expiresAt === undefined) return now + DEFAULT_TTL
  const expiry = Math.min(expiresAt ?? Number.POSITIVE_INFINITY, now + Math.min(ttl ?? MAX_TTL, MAX_TTL))
  return expiry <= now ? 'ItemAlreadyExpired' : expiry
}

function refused(code: string): { type: 'error'; code: string } {
  return { type: 'error', code }
}

function sizeOf(key: string, value: string): number {
  return Buffer.byteLength(key) + Buffer.byteLength(value)
}
