import assert from 'node:assert/strict'
import { type LocalAuth0, loginEvent, startAuth0 } from '../src/index.ts'
import { type OpenTenant, openTenant } from '../src/oidc/index.ts'
import { Visitor } from '../src/visitor/index.ts'
import { call } from './call.ts'
import { handler, run } from './deploy.ts'

const ADA = 'auth0|ada'

describe('local Auth0: users', () => {
  let auth0: LocalAuth0
  let tenant: OpenTenant
  beforeEach(async () => {
    auth0 = await startAuth0({ buildMs: 4 })
    tenant = await openTenant({ auth0 })
  })
  afterEach(() => Promise.all([tenant.close(), auth0.close()]))

  const get = (path: string) => call(auth0, `GET ${path}`)
  const signIn = async () => (await Visitor.to(tenant)).as('ada@example.com')
  const metadata = () => tenant.users().find(({ user_id }) => user_id === ADA)?.app_metadata

  it('keep what an Action writes for the next sign-in, and lose a key that is set to null', async () => {
    await run(
      auth0,
      handler(`const seen = event.user.app_metadata.seen ?? 0
        api.user.setAppMetadata('seen', seen === 2 ? null : seen + 1)`),
    )
    const seen: unknown[] = []
    for (let index = 0; index < 3; index += 1) {
      await signIn()
      seen.push(metadata()?.seen)
    }
    assert.deepEqual(seen, [1, 2, undefined])
  })

  it('keep or lose what a denied sign-in wrote, as the option says', async () => {
    const writeAndDeny = handler("api.user.setAppMetadata('seen', true); api.access.deny('no')")
    await run(auth0, writeAndDeny)
    await assert.rejects(signIn())
    assert.deepEqual(metadata(), { seen: true })

    const dropping = await openTenant({ auth0, deniedWrites: 'dropped' })
    await assert.rejects((await Visitor.to(dropping)).as('ada@example.com'))
    assert.deepEqual(dropping.users().find(({ user_id }) => user_id === ADA)?.app_metadata, {})
    await dropping.close()
  })

  it('are found by their metadata, even after a direct run of the trigger', async () => {
    await run(auth0, handler("api.user.setAppMetadata('app', { problem: 'locked', since: '2026-11-24' })"))
    await signIn()
    await auth0.signIn(loginEvent({ user: { user_id: 'auth0|direct' } }))
    const { body } = await get(
      '/users?q=app_metadata.app.problem:locked&search_engine=v3&include_totals=true',
    )
    assert.deepEqual(body.users.map(({ user_id }: { user_id: string }) => user_id).toSorted(), [
      ADA,
      'auth0|direct',
    ])
    assert.equal(body.total, 2)
    assert.deepEqual((await get('/users?q=app_metadata.app.problem:other')).body, [])
  })

  it('are searched by several terms at once', async () => {
    const ids = async (q: string) =>
      (await get(`/users?q=${encodeURIComponent(q)}`)).body.map(({ user_id }: { user_id: string }) => user_id)
    assert.deepEqual(await ids('email_verified:false AND _exists_:email'), ['auth0|dora'])
    assert.deepEqual(await ids('NOT _exists_:email'), ['auth0|nadia'])
    assert.deepEqual(await ids('identities.connection:"example-saml"'), [
      'samlp|example-saml|sam@example.com',
    ])
    assert.equal((await get('/users?q=(a')).status, 400)
  })

  it('change their address, by the Management API too, and sign in with the new one', async () => {
    const token = auth0.tokenWith(['update:users'])
    const change = { email: 'lovelace@example.com', email_verified: true }
    const { status, body } = await call(auth0, `PATCH /users/${encodeURIComponent(ADA)}`, change, token)
    assert.deepEqual([status, body.email], [200, 'lovelace@example.com'])
    await run(auth0, handler("api.idToken.setCustomClaim('https://example.com/email', event.user.email)"))
    const claims = (await (await Visitor.to(tenant)).as('lovelace@example.com')).claims()
    assert.equal(claims?.['https://example.com/email'], 'lovelace@example.com')
    assert.equal((await call(auth0, 'PATCH /users/nobody', change, token)).status, 404)
    assert.equal((await call(auth0, 'PATCH /users/x', { name: 1 }, token)).status, 400)
  })

  it('are linked: the second becomes an identity of the first and is gone', async () => {
    tenant.link(ADA, 'auth0|obrien')
    const { body } = await get(`/users/${encodeURIComponent(ADA)}`)
    assert.deepEqual(
      body.identities.map(({ user_id }: { user_id: string }) => user_id),
      ['ada', 'obrien'],
    )
    assert.equal((await get(`/users/${encodeURIComponent('auth0|obrien')}`)).status, 404)
    tenant.remove(ADA)
    assert.equal((await get(`/users/${encodeURIComponent(ADA)}`)).status, 404)
  })
})
