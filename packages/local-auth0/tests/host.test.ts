import assert from 'node:assert/strict'
import { type LocalAuth0, loginEvent, startAuth0 } from '../src/index.ts'
import { call } from './call.ts'
import { bind, create, deploy, handler, run } from './deploy.ts'

const claim = (value: string) => `api.idToken.setCustomClaim('https://example.com/v', ${value})`
const name = 'https://example.com/v'

describe('local Auth0: loading an Action', () => {
  let auth0: LocalAuth0
  before(async () => {
    auth0 = await startAuth0({ buildMs: 4, hostEnvironment: { GREETING: 'hello' } })
  })
  after(() => auth0.close())
  const claimOf = async (code: string) => {
    await run(auth0, code)
    const result = await auth0.signIn(loginEvent())
    assert.equal(result.outcome, 'continue', result.reason)
    return result.idToken[name]
  }
  const reasonOf = async (code: string | Parameters<typeof run>[1]) => {
    await run(auth0, code)
    const result = await auth0.signIn(loginEvent())
    assert.equal(result.outcome, 'error')
    return result.reason
  }

  it('compiles the code as the body of a function of module, exports and console', async () => {
    const seen = await claimOf(
      handler(
        claim('names'),
        'const names = [arguments.length, arguments[0] === module, arguments[2] === console]',
      ),
    )
    assert.deepEqual(seen, [3, true, true])
  })

  it('has require in scope', async () => {
    assert.equal(await claimOf(handler(claim('typeof require'))), 'function')
  })

  it('reads a replaced module.exports, with its getters', async () => {
    const code = `module.exports = {}; Object.defineProperty(module.exports, 'onExecutePostLogin', {
      enumerable: true, get: () => handler })
      const handler = async (event, api) => { ${claim("'replaced'")} }`
    assert.equal(await claimOf(code), 'replaced')
  })

  it('refuses exports that are not an object', async () => {
    assert.match((await reasonOf('module.exports = 7')) ?? '', /must export an object/)
  })

  for (const [kind, code] of [
    ['a plain function', 'exports.onExecutePostLogin = function (event, api) { return Promise.resolve() }'],
    ['an async generator', 'exports.onExecutePostLogin = async function* () {}'],
    ['a name in another spelling', 'exports.onexecutepostlogin = async () => {}'],
    ['nothing at all', ''],
  ] as const) {
    it(`fails every login when the handler is ${kind}`, async () => {
      const expected =
        'Invalid function signature for the "onExecutePostLogin" handler. ' +
        'Use "exports.onExecutePostLogin = async function(event, api) { }" as the signature.'
      assert.equal(await reasonOf(code), expected)
      assert.equal((await auth0.signIn(loginEvent())).reason, expected)
    })
  }

  it('runs the top level at the first execution, and once per instance', async () => {
    await run(auth0, handler(`${claim('[loaded, ++count]')}`, 'let count = 0; const loaded = Date.now()'))
    const before = Date.now()
    const first = (await auth0.signIn(loginEvent())).idToken[name]
    const second = (await auth0.signIn(loginEvent())).idToken[name]
    assert.ok(Array.isArray(first) && Array.isArray(second))
    assert.ok(first[0] >= before)
    assert.deepEqual([second[0], first[1], second[1]], [first[0], 1, 2])
  })

  it('throws the same error again when the top level threw, without running it twice', async () => {
    const code = `globalThis.runs = (globalThis.runs ?? 0) + 1\nthrow new Error('broken ' + globalThis.runs + ' ' + Math.random())`
    const first = await reasonOf(code)
    assert.match(first ?? '', /^broken 1 /)
    assert.equal((await auth0.signIn(loginEvent())).reason, first)
  })

  it('starts a new instance on request', async () => {
    await run(auth0, handler(claim('++count'), 'let count = 0'))
    await auth0.signIn(loginEvent())
    await auth0.restartHosts()
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], 1)
  })

  it('starts a new instance for each deployment, with its own code, secrets and module scope', async () => {
    const [id = ''] = await run(auth0, { code: handler(claim('++count'), 'let count = 0') })
    await auth0.signIn(loginEvent())
    await call(auth0, `PATCH /actions/actions/${id}`, { secrets: [{ name: 'KEY', value: 'k' }] })
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], 2)
    await deploy(auth0, id)
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], 1)
    assert.equal(auth0.secretOf(auth0.actions().at(-1)?.name ?? '', 'KEY'), 'k')
  })

  it('runs the deployed version, not the draft', async () => {
    const [id = ''] = await run(auth0, handler(claim("'deployed'")))
    await call(auth0, `PATCH /actions/actions/${id}`, { code: handler(claim("'draft'")) })
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], 'deployed')
  })

  it('finds a declared dependency at its version', async () => {
    await run(auth0, {
      code: handler(claim('axios.VERSION'), "const axios = require('axios')"),
      dependencies: [{ name: 'axios', version: '1.21.1' }],
    })
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], '1.21.1')
  })

  it('does not find a module that is installed but not declared', async () => {
    assert.equal(await reasonOf("require('axios')"), "Cannot find module 'axios'")
    assert.equal(await reasonOf("require('./package.json')"), "Cannot find module './package.json'")
  })

  it('has the modules of Node, and fetch as a global', async () => {
    const seen = await claimOf(handler(claim("[typeof require('crypto').createHmac, typeof fetch]")))
    assert.deepEqual(seen, ['function', 'function'])
  })

  it('has neither the auth0 global of Rules nor its configuration', async () => {
    assert.deepEqual(await claimOf(handler(claim('[typeof auth0, typeof configuration]'))), [
      'undefined',
      'undefined',
    ])
  })

  it('refuses to write files', async () => {
    const code = handler("require('fs').writeFileSync('/tmp/written-by-an-action', 'x')")
    assert.match((await reasonOf(code)) ?? '', /restricted/)
  })

  it('passes the given environment, and nothing from the surrounding process', async () => {
    process.env.HTTPS_PROXY = 'http://127.0.0.1:9'
    try {
      const seen = await claimOf(
        handler(claim('[process.env.GREETING, process.env.HTTPS_PROXY ?? null, process.env.PATH ?? null]')),
      )
      assert.deepEqual(seen, ['hello', null, null])
    } finally {
      delete process.env.HTTPS_PROXY
    }
  })

  it('shares no globals between Actions', async () => {
    await run(auth0, handler('globalThis.leak = 1'), handler(claim('typeof globalThis.leak')))
    assert.equal((await auth0.signIn(loginEvent())).idToken[name], 'undefined')
  })

  it('runs no Action that is deployed but not bound', async () => {
    const id = await create(auth0, { code: handler('throw new Error("bound?")') })
    await deploy(auth0, id)
    await bind(auth0)
    assert.deepEqual((await auth0.signIn(loginEvent())).ranActions, [])
  })
})
