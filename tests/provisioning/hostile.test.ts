// Any configuration is refused with findings and nothing declared, or valid by the rules, which are written here once more.
import assert from 'node:assert/strict'
import { mock } from 'node:test'
import * as pulumi from '@pulumi/pulumi'
import fc from 'fast-check'
import type { Settings } from '../../actions/backendless-login/settings.ts'
import { type Checked, checkConfig } from '../../provisioning/config.ts'
import { type RecordedResource, record } from './recorded-resources.ts'
import { rawConfig, rawValue } from './strange-config.ts'

/** What the Action would get. */
interface Given {
  readonly settings: Settings
  readonly actionName: string
  readonly secrets: Readonly<Record<string, unknown>>
}

function isIn(value: unknown, ...allowed: readonly unknown[]): void {
  assert.ok(allowed.includes(value), `${value}`)
}

function isListOfNames(value: readonly unknown[]): void {
  assert.equal(new Set(value).size, value.length)
  for (const name of value) {
    assert.ok(typeof name === 'string' && /^\S(.*\S)?$/s.test(name))
    assert.ok(!/[\p{Cc}\p{Cs}]/u.test(name))
  }
}

const COLUMN = /^(?!__proto__$)[a-z_][a-z0-9_]{0,63}$/i
const SYSTEM =
  /^(___class|bluserlocale|created|lastlogin|objectid|ownerid|password|socialaccount|updated|userstatus)$/i

function isColumn(name: string): void {
  assert.match(name, COLUMN)
  assert.doesNotMatch(name, SYSTEM)
}

