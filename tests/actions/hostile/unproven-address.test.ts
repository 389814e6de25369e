// Somebody signs in through Auth0 with the victim's address, which they have not proved to be theirs.
import assert from 'node:assert/strict'
import type { EventOverrides } from '@backendless-login/local-auth0'
import type { Settings } from '../../../actions/backendless-login/settings.ts'
import { backendless, closeAll, firstSignIn, passwordOf, signIn } from '../sign-in.ts'

const VICTIM = 'ada@example.com'
const DATABASE = 'Username-Password-Authentication'

function identity(provider: string, connection: string, id: string) {
  return { provider, connection, user_id: id }
}

/** A way to present the victim's address, and the outcome that stops it. */
interface Attack {
  readonly title: string
  readonly event: EventOverrides
  readonly settings?: Partial<Settings>
  readonly code: string
}

const ATTACKS: readonly Attack[] = [
  {
    title: 'signs up in the database with it, and never clicks the link',
    event: firstSignIn({ email: VICTIM, email_verified: false, user_id: 'auth0|attacker' }),
    code: 'email_unverified',
  },
  {
    title: 'signs up with it at another connection than the victim’s, unverified',
    event: {
      connection: { strategy: 'facebook', name: 'facebook' },
      user: {
        email: VICTIM,
        email_verified: false,
        user_id: 'facebook|9',
        identities: [identity('facebook', 'facebook', '9')],
      },
    },
    code: 'email_unverified',
  },
  {
    title: 'runs an enterprise directory that asserts it as verified',
    event: {
      connection: { strategy: 'samlp', name: 'partner' },
      user: {
        email: VICTIM,
        user_id: 'samlp|partner|9',
        identities: [identity('samlp', 'partner', 'partner|9')],
      },
    },
    code: 'email_untrusted',
  },
  {
    title: 'runs a generic OpenID provider that asserts it as verified, beside one that is trusted',
    event: {
      connection: { strategy: 'oidc', name: 'other' },
      user: { email: VICTIM, user_id: 'oidc|other|9', identities: [identity('oidc', 'other', 'other|9')] },
    },
    settings: { trustedConnections: ['partner', 'other-partner'] },
    code: 'email_untrusted',
  },
  {
    title: 'runs an enterprise directory that is in scope, and nobody said to trust',
    event: {
      connection: { strategy: 'samlp', name: 'partner' },
      user: {
        email: VICTIM,
        user_id: 'samlp|partner|9',
        identities: [identity('samlp', 'partner', 'partner|9')],
      },
    },
    settings: { connections: ['partner'] },
    code: 'email_untrusted',
  },
  {
    title: 'signs up in a database that is listed as trusted, and never clicks the link',
    event: firstSignIn({ email: VICTIM, email_verified: false, user_id: 'auth0|attacker' }),
    settings: { trustedConnections: [DATABASE] },
    code: 'email_unverified',
  },
  {
    title: 'signs up in a database, and links a trusted enterprise account of their own',
    event: {
      connection: { strategy: 'samlp', name: 'partner' },
      user: {
        email: VICTIM,
        email_verified: false,
        user_id: 'auth0|9',
        identities: [identity('auth0', DATABASE, '9'), identity('samlp', 'partner', 'partner|9')],
      },
    },
    settings: { trustedConnections: ['partner'] },
    code: 'email_unverified',
  },
  {
    title: 'founds an organisation whose administrator sets it as a user’s address',
    event: {
      connection: { strategy: 'windowslive', name: 'windowslive' },
      user: {
        email: VICTIM,
        user_id: 'windowslive|9',
        identities: [identity('windowslive', 'windowslive', '9')],
      },
    },
    code: 'email_untrusted',
  },
  {
    title: 'links a database account to a primary identity that an unlisted enterprise asserted',
    event: {
      connection: { strategy: 'auth0', name: DATABASE },
      user: {
        email: VICTIM,
        user_id: 'waad|9',
        identities: [identity('waad', 'tenant-of-the-attacker', '9'), identity('auth0', DATABASE, '9')],
      },
    },
    settings: { trustedConnections: [DATABASE] },
    code: 'email_untrusted',
  },
  {
    title: 'links it so that the untrusted primary identity is not the first of the list',
    event: {
      connection: { strategy: 'auth0', name: DATABASE },
      user: {
        email: VICTIM,
        user_id: 'oidc|9',
        identities: [identity('auth0', DATABASE, '7'), identity('oidc', 'attacker', '9')],
      },
    },
    code: 'email_untrusted',
  },
  {
    title: 'runs a directory of which an identity was linked to the victim’s account',
    event: {
      connection: { strategy: 'adfs', name: 'attacker' },
      user: {
        email: VICTIM,
        user_id: 'auth0|victim',
        identities: [identity('auth0', DATABASE, 'victim'), identity('adfs', 'attacker', '9')],
      },
    },
    code: 'email_untrusted',
  },
  {
    title: 'names their enterprise connection like a database',
    event: {
      connection: { strategy: 'samlp', name: 'auth0' },
      user: { email: VICTIM, user_id: 'samlp|9', identities: [identity('samlp', 'auth0', '9')] },
    },
    code: 'email_untrusted',
  },
]

