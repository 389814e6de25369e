import assert from 'node:assert/strict'
import { type LocalAuth0, loginEvent, type PostLoginEvent, startAuth0 } from '../src/index.ts'
import { handler, run } from './deploy.ts'

describe('local Auth0: the api of an Action', () => {
  let auth0: LocalAuth0
  before(async () => {
    auth0 = await startAuth0({ buildMs: 4 })
    // One Action, which runs the code in the event's request. `out` is its output.
    await run(
      auth0,
      handler(`
        const AsyncFunction = (async () => {}).constructor
        const out = await new AsyncFunction('event', 'api', event.request.body.code)(event, api)
        api.redirect.sendUserTo(JSON.stringify(out) ?? 'undefined')`),
    )
  })
  after(() => auth0.close())

  const signIn = (code: string, event: PostLoginEvent = loginEvent()) =>
    auth0.signIn({ ...event, request: { ...event.request, body: { code } } })
  const outputOf = async (code: string, event?: PostLoginEvent) => {
    const result = await signIn(code, event)
    assert.equal(result.outcome, 'continue', result.reason)
    const output = result.commands.at(-1)?.arguments[0]
    return output === 'undefined' ? undefined : JSON.parse(String(output))
  }
  const reasonOf = async (code: string) => {
    const result = await signIn(code)
    return `${result.outcome}: ${result.reason}`
  }

  it('takes the first argument of access.deny as the reason, and returns the api', async () => {
    assert.equal(await reasonOf("if (api.access.deny('a', 'b') !== api) throw 1"), 'denied: a')
    assert.equal(await outputOf('return api.access.deny.length'), 1)
  })

  it('sets claims of both tokens, and returns the api', async () => {
    const result = await signIn(`
      const same = api === api.idToken.setCustomClaim('https://api.backendless.com/userToken', 'T')
        && api === api.accessToken.setCustomClaim('plan', { level: 3 })
      if (!same) throw new Error('not the api')`)
    assert.deepEqual(result.idToken, { 'https://api.backendless.com/userToken': 'T' })
    assert.deepEqual(result.accessToken, { plan: { level: 3 } })
  })

  it('throws for the claim "scope" in either token', async () => {
    const expected = 'error: The "scope" claim cannot be set.'
    assert.equal(await reasonOf("api.idToken.setCustomClaim('scope', 'x')"), expected)
    assert.equal(await reasonOf("api.accessToken.setCustomClaim('scope', 'x')"), expected)
  })

  it('silently drops reserved names and namespaces', async () => {
    const names = ['sub', 'iss', 'aud', 'roles', 'email', 'name', 'x5t#S256', 'urn:auth0:x', 'https://']
    const urls = [
      'https://auth0.com/x',
      'https://acme.auth0.com/x',
      'http://webtask.io/x',
      'https://a.webtask.run/',
    ]
    const fine = ['https://notauth0.com/x', 'http://example.com/auth0.com', 'plan', 'urn:example:x']
    const all = JSON.stringify([...names, ...urls, ...fine])
    const result = await signIn(
      `for (const name of ${all}) { api.idToken.setCustomClaim(name, 1); api.accessToken.setCustomClaim(name, 1) }`,
    )
    assert.equal(result.outcome, 'continue')
    assert.deepEqual(Object.keys(result.idToken), fine)
    assert.deepEqual(Object.keys(result.accessToken), fine)
  })

  it('drops a claim without a value, and fails for one that is not JSON or too large', async () => {
    assert.deepEqual(
      (await signIn("api.idToken.setCustomClaim('a', undefined); api.idToken.setCustomClaim('b', null)"))
        .idToken,
      { b: null },
    )
    assert.match(await reasonOf("api.idToken.setCustomClaim('a', 1n)"), /^error: .*BigInt/)
    assert.match(
      await reasonOf("const a = {}; a.a = a; api.idToken.setCustomClaim('a', a)"),
      /^error: .*circular/,
    )
    assert.match(await reasonOf("api.idToken.setCustomClaim('a', 'x'.repeat(100001))"), /^error: .*100 kB/)
  })

  it('adds and removes scopes, and returns nothing', async () => {
    const result = await signIn(
      "if (api.accessToken.addScope('a') !== undefined || api.accessToken.removeScope('b') !== undefined) throw 1",
    )
    assert.deepEqual(result.scopes, { added: ['a'], removed: ['b'] })
  })

  it('reads the cache synchronously, within one execution and after it', async () => {
    const set = await outputOf(
      "const s = api.cache.set('k', 'v'); return [s, api.cache.get('k'), api.cache.get('other') ?? null]",
    )
    const quarter = set[0].record.expires_at - Date.now()
    assert.ok(quarter > 14 * 60_000 && quarter <= 15 * 60_000)
    assert.deepEqual(set, [
      { type: 'success', record: set[1] },
      { value: 'v', expires_at: set[0].record.expires_at },
      null,
    ])
    assert.equal((await outputOf("return api.cache.get('k')")).value, 'v')
    assert.deepEqual(await outputOf("return [api.cache.delete('k'), api.cache.get('k') ?? null]"), [
      { type: 'success' },
      null,
    ])
    assert.equal(await outputOf("return api.cache.get('k')"), undefined)
  })

  for (const [code, call] of [
    ['CacheKeyDoesNotExist', "api.cache.delete('none')"],
    ['CacheKeySizeExceeded', "api.cache.set('ä'.repeat(33), 'v')"],
    ['CacheValueSizeExceeded', "api.cache.set('k', 'v'.repeat(4097))"],
    ['ItemAlreadyExpired', "api.cache.set('k', 'v', { expires_at: Date.now() - 1 })"],
    ['InvalidExpiry', "api.cache.set('k', 'v', { ttl: NaN })"],
    ['FailedToSetCacheRecord', "api.cache.set('k', { not: 'a string' })"],
    ['CacheSizeExceeded', "[1, 2, 3].map((n) => api.cache.set('big' + n, 'v'.repeat(4000))).at(-1)"],
    ['MaxSideEffectsExceeded', "Array.from({ length: 21 }, () => api.cache.set('k', 'v')).at(-1)"],
  ] as const) {
    it(`answers ${code} for ${call.slice(0, 40)}, and does not throw`, async () => {
      assert.deepEqual(await outputOf(`return ${call}`), { type: 'error', code })
    })
  }

  it('holds 20 cache entries', async () => {
    await outputOf("for (let n = 0; n < 20; n++) api.cache.set('n' + n, '')")
    assert.equal((await outputOf("return api.cache.set('one more', '')")).code, 'CacheSizeExceeded')
    await outputOf("for (let n = 0; n < 20; n++) api.cache.delete('n' + n)")
  })

  it('keeps a cache entry for at most 24 hours', async () => {
    const { record } = await outputOf("return api.cache.set('day', 'v', { ttl: 1e12 })")
    assert.ok(record.expires_at <= Date.now() + 24 * 60 * 60_000)
  })

  it('collects user metadata for one write at the end', async () => {
    const result = await signIn(
      "if (api.user.setAppMetadata('a', 1) !== api || api.user.setUserMetadata('b', [2]) !== api) throw 1",
    )
    assert.deepEqual([result.appMetadata, result.userMetadata], [{ a: 1 }, { b: [2] }])
  })

  it('refuses to set metadata if the existing metadata is not an object', async () => {
    const event = loginEvent()
    Object.assign(event.user, { app_metadata: 'text' })
    const result = await signIn("api.user.setAppMetadata('a', 1)", event)
    assert.deepEqual([result.outcome, /not an object/.test(result.reason ?? '')], ['error', true])
  })

  it('records multifactor.enable for the known providers', async () => {
    const result = await signIn("api.multifactor.enable('any', { allowRememberBrowser: false })")
    assert.deepEqual(result.commands[0], {
      name: 'multifactor.enable',
      arguments: ['any', { allowRememberBrowser: false }],
    })
    assert.match(await reasonOf("api.multifactor.enable('sms')"), /^error: /)
  })

  it('says whether a redirect is possible', async () => {
    const code = 'return api.redirect.canRedirect()'
    assert.equal(await outputOf(code), true)
    assert.equal(await outputOf(code, loginEvent({ request: { query: { prompt: 'none' } } })), false)
    assert.equal(await outputOf(code, loginEvent({ transaction: { prompt: ['none'] } })), false)
    for (const protocol of [
      'oauth2-resource-owner',
      'oauth2-refresh-token',
      'oauth2-password',
      'oauth2-webauthn',
    ]) {
      assert.equal(await outputOf(code, loginEvent({ transaction: { protocol } })), false, protocol)
    }
  })

  it('reports that no Rule was executed', async () => {
    assert.equal(await outputOf("return api.rules.wasExecuted('rul_1')"), false)
  })

  it('sets transaction metadata within its limits', async () => {
    const result = await signIn(
      "api.transaction.setMetadata('a', 'x'); api.transaction.setMetadata('b', 2); api.transaction.setMetadata('c', true)",
    )
    assert.deepEqual(result.transactionMetadata, { a: 'x', b: 2, c: true })
    for (const beyond of ["'k'.repeat(65), 1", "'k', 'v'.repeat(8193)", "'k', {}"]) {
      assert.match(await reasonOf(`api.transaction.setMetadata(${beyond})`), /^error: /, beyond)
    }
    assert.match(
      await reasonOf("for (const k of 'abc') api.transaction.setMetadata(k, 'v'.repeat(8000))"),
      /16 KB/,
    )
  })

  it('fails the sign-in with the message of validation.error, of up to 100 characters', async () => {
    assert.equal(await reasonOf("api.validation.error('code', 'not valid')"), 'denied: not valid')
    assert.match(await reasonOf("api.validation.error('code', 'x'.repeat(101))"), /^error: .*100/)
  })

  it('records the members that need a browser', async () => {
    const result = await signIn(
      "api.authentication.challengeWith({ type: 'otp' }); api.prompt.render('form')",
    )
    assert.deepEqual(result.commands.slice(0, 2), [
      { name: 'authentication.challengeWith', arguments: [{ type: 'otp' }] },
      { name: 'prompt.render', arguments: ['form'] },
    ])
  })

  it('has no members that Auth0 lacks', async () => {
    assert.match(await reasonOf("api.fail('x')"), /^error: api.fail is not a function/)
  })
})
