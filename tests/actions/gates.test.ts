import assert from 'node:assert/strict'
import { type EventOverrides, loginEvent } from '@backendless-login/local-auth0'
import { type Gate, gate } from '../../actions/backendless-login/gates.ts'
import type { Settings } from '../../actions/backendless-login/settings.ts'
import { SETTINGS } from '../settings.ts'
import { backendless, closeAll, REFRESH, SILENT, signIn } from './sign-in.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')
function at(event: EventOverrides, settings: Partial<Settings> = {}): Gate {
  const client = { client_id: 'shop' }
  return gate({ ...SETTINGS, ...settings }, loginEvent({ client, ...event }), NOW)
}

function endOf(gated: Gate): string {
  return gated.kind === 'pass' ? 'pass' : `${gated.kind} ${gated.code}`
}

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

const CASES: readonly [string, EventOverrides, Partial<Settings>, string][] = [
  ['a verified database user', {}, {}, 'pass'],
  ['a passwordless user', { connection: { strategy: 'email', name: 'email' } }, {}, 'pass'],
  ['a social user', { connection: { strategy: 'google-oauth2', name: 'google-oauth2' } }, {}, 'pass'],
  ['SAML', protocol('samlp'), {}, 'skip no_id_token'],
  ['WS-Federation', protocol('wsfed'), {}, 'skip no_id_token'],
  ['scopes without openid', { transaction: { requested_scopes: ['profile'] } }, {}, 'skip no_id_token'],
  ['no scopes at all', { transaction: { requested_scopes: [] } }, {}, 'skip no_id_token'],
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
  ['an enterprise connection', ENTERPRISE, {}, 'deny email_untrusted'],
  ['an unknown strategy', { connection: { strategy: 'new-thing' } }, {}, 'deny email_untrusted'],
  [
    'a named enterprise connection',
    { ...ENTERPRISE, ...LINKED_TO_ENTERPRISE },
    { connections: ['partner'] },
    'pass',
  ],
  ['a primary identity from an enterprise', LINKED_TO_ENTERPRISE, {}, 'deny email_untrusted'],
  [
    'a primary identity from an enterprise that is not named',
    LINKED_TO_ENTERPRISE,
    { connections: ['Username-Password-Authentication'] },
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
      assert.equal(endOf(at(event, settings)), expected)
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

  it('asks Backendless nothing about a user whom it stops', async () => {
    const app = await backendless()
    const login = await signIn({ app, event: { user: { email_verified: false } } })
    assert.deepEqual([login.requests, login.claim], [[], undefined])
    assert.match(login.denied ?? '', /^email_unverified: .*Reference: [A-Z2-9]{6}$/)
    assert.equal(login.lines.length, 1)
  })

  it('survives an event without anything in it', async () => {
    const app = await backendless()
    const nothing = { client: undefined, connection: undefined, request: undefined, stats: undefined }
    const login = await signIn({ app, event: { ...nothing, transaction: undefined, user: undefined } })
    assert.deepEqual(login.requests, [])
    assert.match(login.denied ?? '', /^email_missing: /)
  })
})
