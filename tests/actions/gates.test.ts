import assert from 'node:assert/strict'
import { type EventOverrides, loginEvent } from '@backendless-login/local-auth0'
import { isInteractive } from '../../actions/backendless-login/flow.ts'
import { type Gate, gate } from '../../actions/backendless-login/gates.ts'
import { failure } from '../../actions/backendless-login/outcomes.ts'
import type { Settings } from '../../actions/backendless-login/settings.ts'
import { SETTINGS } from '../settings.ts'
import { backendless, closeAll, REFRESH, SILENT, signIn } from './sign-in.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')
const DATABASE = 'Username-Password-Authentication'

function complete(event: EventOverrides) {
  return loginEvent({ client: { client_id: 'shop' }, ...event })
}

function at(event: EventOverrides, settings: Partial<Settings> = {}): Gate {
  return gate({ ...SETTINGS, ...settings }, complete(event), undefined, NOW)
}

function endOf(event: EventOverrides, changes: Partial<Settings>): string {
  const settings = { ...SETTINGS, ...changes }
  const gated = at(event, settings)
  if (gated.kind === 'pass') return 'pass'
  const end = gated.kind === 'skip' ? gated : failure(settings, gated.code, isInteractive(complete(event)))
  return `${end.kind} ${end.code}`
}

/** A user of one connection, which is also the connection of the primary identity. */
function userOf(strategy: string, name: string, user: EventOverrides['user'] = {}): EventOverrides {
  const identities = [{ provider: strategy, connection: name, user_id: '7' }]
  return { connection: { strategy, name }, user: { user_id: `${strategy}|7`, identities, ...user } }
}

const UNVERIFIED = { email_verified: false }
const ENTERPRISE = { connection: { strategy: 'samlp', name: 'partner' } }
const LINKED_TO_ENTERPRISE = {
  user: {
    user_id: 'samlp|partner|7',
    identities: [
      { provider: 'samlp', connection: 'partner', user_id: 'partner|7' },
      { provider: 'auth0', connection: 'Username-Password-Authentication', user_id: '5f' },
    ],
  },
}
const protocol = (name: string) => ({ transaction: { protocol: name } })

const NO_SCOPES = { transaction: { requested_scopes: [] } }

