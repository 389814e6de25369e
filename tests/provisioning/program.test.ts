import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { mock } from 'node:test'
import * as pulumi from '@pulumi/pulumi'
import { ENVIRONMENTS } from './environments.ts'
import { golden, goldenFile } from './golden.ts'
import { type Environment, record } from './recorded-resources.ts'

const DEFAULTS: Environment = ENVIRONMENTS.defaults ?? { stack: '', config: {}, secrets: {} }

describe('the program', () => {
  for (const [name, environment] of Object.entries(ENVIRONMENTS)) {
    it(`declares what golden/${name}.json says (npm run golden accepts a change)`, async () => {
      assert.equal(golden(await record(environment)), await readFile(goldenFile(name), 'utf8'))
    })

    it(`passes every secret of ${name} on as a secret, and shows it nowhere else`, async () => {
      const { secretInputs, secretOutputs, resources } = await record(environment)
      assert.ok(Object.keys(secretInputs).length >= 3)
      assert.ok(Object.values(secretInputs).every((known) => known))
      assert.deepEqual(secretOutputs, ['passwords'])
      const shown = JSON.stringify(resources)
      for (const secret of [environment.secrets.apiKey, 'made-up-password-of-the-rule', 'generated-']) {
        assert.ok(!shown.includes(String(secret)))
      }
    })
  }

  it('gives the Action the keys and the generated password, each under its name', async () => {
    const { outputs, actionSecrets } = await record(DEFAULTS)
    const { appId, apiKey } = { ...DEFAULTS.config, ...DEFAULTS.secrets }
    const password = 'generated-{"perUser":"true","source":"generated"}'
    assert.deepEqual(outputs.passwords, { 1: password })
    assert.deepEqual(actionSecrets, {
      BACKENDLESS_APP_ID: appId,
      BACKENDLESS_API_KEY: apiKey,
      PASSWORD_1: password,
    })
  })

  it('gives the Action an adopted password unchanged, shared unless perUser is true', async () => {
    const adopt = (entry: object) => {
      const passwords = [{ id: 'the-rule', value: 'made-up-password-of-the-rule', ...entry }]
      return record({ ...DEFAULTS, secrets: { ...DEFAULTS.secrets, passwords } })
    }
    const [shared, derived] = [await adopt({}), await adopt({ perUser: true })]
    for (const { outputs, actionSecrets } of [shared, derived]) {
      assert.deepEqual(outputs.passwords, { 'the-rule': 'made-up-password-of-the-rule' })
      assert.equal(actionSecrets.PASSWORD_THE_RULE, 'made-up-password-of-the-rule')
    }
    const codes = [shared, derived].map(({ resources }) => JSON.stringify(resources))
    assert.deepEqual(
      codes.map((code) => /perUser\\": (true|false)/.exec(code)?.[1]),
      ['false', 'true'],
    )
  })

  it('protects each password, with the meaning of its id in its keepers', async () => {
    const { resources } = await record(DEFAULTS)
    const passwords = resources.filter(({ type }) => type.endsWith(':RandomPassword'))
    assert.deepEqual(
      passwords.map(({ name, protect, inputs }) => [name, protect, inputs.keepers]),
      [['backendless-login-password-1', true, { perUser: 'true', source: 'generated' }]],
    )
  })

  it('declares nothing with a bad configuration, and says what is wrong without a stack trace', async () => {
    const bad = { ...DEFAULTS, config: { ...DEFAULTS.config, budgetMs: 1, onFailure: 'maybe' } }
    const failure = await record(bad).then(
      () => undefined,
      (error: unknown) => error,
    )
    assert.ok(pulumi.RunError.isInstance(failure))
    assert.match(failure.message, /stack dev has 2 problems; nothing was changed/)
    assert.match(
      failure.message,
      /backendless-login:budgetMs must be 1000 or more\.\n +Example: npx pulumi config set budgetMs 8000/,
    )
    assert.equal(failure.stack, failure.message)
  })

  async function warningsWith(config: Readonly<Record<string, unknown>>): Promise<string[]> {
    const warn = mock.method(pulumi.log, 'warn', () => Promise.resolve())
    try {
      const { resources } = await record({ ...DEFAULTS, config: { ...DEFAULTS.config, ...config } })
      assert.equal(resources.length, 5)
    } finally {
      warn.mock.restore()
    }
    return warn.mock.calls.map(({ arguments: [message] }) => String(message))
  }

  const CUSTOM = { connections: ['google-oauth2', 'partner'] }
  for (const [config, expected] of [
    [{ clients: ['*'] }, /^clients is \["\*"\]/],
    [{ unverified: 'accept' }, /^unverified is accept/],
    [CUSTOM, /^connections names partner, and .* will be refused \(email_untrusted\)/],
    [{ ...CUSTOM, unverified: 'skip' }, /^connections names partner, .* will be signed in without a token/],
    [{ connections: ['salesforce'] }, /^connections names salesforce, /],
  ] as const) {
    it(`warns, but continues, with ${JSON.stringify(config)}`, async () => {
      const [warning = '', ...more] = await warningsWith(config)
      assert.match(warning, expected)
      assert.deepEqual(more, [])
    })
  }

  for (const config of [
    {
      connections: ['Username-Password-Authentication', 'google-oauth2', 'email', 'sms', 'windowslive'],
      trustedConnections: ['windowslive'],
    },
    { ...CUSTOM, trustedConnections: ['partner'] },
    { ...CUSTOM, identity: 'user_id', identityColumn: 'auth0Id' },
  ]) {
    it(`warns of nothing with ${JSON.stringify(config)}`, async () => {
      assert.deepEqual(await warningsWith(config), [])
    })
  }
})