/** The rules of the README's table, once more. */
function checkGiven({ settings, actionName, secrets }: Given): void {
  assert.match(String(secrets.BACKENDLESS_APP_ID), /^[a-z0-9-]{8,64}$/i)
  assert.doesNotMatch(String(secrets.BACKENDLESS_APP_ID), /^[01-]+$/)
  assert.match(String(secrets.BACKENDLESS_API_KEY), /^[a-z0-9-]{8,128}$/i)
  const url = new URL(settings.serverUrl)
  assert.ok(url.protocol === 'https:' || /^(localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/.test(url.hostname))
  assert.match(settings.serverUrl, /^https?:\/\/[^\s\\?#@]*[^\s\\?#@/]$/)
  assert.equal(`${url.username}${url.password}${url.search}${url.hash}`, '')
  isListOfNames(settings.clients)
  assert.doesNotMatch(settings.clients.join(), /Your/)
  assert.ok(settings.clients.length === 1 || (settings.clients.length > 1 && !settings.clients.includes('*')))
  isListOfNames(settings.connections)
  assert.ok(!settings.connections.includes('*'))
  isIn(settings.passwords.length, 1, 2, 3)
  assert.equal(new Set(settings.passwords.map(({ id }) => id)).size, settings.passwords.length)
  for (const { id, perUser } of settings.passwords) {
    assert.match(id, /^[a-z0-9-]{1,20}$/)
    isIn(perUser, true, false)
  }
  isIn(settings.identity, 'email', 'user_id')
  isColumn(settings.identityColumn)
  assert.ok(settings.identity === 'email' || settings.identityColumn.toLowerCase() !== 'email')
  isIn(settings.unverified, 'deny', 'skip', 'accept')
  isIn(settings.onFailure, 'deny', 'skip')
  isIn(settings.skipRefresh, true, false)
  for (const [column, attribute] of Object.entries(settings.profile)) {
    isColumn(column)
    assert.notEqual(column.toLowerCase(), settings.identityColumn.toLowerCase())
    assert.ok(typeof attribute === 'string' && attribute !== '')
  }
  isListOfNames(settings.trustedConnections)
  assert.ok(!settings.trustedConnections.includes('*'))
  if (settings.ownerColumn !== '') {
    isColumn(settings.ownerColumn)
    assert.equal(settings.identity, 'email')
    const others = [settings.identityColumn, ...Object.keys(settings.profile)].map((name) =>
      name.toLowerCase(),
    )
    assert.ok(!others.includes(settings.ownerColumn.toLowerCase()))
  }
  isIn(settings.syncProfile, true, false)
  isIn(settings.memory, true, false)
  assert.match(settings.claim, /^https?:\/\/\S+$/)
  assert.doesNotMatch(new URL(settings.claim).hostname, /(^|\.)(auth0\.com|webtask\.(io|run))\.*$/)
  assert.ok(Number.isInteger(settings.budgetMs) && settings.budgetMs >= 1000 && settings.budgetMs <= 15_000)
  assert.ok(actionName.trim() === actionName && actionName.length >= 1 && actionName.length <= 100)
  assert.ok(!/[\p{Cc}\p{Cs}]/u.test(actionName))
  for (const secret of Object.values(secrets)) {
    assert.ok(
      typeof secret === 'string' && secret.trim() !== '' && secret.isWellFormed() && secret.length <= 4096,
    )
  }
}

/** The result of the program for an accepted configuration. */
function givenBy({
  appId,
  apiKey,
  passwords,
  actionName,
  ...settings
}: Extract<Checked, { config: unknown }>['config']): Given {
  const inUse = passwords.filter(({ retired }) => retired !== true)
  const values = inUse.map(({ id, value = 'generated' }) => [`PASSWORD_${id}`, value])
  return {
    settings: { ...settings, passwords: inUse.map(({ id, perUser }) => ({ id, perUser })) },
    actionName,
    secrets: { BACKENDLESS_APP_ID: appId, BACKENDLESS_API_KEY: apiKey, ...Object.fromEntries(values) },
  }
}

/** Asserts that every given key has an effect: no value is accepted and then ignored. */
function checkObeyed(raw: Readonly<Record<string, string>>, { settings, actionName }: Given): void {
  const made: Readonly<Record<string, unknown>> = { ...settings, actionName }
  for (const [key, value] of Object.entries(raw)) {
    if (key === 'appId' || key === 'apiKey' || key === 'passwords') continue
    assert.ok(Object.hasOwn(made, key), `${key} is no key, and was accepted`)
    const now = made[key]
    if (key === 'serverUrl') assert.equal(now, value.replace(/\/+$/, ''))
    else if (key === 'actionName') assert.equal(now, value.trim())
    else if (Array.isArray(now)) {
      assert.deepEqual(
        now,
        JSON.parse(value).map((name: string) => name.trim()),
      )
    } else if (typeof now === 'string') assert.equal(now, value)
    else assert.equal(JSON.stringify(now), JSON.stringify(JSON.parse(value)))
  }
}

const SECRET_KEYS = new Set(['apiKey', 'passwords'])

describe('a configuration of any shape', function () {
  this.timeout(60_000)

  it('is refused with findings, or valid by every rule and applied exactly', () => {
    let accepted = 0
    fc.assert(
      fc.property(rawConfig, (raw) => {
        const checked = checkConfig(raw, SECRET_KEYS)
        if ('findings' in checked) {
          assert.ok(checked.findings.length > 0)
          return
        }
        accepted += 1
        const given = givenBy(checked.config)
        checkGiven(given)
        checkObeyed(raw, given)
      }),
      { numRuns: 2500 },
    )
    assert.ok(accepted > 250, `${accepted} accepted`)
  })

  it('is refused or valid if one value of a valid one is replaced by anything', () => {
    fc.assert(
      fc.property(rawValue, ({ key, value }) => {
        const good = {
          appId: '7C29A5E4-1B38-4D06-9F2A-83E5D1B0C647',
          apiKey: 'E5D1B0C6-83F2-4A9D-B647-7C29A5E41B38',
          clients: '["shop"]',
        }
        const raw = Object.fromEntries([...Object.entries(good), [key, value]])
        const checked = checkConfig(raw, SECRET_KEYS)
        if ('findings' in checked) return
        const given = givenBy(checked.config)
        checkGiven(given)
        checkObeyed(raw, given)
      }),
      { numRuns: 2500 },
    )
  })

  it('declares only the stack if it is refused, and what was checked if it is not', async () => {
    const warn = mock.method(pulumi.log, 'warn', () => Promise.resolve())
    let accepted = 0
    try {
      await fc.assert(
        fc.asyncProperty(rawConfig, async (raw) => {
          const entries = Object.entries(raw)
          const config = Object.fromEntries(entries.filter(([key]) => !SECRET_KEYS.has(key)))
          const secrets = Object.fromEntries(entries.filter(([key]) => SECRET_KEYS.has(key)))
          const declared: RecordedResource[] = []
          const recording = await record({ stack: 'hostile', config, secrets }, declared).catch(
            (error: unknown) => error,
          )
          if (recording instanceof Error) {
            await pulumi.runtime.disconnect()
            assert.ok(pulumi.RunError.isInstance(recording), recording.stack)
            assert.match(
              recording.message,
              /^The configuration of stack hostile has \d+ problems?; nothing was changed\./,
            )
            assert.deepEqual(
              declared.filter(({ type }) => type !== 'pulumi:pulumi:Stack'),
              [],
            )
            return
          }
          accepted += 1
          const action = declared.find(({ type }) => type === 'auth0:index/action:Action')?.inputs
          const code = String(action?.code)
          const settings = JSON.parse(/^const SETTINGS = (\{.*?^\});$/ms.exec(code)?.[1] ?? '')
          const actionSecrets = Reflect.get(Object(recording), 'actionSecrets')
          const given = { settings, actionName: String(action?.name), secrets: actionSecrets }
          checkGiven(given)
          checkObeyed(raw, given)
        }),
        { numRuns: 60 },
      )
    } finally {
      warn.mock.restore()
    }
    assert.ok(accepted > 5, `${accepted} accepted`)
  })
})
