// Unexpected values, and events that contain them.

import { loginEvent } from '@backendless-login/local-auth0'
import fc from 'fast-check'

const VICTIM = 'ada@example.com'

/** Addresses and ids in the form of something else: SQL, JSON, a path, a URL, another address. */
export const DECEPTIVE: readonly string[] = [
  `"ada"@example.com`,
  `ada'--@example.com`,
  `' OR '1'='1`,
  `${VICTIM}' OR 'x'='x`,
  `{"email":"${VICTIM}"}`,
  `["${VICTIM}"]`,
  `${VICTIM}","password":"x`,
  '{"$ne":null}',
  '../../users/login',
  `/users/restorepassword/${VICTIM}`,
  `..%2f..%2fdata%2fUsers?where=email='${VICTIM}'`,
  `https://example.com/${VICTIM}`,
  `${VICTIM}%00`,
  `${VICTIM}\u0000`,
  `${VICTIM}\r\nx-header: 1`,
  `\u202e${VICTIM}`,
  `moc.elpmaxe@ada\u202e`,
  `ada\u200f@example.com`,
  `ada\u200b@example.com`,
  ` ${VICTIM}`,
  `${VICTIM} `,
  `ada@ex\u0430mple.com`,
  'ＡＤＡ@example.com',
  'ada\ud800@example.com',
  `${'a'.repeat(10_000)}@example.com`,
  `ada@${'\u{1f469}\u200d'.repeat(500)}.example`,
  '__proto__',
  'constructor',
  'null',
  '*',
  '%',
]

const cyclic: Record<string, unknown> = {}
cyclic.self = cyclic
const refusing = new Proxy(
  {},
  {
    get: () => {
      throw new Error(`refused for ${VICTIM}`)
    },
  },
)

/** Frozen, so that a change inside an event cannot affect the next one. */
const STRANGE: readonly unknown[] = [
  ...[null, undefined, Number.NaN, -1, 2 ** 53, true, 1n, Symbol(VICTIM), () => VICTIM, refusing],
  ...[cyclic, [VICTIM], { email: VICTIM }, { toString: () => VICTIM }, new String(VICTIM), new Date(0)],
  ...[[null], [[]], [refusing], Array(10_000).fill(VICTIM), Object.create({ email: VICTIM })],
].map((value) => (value === refusing ? value : Object.freeze(value)))

export const strangeValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...DECEPTIVE),
  fc.constantFrom(...STRANGE),
  fc.string({ unit: 'binary' }),
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
  }),
)

/** A place in the event, and the change made there. */
interface Change {
  readonly path: readonly string[]
  readonly change:
    | { readonly kind: 'set'; readonly value: unknown }
    | { readonly kind: 'remove' }
    | { readonly kind: 'throwingGetter' }
    | { readonly kind: 'prototype'; readonly value: unknown }
}

const PATHS: readonly (readonly string[])[] = [
  ...['client', 'connection', 'request', 'secrets', 'session', 'stats', 'transaction', 'user'].map((name) => [
    name,
  ]),
  ['client', 'client_id'],
  ['connection', 'name'],
  ['connection', 'strategy'],
  ['request', 'query'],
  ['request', 'query', 'prompt'],
  ['request', 'query', 'scope'],
  ['secrets', 'BACKENDLESS_APP_ID'],
  ['secrets', 'BACKENDLESS_API_KEY'],
  ['secrets', 'PASSWORD_1'],
  ['stats', 'logins_count'],
  ...['protocol', 'prompt', 'requested_scopes', 'response_type'].map((name) => ['transaction', name]),
  ...['user_id', 'email', 'email', 'email_verified', 'created_at', 'identities', 'name'].map((name) => [
    'user',
    name,
  ]),
  ['user', 'identities', '0'],
  ['user', 'identities', '0', 'provider'],
]

const change: fc.Arbitrary<Change> = fc.record({
  path: fc.constantFrom(...PATHS),
  change: fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), value: strangeValue }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'remove' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'throwingGetter' as const }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('prototype' as const), value: strangeValue }) },
  ),
})

/** A complete event of a user of their own, often with a deceptive identity and up to three strange places, or no event at all. */
export function strangeEvent(secrets: Readonly<Record<string, string>>): fc.Arbitrary<unknown> {
  const changed = fc
    .record({
      first: fc.boolean(),
      identity: fc.option(fc.constantFrom(...DECEPTIVE), { freq: 2 }),
      changes: fc.array(change, { maxLength: 3 }),
    })
    .map(({ first, identity, changes }) => {
      const user = {
        ...(first ? { created_at: new Date().toISOString() } : {}),
        ...(identity === null ? {} : { email: identity, user_id: identity }),
      }
      const event = {
        ...loginEvent({ stats: { logins_count: first ? 1 : 9 }, user }),
        secrets: { ...secrets },
      }
      for (const one of changes) apply(event, one)
      return event
    })
  return fc.oneof({ weight: 9, arbitrary: changed }, { weight: 1, arbitrary: strangeValue })
}

function apply(event: object, { path, change: { kind, ...rest } }: Change): void {
  const name = path.at(-1) ?? ''
  const holder = path.slice(0, -1).reduce<unknown>(readSafely, event)
  if (typeof holder !== 'object' || holder === null || holder === refusing) return
  const value = 'value' in rest ? rest.value : undefined
  if (kind === 'set') Reflect.set(holder, name, value)
  else if (kind === 'remove') Reflect.deleteProperty(holder, name)
  else if (kind === 'throwingGetter') {
    const get = () => {
      throw new Error(`no ${name} for ${VICTIM}`)
    }
    Reflect.defineProperty(holder, name, { get, enumerable: true, configurable: true })
  } else {
    const target = readSafely(holder, name)
    const prototype = typeof value === 'object' ? value : null
    if (typeof target === 'object' && target !== null) Reflect.setPrototypeOf(target, prototype)
  }
}

/** Returns `undefined` if it cannot be read. */
export function readSafely(value: unknown, name: string): unknown {
  try {
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  } catch {
    return undefined
  }
}