describe('an attacker who', () => {
  afterEach(closeAll)

  for (const { title, event, settings = {}, code } of ATTACKS) {
    for (const known of [true, false]) {
      it(`${title}, and gets nothing of ${known ? 'a known victim' : 'one who is not there yet'}`, async () => {
        const app = await backendless()
        if (known) app.addUser({ email: VICTIM, password: passwordOf(app, VICTIM) })
        for (const unverified of ['deny', 'skip'] as const) {
          const {
            claim,
            code: ended,
            requests,
          } = await signIn({
            app,
            event,
            settings: { unverified, ...settings },
          })
          assert.deepEqual([claim, ended, requests], [undefined, code, []])
        }
        // The victim can still sign in.
        const { claim } = await signIn({ app, event: { user: { email: VICTIM } } })
        assert.equal(app.ownerOf(String(claim))?.email, VICTIM)
      })
    }
  }

  it('never verifies it gets the account if unverified is accept, as SECURITY.md says', async () => {
    const app = await backendless()
    app.addUser({ email: VICTIM, password: passwordOf(app, VICTIM) })
    const [attack] = ATTACKS
    assert.ok(attack)
    const { claim } = await signIn({ app, event: attack.event, settings: { unverified: 'accept' } })
    assert.equal(app.ownerOf(String(claim))?.email, VICTIM)
  })

  it('asserts it in any way gets a row of their own if the user id is the identity', async () => {
    const app = await backendless({ identityColumn: 'auth0Id' })
    const victim = app.addUser({
      auth0Id: 'auth0|no-attacker',
      email: VICTIM,
      password: passwordOf(app, 'auth0|no-attacker'),
    })
    const settings = { identity: 'user_id', identityColumn: 'auth0Id', profile: { email: 'email' } } as const
    for (const { event } of ATTACKS) {
      const { claim } = await signIn({ app, event, settings })
      const row = app.ownerOf(String(claim))
      assert.ok(row)
      assert.notEqual(row.objectId, victim.objectId)
    }
    assert.deepEqual(app.sessionsOf('auth0|no-attacker'), [])
  })

  it('owns it after the victim, and proves it, gets the victim’s row', async () => {
    const app = await backendless()
    const before = await signIn({ app, event: firstSignIn({ email: VICTIM, user_id: 'auth0|victim' }) })
    const row = app.ownerOf(String(before.claim))
    const after = await signIn({ app, event: firstSignIn({ email: VICTIM, user_id: 'auth0|next-owner' }) })
    assert.equal(app.ownerOf(String(after.claim))?.objectId, row?.objectId)
  })
})