const CASES: readonly [string, EventOverrides, Partial<Settings>, string][] = [
  ['a verified database user', {}, {}, 'pass'],
  ['a passwordless user', { connection: { strategy: 'email', name: 'email' } }, {}, 'pass'],
  ['a social user', { connection: { strategy: 'google-oauth2', name: 'google-oauth2' } }, {}, 'pass'],
  ['SAML', protocol('samlp'), {}, 'skip no_id_token'],
  ['WS-Federation', protocol('wsfed'), {}, 'skip no_id_token'],
  ['scopes without openid', { transaction: { requested_scopes: ['profile'] } }, {}, 'skip no_id_token'],
  ['a list of scopes that is empty, and openid in the query', NO_SCOPES, {}, 'pass'],
  [
    'a list of scopes that is empty, and others in the query',
    { ...NO_SCOPES, request: { query: { scope: 'profile email' } } },
    {},
    'skip no_id_token',
  ],
  ['scopes that nothing names', { ...NO_SCOPES, request: { query: {} } }, {}, 'pass'],
  ['an empty scope in the query', { ...NO_SCOPES, request: { query: { scope: ' ' } } }, {}, 'pass'],
  ['scopes with openid, and others in the query', { request: { query: { scope: 'profile' } } }, {}, 'pass'],
  ['a delegated session', { session: { id: 's', actor: { sub: 'auth0|helper' } } }, {}, 'skip delegated'],
  ['a delegated transaction', { transaction: { actor: { sub: 'agent' } } }, {}, 'skip delegated'],
  ['an actor that is null', { session: { actor: null } }, {}, 'skip delegated'],
  ['an actor that is empty', { transaction: { actor: '' } }, {}, 'skip delegated'],
  ['a session of the user alone', { session: { id: 's' } }, {}, 'pass'],
  [
    'a delegated session with an address that is not verified',
    { session: { actor: {} }, user: UNVERIFIED },
    {},
    'skip delegated',
  ],
  ['a refresh that names no scopes', REFRESH, {}, 'pass'],
  ['an access token alone', { transaction: { response_type: ['token'] } }, {}, 'skip no_id_token'],
  ['no transaction', { transaction: undefined }, {}, 'pass'],
  ['a client that is not listed', { client: { client_id: 'other' } }, {}, 'skip client_not_listed'],
  ['any client with *', { client: { client_id: 'other' } }, { clients: ['*'] }, 'pass'],
  ['a connection that is not named', {}, { connections: ['other'] }, 'skip connection_not_listed'],
  ['a connection that is named', {}, { connections: ['Username-Password-Authentication'] }, 'pass'],
  ['a refresh with skipRefresh', REFRESH, { skipRefresh: true }, 'skip refresh_skipped'],
  ['a silent sign-in with skipRefresh', SILENT, { skipRefresh: true }, 'skip refresh_skipped'],
  ['an interactive sign-in with skipRefresh', {}, { skipRefresh: true }, 'pass'],
  ['an unverified address', { user: { email_verified: false } }, {}, 'deny email_unverified'],
  [
    'an unverified address with skip',
    { user: { email_verified: false } },
    { unverified: 'skip' },
    'skip email_unverified',
  ],
  [
    'an unverified address with accept',
    { user: { email_verified: false } },
    { unverified: 'accept' },
    'pass',
  ],
  ['an address of unknown standing', { user: { email_verified: undefined } }, {}, 'deny email_unverified'],
  ['no address', { user: { email: undefined } }, {}, 'deny email_missing'],
  ['no address with skip', { user: { email: undefined } }, { unverified: 'skip' }, 'skip email_missing'],
  ['no address with accept', { user: { email: undefined } }, { unverified: 'accept' }, 'deny email_missing'],
  ['a refresh with an unverified address', { ...REFRESH, user: UNVERIFIED }, {}, 'skip email_unverified'],
  [
    'a silent sign-in without an address',
    { ...SILENT, user: { email: undefined } },
    {},
    'skip email_missing',
  ],
  ['a refresh of an enterprise user', { ...REFRESH, ...ENTERPRISE }, {}, 'skip email_untrusted'],
  ['an enterprise connection', ENTERPRISE, {}, 'deny email_untrusted'],
  ['an unknown strategy', { connection: { strategy: 'new-thing' } }, {}, 'deny email_untrusted'],
  ['an enterprise user', userOf('samlp', 'partner'), {}, 'deny email_untrusted'],
  [
    'an enterprise user who cannot verify an address',
    userOf('samlp', 'partner', UNVERIFIED),
    {},
    'deny email_untrusted',
  ],
  [
    'an enterprise connection that is in scope, and not trusted',
    userOf('samlp', 'partner'),
    { connections: ['partner'] },
    'deny email_untrusted',
  ],
  [
    'an enterprise connection that is trusted, and not in scope',
    userOf('samlp', 'partner'),
    { connections: [DATABASE], trustedConnections: ['partner'] },
    'skip connection_not_listed',
  ],
  ['a trusted enterprise', userOf('samlp', 'partner'), { trustedConnections: ['partner'] }, 'pass'],
  [
    'a trusted enterprise’s address that Auth0 does not call verified',
    userOf('samlp', 'partner', { email_verified: undefined }),
    { trustedConnections: ['partner'] },
    'pass',
  ],
  [
    'a trusted custom connection',
    userOf('oauth2', 'our-own', UNVERIFIED),
    { trustedConnections: ['our-own'] },
    'pass',
  ],
  [
    'another enterprise than the trusted one',
    userOf('samlp', 'other'),
    { trustedConnections: ['partner'] },
    'deny email_untrusted',
  ],
  [
    'a trusted enterprise, linked to a database account with an unverified address',
    {
      connection: { strategy: 'samlp', name: 'partner' },
      user: {
        ...UNVERIFIED,
        identities: [
          { provider: 'auth0', connection: DATABASE, user_id: '5f7c8ec7c33c6c004bbafe82' },
          { provider: 'samlp', connection: 'partner', user_id: '7' },
        ],
      },
    },
    { trustedConnections: ['partner'] },
    'deny email_unverified',
  ],
  [
    'a database account linked to a trusted enterprise’s, whose address is unverified',
    { user: { ...LINKED_TO_ENTERPRISE.user, ...UNVERIFIED } },
    { trustedConnections: ['partner'] },
    'pass',
  ],
  [
    'a database that is listed as trusted, with an unverified address',
    { user: UNVERIFIED },
    { trustedConnections: [DATABASE] },
    'deny email_unverified',
  ],
  [
    'a passwordless connection that is listed as trusted, with an unverified address',
    userOf('email', 'email', UNVERIFIED),
    { trustedConnections: ['email'] },
    'deny email_unverified',
  ],
  [
    'a social connection that is listed as trusted, with an unverified address',
    userOf('github', 'github', UNVERIFIED),
    { trustedConnections: ['github'] },
    'deny email_unverified',
  ],
  ...[
    'salesforce',
    'salesforce-community',
    'salesforce-sandbox',
    'shopify',
    'windowslive',
    'paypal-sandbox',
    'box',
    'exact',
    'planningcenter',
    'bitly',
    'daccount',
    'dwolla',
    'evernote-sandbox',
    'shop',
    'untappd',
  ].flatMap((strategy): (typeof CASES)[number][] => [
    [
      `an address that somebody else can choose: ${strategy}`,
      userOf(strategy, strategy),
      {},
      'deny email_untrusted',
    ],
    [
      `a trusted address that somebody else can choose, verified: ${strategy}`,
      userOf(strategy, strategy),
      { trustedConnections: [strategy] },
      'pass',
    ],
    [
      `a trusted address that somebody else can choose, unverified: ${strategy}`,
      userOf(strategy, strategy, UNVERIFIED),
      { trustedConnections: [strategy] },
      'deny email_unverified',
    ],
  ]),
  ['a primary identity from an enterprise', LINKED_TO_ENTERPRISE, {}, 'deny email_untrusted'],
  [
    'a primary identity from an enterprise, beside a trusted one',
    LINKED_TO_ENTERPRISE,
    { trustedConnections: [DATABASE, 'other'] },
    'deny email_untrusted',
  ],
  [
    'a social user whose primary identity is in a database',
    { connection: { strategy: 'google-oauth2', name: 'google-oauth2' } },
    { connections: ['google-oauth2'] },
    'pass',
  ],
  ['an unlisted enterprise with skip', ENTERPRISE, { unverified: 'skip' }, 'skip email_untrusted'],
  ['no identities at all', { user: { identities: undefined } }, {}, 'pass'],
  [
    'no identities, and an enterprise user id',
    { user: { identities: [], user_id: 'waad|7' } },
    {},
    'deny email_untrusted',
  ],
  ['a user id as identity, unverified', { user: { email_verified: false } }, { identity: 'user_id' }, 'pass'],
  ['a user id as identity, from an enterprise', ENTERPRISE, { identity: 'user_id' }, 'pass'],
  [
    'a user id as identity, without one',
    { user: { user_id: undefined } },
    { identity: 'user_id' },
    'deny user_id_missing',
  ],
]

