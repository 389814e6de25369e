import assert from 'node:assert/strict'
import { canonical, identityOf, isSameIdentity } from '../../actions/backendless-login/identity.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { ADA, backendless, closeAll, passwordOf, signIn } from './sign-in.ts'

describe('identity', () => {
  afterEach(closeAll)

  it('lower-cases an address and composes it', () => {
    assert.equal(canonical('email', 'JOSE\u0301@Example.COM'), 'josé@example.com')
  })

  it('takes a user id byte for byte', () => {
    assert.equal(canonical('user_id', 'auth0|Ab'), 'auth0|Ab')
    assert.ok(!isSameIdentity('user_id', new Secret('auth0|Ab'), 'auth0|aB'))
  })

  for (const [what, email] of [
    ['is missing', undefined],
    ['is blank', '  '],
    ['has a control character', 'ada\u0000@example.com'],
    ['has half a surrogate pair', 'ada\ud800@example.com'],
    ['is too long', `${'a'.repeat(400)}@example.com`],
  ] as const) {
    it(`does not use an address that ${what}`, () => {
      assert.equal(identityOf('email', { ...(email === undefined ? {} : { email }) }), undefined)
    })
  }

  it('accepts a row whose address differs in case alone', async () => {
    const app = await backendless({ compare: 'ignoreCase' })
    app.addUser({ email: 'Ada@Example.com', password: passwordOf(app, ADA) })
    const login = await signIn({ app })
    assert.equal(app.ownerOf(String(login.claim))?.email, 'Ada@Example.com')
  })

  it('refuses the token of a row that Backendless found by comparing more loosely', async () => {
    const app = await backendless({ compare: 'ignoreCase', identityColumn: 'auth0Id' })
    app.addUser({ auth0Id: 'auth0|ab', password: passwordOf(app, 'auth0|Ab') })
    const login = await signIn({
      app,
      settings: { identity: 'user_id', identityColumn: 'auth0Id' },
      event: { user: { user_id: 'auth0|Ab' } },
    })
    assert.equal(login.claim, undefined)
    assert.match(login.denied ?? '', /^identity_mismatch: /)
  })
})
