// Two services with a deployed stack, and runs of the doctor.
import assert from 'node:assert/strict'
import { type LocalAuth0, startAuth0 } from '@backendless-login/local-auth0'
import { type OpenTenant, openTenant } from '@backendless-login/local-auth0/oidc'
import { type LocalBackendless, startBackendless } from '@backendless-login/local-backendless'
import { API_KEY_SECRET, APP_ID_SECRET, passwordSecret } from '../../../actions/backendless-login/settings.ts'
import type { CheckName } from '../../../operations/doctor/checks.ts'
import { doctor } from '../../../operations/doctor/command.ts'
import type { CheckResult } from '../../../operations/doctor/findings.ts'
import { readDoctorOptions } from '../../../operations/doctor/options.ts'
import { doctorJson, doctorText } from '../../../operations/doctor/report.ts'
import { bundleAction } from '../../../provisioning/bundle.ts'
import { checkConfig } from '../../../provisioning/config.ts'
import type { Config } from '../../../provisioning/config-schema.ts'
import { appIdFingerprint } from '../../../provisioning/fingerprint.ts'
import { deployAction } from '../../management.ts'
import { bind } from '../fixture.ts'

const DOCTOR_CLIENT = 'DemoClientIdOfTheWebShop'
/** The settings of docs/settings.md. */
const GOOD = { multipleLogins: true, maxConcurrentLogins: 100, ownRowOnly: true, recovery: false }
const TEST_PASSWORD = 'let-me-in'

export class DoctorFixture {
  readonly app: LocalBackendless
  readonly auth0: LocalAuth0
  readonly tenant: OpenTenant
  /** The configuration of the stack, in Pulumi's form. */
  raw: Record<string, string>
  actionId: string | undefined
  readonly environment: NodeJS.ProcessEnv

  private constructor(app: LocalBackendless, auth0: LocalAuth0, tenant: OpenTenant) {
    this.app = app
    this.auth0 = auth0
    this.tenant = tenant
    this.raw = {
      appId: app.appId,
      apiKey: app.keys.rest,
      serverUrl: app.url,
      clients: JSON.stringify([DOCTOR_CLIENT]),
    }
    this.environment = {
      ...auth0.environment,
      AUTH0_TEST_DOMAIN: tenant.url,
      AUTH0_TEST_USERNAME: 'ada@example.com',
      AUTH0_TEST_PASSWORD: TEST_PASSWORD,
      AUTH0_TEST_CLIENT_ID: DOCTOR_CLIENT,
    }
  }

  static async open(): Promise<DoctorFixture> {
    const [app, auth0] = await Promise.all([startBackendless(GOOD), startAuth0()])
    app.addUser({ email: 'grace@example.com', password: 'hers' })
    const fixture = new DoctorFixture(app, auth0, await openTenant({ auth0 }))
    fixture.actionId = await deployAction(auth0, { name: 'Backendless login', ...fixture.deployment() })
    await bind(auth0, [fixture.actionId])
    return fixture
  }

  /** Returns what `pulumi up` deploys. */
  deployment() {
    const checked = this.checked()
    assert.ok('config' in checked)
    const { appId, apiKey, actionName: _, passwords, ...settings }: Config = checked.config
    const secrets = [
      { name: APP_ID_SECRET, value: appId },
      { name: API_KEY_SECRET, value: apiKey },
      ...passwords.map(({ id }) => ({ name: passwordSecret(id), value: 'P'.repeat(64) })),
    ]
    const inUse = passwords.map(({ id }) => ({ id, perUser: true }))
    return {
      ...bundleAction({ appIdFingerprint: appIdFingerprint(appId), ...settings, passwords: inUse }),
      secrets,
    }
  }

  /** Asserts that no output contains a secret. */
  async run(
    args: readonly string[] = [],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<readonly CheckResult[]> {
    const options = readDoctorOptions(['--stack', 'dev', ...args])
    assert.ok(options)
    const findings = await doctor(options, {
      environment: { ...this.environment, ...environment },
      read: async () => ({ checked: this.checked(), actionId: this.actionId }),
    })
    const output = doctorText('dev', findings) + doctorJson('dev', findings)
    const secrets = [this.app.appId, ...Object.values(this.app.keys), 'P'.repeat(64), TEST_PASSWORD]
    for (const secret of [...secrets, this.auth0.apiToken, this.auth0.client.secret]) {
      assert.ok(!output.includes(secret), output)
    }
    return findings
  }

  /** Asserts that only these checks failed, each with this sentence. */
  async fails(
    expected: Readonly<Partial<Record<CheckName, RegExp>>>,
    args: readonly string[] = [],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<readonly CheckResult[]> {
    const findings = await this.run(args, environment)
    this.only('failed', findings, expected)
    return findings
  }

  async warns(
    expected: Readonly<Partial<Record<CheckName, RegExp>>>,
    args: readonly string[] = [],
  ): Promise<readonly CheckResult[]> {
    const findings = await this.run(args)
    this.only('failed', findings, {})
    this.only('warning', findings, expected)
    return findings
  }

  only(
    result: CheckResult['result'],
    findings: readonly CheckResult[],
    expected: Readonly<Record<string, RegExp>>,
  ) {
    const found = findings.filter((each) => each.result === result)
    assert.deepEqual(
      found.map(({ name }) => name).sort(),
      Object.keys(expected).sort(),
      doctorText('dev', findings),
    )
    for (const { name, finding } of found) assert.match(finding, expected[name] ?? /^$/)
  }

  /** Returns the identities of the throw-away users that still exist. */
  async throwAwayUsers(): Promise<unknown[]> {
    const where = encodeURIComponent("email like '%backendless-login-doctor%'")
    const url = `${this.app.url}/${this.app.appId}/${this.app.keys.codeRunner}/data/Users?where=${where}`
    const rows: unknown = await (await fetch(url)).json()
    assert.ok(Array.isArray(rows))
    return rows
  }

  async close(): Promise<void> {
    await Promise.all([this.app.close(), this.auth0.close(), this.tenant.close()])
  }

  private checked() {
    return checkConfig(this.raw, new Set(['apiKey', 'passwords']))
  }
}
