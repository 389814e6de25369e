// Two services, a deployed Action with some passwords, and runs of the command.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalAuth0, startAuth0 } from '@backendless-login/local-auth0'
import {
  type BackendlessOptions,
  type LocalBackendless,
  startBackendless,
} from '@backendless-login/local-backendless'
import { type Password, userPassword } from '../../actions/backendless-login/password.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { API_KEY_SECRET, APP_ID_SECRET, passwordSecret } from '../../actions/backendless-login/settings.ts'
import { passwords } from '../../operations/passwords/command.ts'
import { type PasswordsOptions, readPasswordsOptions } from '../../operations/passwords/options.ts'
import type { PasswordsReport } from '../../operations/passwords/report.ts'
import { passwordsText } from '../../operations/passwords/report-text.ts'
import type { StackReading } from '../../operations/stack/reading.ts'
import { bundleAction } from '../../provisioning/bundle.ts'
import type { BundledSettings } from '../../provisioning/deployed-settings.ts'
import { call, type DeployedAction, deployAction, deployAgain } from '../management.ts'
import { SETTINGS } from '../settings.ts'

/** Newest first. */
export const NEW: Password = { id: '2026-11', perUser: true, value: new Secret('N'.repeat(64)) }
export const OLD: Password = { id: '1', perUser: true, value: new Secret('O'.repeat(64)) }
export const RULE: Password = { id: 'rule', perUser: false, value: new Secret('the rule’s own password') }

/** In milliseconds. The command waits until a version is a minute old: by this clock every version is. */
const AHEAD_MS = 120_000

interface Clock {
  /** How far it is ahead of the versions' times. */
  aheadMs: number
}

export interface TenantWithClock {
  readonly auth0: LocalAuth0
  readonly clock: Clock
}

export async function startTenant(): Promise<TenantWithClock> {
  const clock = { aheadMs: AHEAD_MS }
  return { auth0: await startAuth0({ buildMs: 2, now: () => Date.now() + clock.aheadMs }), clock }
}

export interface RunRecord {
  readonly report: PasswordsReport
  /** All output: progress, and the report as text and as JSON. */
  readonly output: string
}

export class PasswordsFixture {
  readonly app: LocalBackendless
  readonly auth0: LocalAuth0
  /** The clock of Auth0. */
  readonly clock: Clock
  readonly folder = mkdtempSync(join(tmpdir(), 'passwords-'))
  readonly stateFile = join(this.folder, 'state.json')
  actionId = ''
  /** In use, newest first. */
  passwords: readonly [Password, ...Password[]] = [NEW, OLD, RULE]
  /** Known to the stack, but no longer to the Action. */
  retired: readonly Password[] = []
  written = ''
  watchMs = 100
  silenceMs = 300
  versionAgeMs: number | undefined
  /** Of what is deployed next, and of the stack. */
  ownerColumn = ''
  wait: ((ms: number) => Promise<void>) | undefined

  constructor(app: LocalBackendless, { auth0, clock }: TenantWithClock) {
    this.app = app
    this.auth0 = auth0
    this.clock = clock
  }

  static async open(options: BackendlessOptions = {}): Promise<PasswordsFixture> {
    const [app, tenant] = await Promise.all([startBackendless(options), startTenant()])
    const fixture = new PasswordsFixture(app, tenant)
    await fixture.create([OLD, RULE])
    await fixture.up(NEW, OLD, RULE)
    return fixture
  }

  /** Creates the Action with these passwords and binds it, like the first `up`. */
  async create(passwords: [Password, ...Password[]]): Promise<void> {
    this.passwords = passwords
    this.actionId = await deployAction(this.auth0, {
      name: 'Backendless login',
      ...this.deployment(passwords),
    })
    await bind(this.auth0, [this.actionId])
  }

  /** Returns what an `up` deploys for these passwords: the real code, its settings and its secrets. */
  deployment(
    passwords: readonly Password[],
    settings: Partial<BundledSettings> = {},
  ): Required<Omit<DeployedAction, 'name' | 'runtime'>> {
    const bundle = bundleAction({
      ...SETTINGS,
      serverUrl: this.app.url,
      passwords: passwords.map(({ id, perUser }) => ({ id, perUser })),
      ownerColumn: this.ownerColumn,
      ...settings,
    })
    return {
      ...bundle,
      secrets: [
        { name: APP_ID_SECRET, value: this.app.appId },
        { name: API_KEY_SECRET, value: this.app.keys.rest },
        ...passwords.map(({ id, value }) => ({ name: passwordSecret(id), value: value.reveal() })),
      ],
    }
  }

