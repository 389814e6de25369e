// Whatever throws, the handler does not, and it writes its log line.
import assert from 'node:assert/strict'
import { loginEvent } from '@backendless-login/local-auth0'
import type { PostLoginApi, PostLoginEvent } from '../../../actions/backendless-login/auth0.ts'
import { CircuitBreaker } from '../../../actions/backendless-login/circuit.ts'
import { execute } from '../hostile/execution.ts'
import { ADA, backendless, closeAll, passwordOf, secretsOf, settingsFor } from '../sign-in.ts'
import { MARKER } from './fault.ts'

function fail(): never {
  throw new Error(MARKER)
}

describe('exceptions', () => {
  afterEach(closeAll)

  async function run(event: PostLoginEvent | undefined, api: Partial<PostLoginApi> = {}, write?: () => void) {
    const app = await backendless()
    app.addUser({ email: ADA, password: passwordOf(app, ADA) })
    const whole = event && Object.assign(event, { secrets: secretsOf(app) })
    const instance = { settings: settingsFor(app), circuit: new CircuitBreaker() }
    const execution = await execute(instance, whole ?? Object(null), api, write)
    assert.ok(!`${execution.lines}${execution.denials}`.includes(MARKER))
    return execution
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

  it('lets a refresh continue when reading event.user throws', async () => {
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
