// The `api` argument of a post-login Action (v3). Calls record their effects; the trigger applies them afterwards.
import type { PostLoginEvent } from '../../event.ts'
import { noEffects } from '../effects.ts'
import type { CacheRecord } from '../messages.ts'
import { Cache } from './cache.ts'
import { setCustomClaim } from './claims.ts'
import { setTransactionMetadata } from './transaction.ts'

const WITHOUT_REDIRECT = [
  'oauth2-resource-owner',
  'oauth2-refresh-token',
  'oauth2-password',
  'oauth2-webauthn',
]
const MULTIFACTOR_PROVIDERS = ['any', 'none', 'guardian', 'google-authenticator', 'duo']
const MAX_VALIDATION_CHARACTERS = 100

/** Returns an `api` for one execution, and the effects of its calls. */
export function createApi(event: PostLoginEvent, cached: Readonly<Record<string, CacheRecord>>) {
  const effects = noEffects()
  const record = (name: string, parameters: unknown[]) => {
    effects.commands.push({ name, arguments: parameters })
    return api
  }

  const api = {
    access: {
      deny(reason: string) {
        effects.denied ??= String(reason)
        return api
      },
    },
    idToken: {
      setCustomClaim(name: string, value: unknown) {
        setCustomClaim(effects.idToken, name, value)
        return api
      },
    },
    accessToken: {
      setCustomClaim(name: string, value: unknown) {
        setCustomClaim(effects.accessToken, name, value)
        return api
      },
      addScope(scope: string) {
        effects.addedScopes.push(scope)
      },
      removeScope(scope: string) {
        effects.removedScopes.push(scope)
      },
    },
    cache: new Cache(cached, effects.cacheWrites),
    user: {
      setAppMetadata(key: string, value: unknown) {
        setUserMetadata(event.user.app_metadata, effects.appMetadata, key, value)
        return api
      },
      setUserMetadata(key: string, value: unknown) {
        setUserMetadata(event.user.user_metadata, effects.userMetadata, key, value)
        return api
      },
    },
    multifactor: {
      enable(provider: string, options?: unknown) {
        if (!MULTIFACTOR_PROVIDERS.includes(provider))
          throw new Error(`Unknown multifactor provider "${provider}".`)
        return record('multifactor.enable', options === undefined ? [provider] : [provider, options])
      },
    },
    redirect: {
      canRedirect: () => canRedirect(event),
      sendUserTo: (...parameters: unknown[]) => record('redirect.sendUserTo', parameters),
      encodeToken: () => unavailable('redirect.encodeToken'),
      validateToken: () => unavailable('redirect.validateToken'),
    },
    // Rules stopped running on 2026-11-18.
    rules: { wasExecuted: (_ruleId: string) => false },
    transaction: {
      setMetadata(key: string, value: unknown) {
        setTransactionMetadata(event.transaction?.metadata ?? {}, effects.transactionMetadata, key, value)
        return api
      },
    },
    validation: {
      error(code: string, message: string) {
        for (const text of [code, message]) {
          if (text.length > MAX_VALIDATION_CHARACTERS) {
            throw new Error(`A validation error must not exceed ${MAX_VALIDATION_CHARACTERS} characters.`)
          }
        }
        effects.denied ??= message
        return record('validation.error', [code, message])
      },
    },
    authentication: recorded('authentication', record),
    session: recorded('session', record),
    refreshToken: recorded('refreshToken', record),
    prompt: recorded('prompt', record),
    samlResponse: recorded('samlResponse', record),
    groups: recorded('groups', record),
    roles: recorded('roles', record),
  }
  return { api, effects }
}

function setUserMetadata(
  present: unknown,
  written: Record<string, unknown>,
  key: string,
  value: unknown,
): void {
  if (typeof present !== 'object' || present === null || Array.isArray(present)) {
    throw new Error('The existing metadata of the user is not an object.')
  }
  written[key] = value
}

function canRedirect({ request, transaction }: PostLoginEvent): boolean {
  if (request.query.prompt === 'none') return false
  const prompt: unknown = transaction?.prompt
  if (Array.isArray(prompt) && prompt.includes('none')) return false
  return !WITHOUT_REDIRECT.includes(transaction?.protocol ?? '')
}

// Members that need a browser or a feature that is not imitated. Every method exists, and its calls are only recorded.
function recorded(area: string, record: (name: string, parameters: unknown[]) => unknown): object {
  return new Proxy(
    {},
    {
      get: (_target, member) =>
        typeof member === 'string' && member !== 'then' && member !== 'toJSON'
          ? (...parameters: unknown[]) => record(`${area}.${member}`, parameters)
          : undefined,
    },
  )
}

function unavailable(member: string): never {
  throw new Error(`api.${member} is not available on this machine.`)
}
