// Whatever throws, nothing leaves the handler, and the line in the log is written.
import assert from 'node:assert/strict'
import { mock } from 'node:test'
import { loginEvent } from '@backendless-login/local-auth0'
import type { PostLoginApi, PostLoginEvent } from '../../../actions/backendless-login/auth0.ts'
import { CircuitBreaker } from '../../../actions/backendless-login/circuit.ts'
import { handlePostLogin } from '../../../actions/backendless-login/handler.ts'
import { backendless, closeAll, PASSWORD, passwordOf, settingsFor } from '../sign-in.ts'

const MARKER = 'MARKER-7f3a'
const ADA = 'ada@example.com'

function fail(): never {
  throw new Error(MARKER)
}

describe('exceptions', () => {
  afterEach(closeAll)

  async function run(
    event: PostLoginEvent | undefined,
    api: Partial<PostLoginApi>,
    log: () => void = () => {},
  ) {
    const app = await backendless()
    app.addUser({ email: ADA, password: passwordOf(app, ADA) })
    const secrets = {
      BACKENDLESS_APP_ID: app.appId,
      BACKENDLESS_API_KEY: app.keys.rest,
      PASSWORD_1: PASSWORD,
    }
    const denials: string[] = []
    const logged = mock.method(console, 'log', log)
    try {
      const whole = event && Object.assign(event, { secrets })
      await handlePostLogin(
        { settings: settingsFor(app), circuit: new CircuitBreaker() },
        whole ?? Object(null),
        {
          access: { deny: (reason) => denials.push(reason) },
          idToken: { setCustomClaim: () => {} },
          user: { setAppMetadata: () => {} },
          ...api,
        },
      )
    } finally {
      logged.mock.restore()
    }
    const lines = logged.mock.calls.map(({ arguments: [line] }) => String(line))
    assert.ok(!`${lines}${denials}`.includes(MARKER))
    return { denials, lines }
  }

  it('denies when the claim cannot be set', async () => {
    const { denials, lines } = await run(loginEvent(), { idToken: { setCustomClaim: fail } })
    assert.match(denials[0] ?? '', /^internal_error: /)
    assert.match(lines[0] ?? '', / code=internal_error /)
  })

  it('still writes its line when the denial cannot be made', async () => {
    const event = loginEvent({ user: { email_verified: false } })
    const { lines } = await run(event, { access: { deny: fail } })
    assert.match(lines[0] ?? '', / code=email_unverified /)
  })

  it('still denies when the line cannot be written', async () => {
    const { denials } = await run(loginEvent({ user: { email_verified: false } }), {}, fail)
    assert.match(denials[0] ?? '', /^email_unverified: /)
  })

  for (const part of ['user', 'client'] as const) {
    it(`denies when reading event.${part} throws`, async () => {
      const event = Object.defineProperty(loginEvent(), part, { get: fail, enumerable: false })
      const { denials, lines } = await run(event, {})
      assert.match(denials[0] ?? '', /^internal_error: /)
      assert.equal(lines.length, 1)
    })
  }

  it('lets a refresh go on when reading event.user throws', async () => {
    const event = loginEvent({ transaction: { protocol: 'oauth2-refresh-token' } })
    const { denials, lines } = await run(Object.defineProperty(event, 'user', { get: fail }), {})
    assert.deepEqual(denials, [])
    assert.match(lines[0] ?? '', /outcome=skip code=internal_error /)
  })

  it('denies when there is no event', async () => {
    const { denials } = await run(undefined, {})
    assert.equal(denials.length, 1)
  })
})
