import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as oidc from 'openid-client'
import { openTenant, TenantFileError } from '../../src/oidc/index.ts'
import { refusal, SHOP, Visitor } from '../../src/visitor/index.ts'
import { type Running, start } from './tenant.ts'

describe('local Auth0: the tenant', () => {
  let running: Running
  let visitor: Visitor

  before(async () => {
    running = await start()
  })
  beforeEach(async () => {
    visitor = await Visitor.to(running.tenant)
  })
  after(() => running.close())

  const at = (path: string) => `${running.tenant.url}${path}`
  const returnTo = encodeURIComponent('http://localhost:3000')

  describe('/v2/logout', () => {
    it('ends the session, leads back to the application, and leaves the tokens', async () => {
      const { refresh_token } = await visitor.as('ada@example.com')
      const session = `auth0_${running.tenant.port}`
      const hasSession = () => visitor.browser.cookies.some(({ name }) => name === session)
      assert.equal(hasSession(), true)
      const back = await visitor.browser.callback(at(`/v2/logout?client_id=${SHOP}&returnTo=${returnTo}`))
      assert.equal(back.href, 'http://localhost:3000/')
      assert.equal((await refusal(visitor.silently())).error, 'login_required')
      assert.equal(
        visitor.browser.cookies.some(({ name }) => name === `auth0_${running.tenant.port}`),
        false,
      )
      assert.equal((await visitor.refresh(refresh_token)).claims()?.sub, 'auth0|ada')
    })

    it('ends the session even for a kept cookie, and no access token', async () => {
      const { access_token } = await visitor.as('ada@example.com', { scope: 'openid' })
      const cookie = visitor.browser.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
      await visitor.browser.open(at('/v2/logout'))
      const { url } = await visitor.begin({ prompt: 'none' })
      const { headers } = await fetch(url, { headers: { cookie }, redirect: 'manual' })
      assert.match(headers.get('location') ?? '', /error=login_required/)
      assert.equal((await oidc.fetchUserInfo(visitor.config, access_token, 'auth0|ada')).sub, 'auth0|ada')
    })

    it('refuses an address that is not allowed, and then keeps the session', async () => {
      await visitor.as('ada@example.com')
      const other = encodeURIComponent('https://elsewhere.example.com')
      for (const query of [
        `client_id=${SHOP}&returnTo=${other}`,
        `returnTo=${other}`,
        `client_id=x&returnTo=${returnTo}`,
      ]) {
        assert.equal((await visitor.browser.page(at(`/v2/logout?${query}`))).status, 400)
      }
      assert.equal((await visitor.silently()).claims()?.sub, 'auth0|ada')
    })

    it('redirects to the first address of the application, and nowhere without an application', async () => {
      const back = await visitor.browser.callback(at(`/v2/logout?client_id=${SHOP}`))
      assert.equal(back.href, 'http://localhost:3000/')
      assert.equal((await visitor.browser.page(at('/v2/logout'))).html, 'OK')
    })
  })

  describe('other origins', () => {
    const ask = (origin: string, method: string) =>
      fetch(at('/oauth/token'), {
        method,
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'auth0-client,content-type',
        },
        ...(method === 'POST' && {
          body: new URLSearchParams({ grant_type: 'refresh_token', client_id: SHOP, refresh_token: 'x' }),
        }),
      })

    it('may call the token endpoint if the application allows them', async () => {
      const origin = 'http://localhost:3000'
      const preflight = await ask(origin, 'OPTIONS')
      assert.equal(preflight.headers.get('access-control-allow-origin'), origin)
      assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /auth0-client/)
      assert.equal((await ask(origin, 'POST')).headers.get('access-control-allow-origin'), origin)
    })

    it('may not elsewhere, until they are allowed', async () => {
      const origin = 'http://localhost:5678'
      const refused = await ask(origin, 'POST')
      assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [400, null])
      running.tenant.allow(SHOP, { web_origins: [origin] })
      assert.equal((await ask(origin, 'POST')).headers.get('access-control-allow-origin'), origin)
    })
  })

  it('answers 404 to unknown paths', async () => {
    assert.equal((await fetch(at('/api/v2/users'))).status, 404)
    assert.throws(() => running.tenant.allow('nobody', {}), /no application nobody/)
    assert.throws(() => running.tenant.block('nobody', true), /no user nobody/)
  })

  it('forbids other pages to frame the form, and every script in it', async () => {
    const { url } = await visitor.form()
    const cookie = visitor.browser.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { headers: { cookie } })
    assert.equal(response.status, 200)
    const policy = response.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/)
    assert.doesNotMatch(await response.text(), /<script/)
  })

  it('closes all connections at once, and frees its port', async () => {
    const tenant = await openTenant({ auth0: running.auth0 })
    const socket = connect(tenant.port, '127.0.0.1')
    await once(socket, 'connect')
    const began = performance.now()
    const closed = once(socket, 'close')
    await Promise.all([tenant.close(), closed])
    assert.ok(performance.now() - began < 500)
    const again = await openTenant({ auth0: running.auth0, port: tenant.port })
    await again.close()
  })

  it('says that a port is in use', async () => {
    const { port } = running.tenant
    await assert.rejects(openTenant({ auth0: running.auth0, port }), { code: 'EADDRINUSE' })
  })

  describe('its file', () => {
    let folder: string
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tenant-'))
    })
    after(() => rm(folder, { recursive: true }))

    const open = async (content: string) => {
      const file = join(folder, 'tenant.json')
      await writeFile(file, content)
      return openTenant({ auth0: running.auth0, file, tenant: 'acme' })
    }
    const connections = [{ id: 'con_1', name: 'people', strategy: 'auth0' }]
    const application = { client_id: 'app', name: 'App', app_type: 'spa', callbacks: ['http://localhost:1'] }

    it('may be json, and most of it is optional', async () => {
      const tenant = await open(JSON.stringify({ connections, applications: [application] }))
      assert.deepEqual(
        [tenant.applications().map(({ client_id }) => client_id), tenant.users()],
        [['app'], []],
      )
      await tenant.close()
    })

    it('is refused with everything that is wrong with it, and where', async () => {
      const user = { user_id: 'ada', connection: 'people' }
      const stranger = { user_id: 'auth0|x', connection: 'nowhere', email: 'x' }
      const secretive = { ...application, client_secret: 's', colour: 'red' }
      const file = { connections, applications: [secretive], users: [user, stranger] }
      await assert.rejects(open(JSON.stringify(file)), (error) => {
        assert.ok(error instanceof TenantFileError)
        assert.match(error.message, /tenant\.json: is not as a tenant has to be/)
        assert.match(error.message, /users\.0\.user_id: is <strategy>\|<id>/)
        assert.match(error.message, /users\.1\.email: /)
        assert.match(error.message, /applications\.0: .*colour/)
        return true
      })
    })

    it('is refused with names that are unknown or not unique', async () => {
      const user = { user_id: 'auth0|x', connection: 'nowhere' }
      const file = { connections, applications: [application, application], users: [user] }
      await assert.rejects(open(JSON.stringify(file)), (error) => {
        assert.ok(error instanceof TenantFileError)
        assert.match(error.message, /applications\.1\.client_id: app stands here twice/)
        assert.match(error.message, /users\.0\.connection: there is no connection nowhere/)
        return true
      })
    })

    it('is refused with the application that needs a secret', async () => {
      for (const wrong of [
        { ...application, client_secret: 's' },
        { ...application, app_type: 'regular_web' },
      ]) {
        const file = JSON.stringify({ connections, applications: [wrong] })
        await assert.rejects(open(file), /applications\.0: a regular_web application needs a client_secret/)
      }
    })

    it('is refused if it does not exist or is not yaml', async () => {
      await assert.rejects(openTenant({ auth0: running.auth0, file: join(folder, 'none') }), TenantFileError)
      await assert.rejects(open('{ users: ['), TenantFileError)
    })
  })
})
