// Every user's password depends on the derivation: a change of it locks everybody out.
import assert from 'node:assert/strict'
import { canonical } from '../../actions/backendless-login/identity.ts'
import { userPassword } from '../../actions/backendless-login/password.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'

const KEY = new Secret('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01')
const APP = new Secret('00000000-0000-0000-0000-000000000000')

function derived(identity: string, app = APP): string {
  return userPassword({ id: '1', perUser: true, value: KEY }, app, new Secret(identity)).reveal()
}

describe('userPassword', () => {
  it('is what it has been since version 1', () => {
    assert.equal(derived('ada@example.com'), 'IysFWICramoePI7Tlur4S6Is59FoeSGlFMYICoRMRRk')
    assert.equal(
      derived(canonical('email', 'JOSE\u0301@Example.com')),
      'Iwnbfl5wFAKEI5RCsNndPAmIKEvtXu54zNgRKbe4rqk',
    )
    assert.equal(derived('auth0|Ab'), 'YZmebVwg3ClSyvR4Ox00xjDorAFG0PG8UBHPtSQLpE4')
  })

  it('is another one for another user, and in another application', () => {
    assert.notEqual(derived('ada@example.com'), derived('eve@example.com'))
    assert.notEqual(derived('ada@example.com'), derived('ada@example.com', new Secret('another')))
  })

  it('is the password itself where that is shared', () => {
    const shared = { id: '1', perUser: false, value: KEY }
    assert.equal(userPassword(shared, APP, new Secret('ada@example.com')).reveal(), KEY.reveal())
  })
})
