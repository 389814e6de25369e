// The provider's storage, in memory: sessions, codes and tokens of one tenant, and its applications as clients.
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'
import type { Applications } from './applications.ts'

interface Stored {
  readonly model: string
  readonly id: string
  readonly payload: AdapterPayload
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** Returns an adapter for the provider. Expired entries are removed when another is stored. */
export function memoryStorage(applications: Applications): AdapterFactory {
  const stored = new Map<string, Stored>()
  const live = (entry: Stored | undefined) =>
    entry && entry.expires > Date.now() ? entry.payload : undefined
  const findBy = (model: string, matches: (payload: AdapterPayload) => boolean) =>
    [...stored.values()].find((entry) => entry.model === model && matches(entry.payload))

  return (model): Adapter => {
    const key = (id: string) => `${model} ${id}`
    return {
      async upsert(id, payload, expiresIn) {
        for (const [other, { expires }] of stored) if (expires <= Date.now()) stored.delete(other)
        const expires = expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000
        stored.set(key(id), { model, id, payload, expires })
      },
      async find(id) {
        return model === 'Client' ? applications.clientMetadata(id) : live(stored.get(key(id)))
      },
      async findByUid(uid) {
        return live(findBy(model, (payload) => payload.uid === uid))
      },
      async findByUserCode(userCode) {
        return live(findBy(model, (payload) => payload.userCode === userCode))
      },
      async consume(id) {
        const payload = stored.get(key(id))?.payload
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      },
      async destroy(id) {
        stored.delete(key(id))
      },
      async revokeByGrantId(grantId) {
        for (const [other, { payload }] of stored) if (payload.grantId === grantId) stored.delete(other)
      },
    }
  }
}
