// Whose word on an address counts: every combination of the connection used, the primary identity's connection, what is
// trusted and what Auth0 says, against the rule of docs/addresses.md.
import assert from 'node:assert/strict'
import { loginEvent } from '@backendless-login/local-auth0'
import { gate } from '../../actions/backendless-login/gates.ts'
import { SETTINGS } from '../settings.ts'

/** A strategy of each kind, and what a connection of that kind may do. `listed`: only if it is in `trustedConnections`. */
const KINDS = {
  auth0: { asserts: 'always', vouches: 'never' },
  sms: { asserts: 'always', vouches: 'never' },
  'google-oauth2': { asserts: 'always', vouches: 'never' },
  windowslive: { asserts: 'listed', vouches: 'never' },
  'salesforce-community': { asserts: 'listed', vouches: 'never' },
  samlp: { asserts: 'listed', vouches: 'listed' },
  waad: { asserts: 'listed', vouches: 'listed' },
  oauth2: { asserts: 'listed', vouches: 'listed' },
  'strategy-of-tomorrow': { asserts: 'listed', vouches: 'listed' },
} as const satisfies Readonly<Record<string, Readonly<Record<'asserts' | 'vouches', Right>>>>

type Right = 'always' | 'listed' | 'never'

interface Connection {
  readonly strategy: keyof typeof KINDS
  readonly name: string
  readonly isListed: boolean
}

const has = (right: Right, { isListed }: Connection) => right === 'always' || (right === 'listed' && isListed)

const connections = (name: string): Connection[] =>
  Object.keys(KINDS).flatMap((strategy) =>
    isStrategy(strategy) ? [true, false].map((isListed) => ({ strategy, name, isListed })) : [],
  )

function isStrategy(name: string): name is keyof typeof KINDS {
  return Object.hasOwn(KINDS, name)
}

function expected(used: Connection, primary: Connection, isVerified: unknown): string {
  if (![used, primary].every((one) => has(KINDS[one.strategy].asserts, one))) return 'email_untrusted'
  return isVerified === true || has(KINDS[primary.strategy].vouches, primary) ? 'pass' : 'email_unverified'
}

function found(used: Connection, primary: Connection, email_verified: unknown): string {
  const identity = { provider: primary.strategy, connection: primary.name, user_id: '7' }
  const other = { provider: used.strategy, connection: used.name, user_id: '8' }
  const event = loginEvent({
    client: { client_id: 'shop' },
    connection: { strategy: used.strategy, name: used.name },
    // The primary identity is found by the user id, not by its place.
    user: { user_id: `${primary.strategy}|7`, identities: [other, identity] },
  })
  Object.assign(event.user, { email_verified })
  const trustedConnections = [used, primary].filter(({ isListed }) => isListed).map(({ name }) => name)
  const settings = { ...SETTINGS, trustedConnections, connections: [used.name] }
  const gated = gate(settings, event, undefined, Date.now())
  return gated.kind === 'pass' ? 'pass' : gated.code
}

describe('an address of two connections', () => {
  for (const strategy of Object.keys(KINDS)) {
    it(`counts as docs/addresses.md says where ${strategy} is used`, () => {
      for (const used of connections('used').filter((one) => one.strategy === strategy)) {
        for (const primary of connections('primary')) {
          // Only `true` is Auth0's word that it is verified.
          for (const isVerified of [true, false, undefined, null, 'true', 1]) {
            assert.equal(
              found(used, primary, isVerified),
              expected(used, primary, isVerified),
              JSON.stringify({ used, primary, isVerified }),
            )
          }
        }
      }
    })
  }

  it('counts in the same way where one connection is both', () => {
    for (const one of connections('only')) {
      for (const isVerified of [true, false])
        assert.equal(found(one, one, isVerified), expected(one, one, isVerified), JSON.stringify(one))
    }
  })
})