describe('gate', () => {
  afterEach(closeAll)

  for (const [title, event, settings, expected] of CASES) {
    it(`${expected.split(' ')[0]}: ${title}`, () => {
      assert.equal(endOf(event, settings), expected)
    })
  }

  for (const [title, stats, created, expected] of [
    ['at the first sign-in, just created', 1, '2026-11-24T11:59:00Z', true],
    ['at the second sign-in', 2, '2026-11-24T11:59:00Z', false],
    ['when created long ago (imported)', 1, '2026-11-24T10:00:00Z', false],
    ['when its age is unreadable', 1, 'soon', false],
  ] as const) {
    it(`calls a user ${expected ? '' : 'not '}brand-new ${title}`, () => {
      const gated = at({ stats: { logins_count: stats }, user: { created_at: created } })
      assert.equal(gated.kind === 'pass' && gated.brandNew, expected)
    })
  }

  it('calls nobody brand-new on a silent sign-in', () => {
    const gated = at({ ...SILENT, stats: { logins_count: 1 }, user: { created_at: '2026-11-24T11:59:00Z' } })
    assert.equal(gated.kind === 'pass' && gated.brandNew, false)
  })

  it('sends no request to Backendless for a user whom it stops', async () => {
    const app = await backendless()
    const login = await signIn({ app, event: { user: { email_verified: false } } })
    assert.deepEqual([login.requests, login.claim], [[], undefined])
    assert.match(login.denied ?? '', /^email_unverified: .*Reference: [A-Z2-9]{6}$/)
    assert.equal(login.lines.length, 1)
  })

  it('says in the claim `<claim>Problem` why a skipped sign-in has no token', async () => {
    const app = await backendless()
    for (const [event, settings, code] of [
      [{ user: UNVERIFIED }, { unverified: 'skip' }, 'email_unverified'],
      [{ user: { email: undefined } }, { unverified: 'skip' }, 'email_missing'],
      [{ ...REFRESH, ...ENTERPRISE }, {}, 'email_untrusted'],
      [{ ...SILENT, user: { user_id: '' } }, { identity: 'user_id' }, 'user_id_missing'],
    ] satisfies [EventOverrides, Partial<Settings>, string][]) {
      const login = await signIn({ app, event, settings })
      const reference = / ref=(\S+)/.exec(login.lines[0] ?? '')?.[1]
      assert.deepEqual([login.claim, login.denied, login.requests], [undefined, undefined, []])
      assert.equal(login.problem, `${code} ${reference}`)
    }
  })

  it('sets no `<claim>Problem` if the sign-in is denied, has a token, or does not concern the Action', async () => {
    const app = await backendless()
    for (const [event, settings] of [
      [{ user: UNVERIFIED }, {}],
      [{}, {}],
      [protocol('samlp'), {}],
      [{ client: { client_id: 'other' } }, { clients: ['shop'] }],
      [{}, { connections: ['other'] }],
      [REFRESH, { skipRefresh: true }],
      [{ session: { actor: {} } }, {}],
    ] satisfies [EventOverrides, Partial<Settings>][]) {
      assert.equal((await signIn({ app, event, settings })).problem, undefined)
    }
  })

  it('does not throw for an empty event', async () => {
    const app = await backendless()
    const nothing = { client: undefined, connection: undefined, request: undefined, stats: undefined }
    const login = await signIn({ app, event: { ...nothing, transaction: undefined, user: undefined } })
    assert.deepEqual(login.requests, [])
    assert.match(login.denied ?? '', /^email_missing: /)
  })
})