  /** Configures the stack with these passwords, and deploys it. Returns the version's id. */
  async up(...passwords: [Password, ...Password[]]): Promise<string> {
    this.passwords = passwords
    await deployAgain(this.auth0, this.actionId, this.deployment(passwords))
    return this.deployedVersion()
  }

  deployedVersion(): string {
    return this.auth0.actions().find(({ id }) => id === this.actionId)?.deployed?.id ?? ''
  }

  /** Adds users of one password: `prefix0@example.com` and so on. Returns their addresses. */
  addUsers(count: number, password: Password | string, prefix: string, created?: number): string[] {
    return Array.from({ length: count }, (_, index) => {
      const email = `${prefix}${index}@example.com`
      const value = typeof password === 'string' ? password : this.passwordOf(email, password)
      // A user on the current password has signed in since it was put on top.
      const lastLogin = password === this.passwords[0] ? { lastLogin: Date.now() } : {}
      this.app.addUser({
        email,
        password: value,
        ...(created === undefined ? {} : { created }),
        ...lastLogin,
      })
      return email
    })
  }

  passwordOf(email: string, password: Password): string {
    return userPassword(password, new Secret(this.app.appId), new Secret(email)).reveal()
  }

  /** Moves a user as a sign-in under another configuration would. */
  setPassword(email: string, password: Password): Promise<void> {
    return this.#update(email, { password: this.passwordOf(email, password) })
  }

  /** Renames a row as the sign-in of a user with a changed address does. */
  rename(email: string, to: string, password: Password): Promise<void> {
    return this.#update(email, { email: to, password: this.passwordOf(to, password) })
  }

  async #update(email: string, values: Readonly<Record<string, string>>): Promise<void> {
    const { url, appId, keys } = this.app
    const answer = await fetch(`${url}/${appId}/${keys.codeRunner}/users/${this.app.user(email)?.objectId}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(values),
    })
    assert.equal(answer.status, 200)
  }

  isOn(email: string, password: Password): boolean {
    return this.app.passwordIs(email, this.passwordOf(email, password))
  }

  stack(): StackReading {
    return {
      serverUrl: this.app.url,
      appId: new Secret(this.app.appId),
      apiKey: new Secret(this.app.keys.rest),
      identity: 'email',
      identityColumn: 'email',
      ownerColumn: this.ownerColumn,
      passwords: this.passwords,
      retired: this.retired,
      actionId: this.actionId,
    }
  }

  async run(
    args: readonly string[] = ['--apply'],
    more: { readonly signal?: AbortSignal; readonly environment?: Readonly<Record<string, string>> } = {},
  ): Promise<RunRecord> {
    let output = ''
    const report = await this.start(args, more, (text) => (output += text))
    assert.ok(typeof report !== 'string')
    output += passwordsText(report) + JSON.stringify(report)
    this.written += output
    return { report, output }
  }

  /** @param answer the operator's input. */
  start(
    args: readonly string[],
    more: {
      readonly signal?: AbortSignal
      readonly environment?: Readonly<Record<string, string>>
      readonly answer?: string | (() => Promise<string>)
    },
    write: (text: string) => void,
  ): Promise<PasswordsReport | string> {
    return passwords(options(['--rate', '1000', '--state', this.stateFile, ...args]), {
      environment: { ...this.auth0.environment, ...more.environment },
      signal: more.signal ?? new AbortController().signal,
      output: { write },
      read: async () => this.stack(),
      pausesMs: [1, 1],
      watchMs: this.watchMs,
      silenceMs: this.silenceMs,
      ...(this.versionAgeMs === undefined ? {} : { versionAgeMs: this.versionAgeMs }),
      ...(this.wait ? { wait: this.wait } : {}),
      ask: async (question) => {
        write(question)
        return typeof more.answer === 'function' ? more.answer() : (more.answer ?? '')
      },
    })
  }

  /** `POST /users/login` and so on, since the last call. */
  takeRequests(): string[] {
    return this.app.requests.splice(0).map(({ method, path }) => `${method} ${path}`)
  }

  state(): string {
    return readFileSync(this.stateFile, 'utf8')
  }

  async close(): Promise<void> {
    await Promise.all([this.app.close(), this.auth0.close()])
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function options(args: readonly string[]): PasswordsOptions {
  const read = readPasswordsOptions(['--stack', 'production', ...args])
  assert.ok(read)
  return read
}

export async function bind(auth0: LocalAuth0, ids: readonly string[]): Promise<void> {
  const bindings = ids.map((value) => ({ display_name: value, ref: { type: 'action_id', value } }))
  await call(auth0, 'PATCH', '/actions/triggers/post-login/bindings', { bindings })
}
