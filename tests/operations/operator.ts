// An operator who does what the command says, with users, colleagues and accidents.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type LocalBackendless, startBackendless } from '@backendless-login/local-backendless'
import type { Password } from '../../actions/backendless-login/password.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { passwordsText } from '../../operations/passwords/report-text.ts'
import { Problem } from '../../operations/problem.ts'
import { problemsOf } from '../../provisioning/deployed-passwords.ts'
import { MAX_IN_USE } from '../../provisioning/passwords-schema.ts'
import { firstSignIn, signIn } from '../actions/sign-in.ts'
import { call, restoreVersion } from '../management.ts'
import { PasswordsFixture, type TenantWithClock } from './fixture.ts'

const STRANGER = { email: 'stranger@example.com', password: 'somebody else knows this' }

/** An event while the command runs, after this many requests. */
export interface Accident {
  readonly after: number
  readonly what:
    | 'kill'
    | 'signIn'
    | 'slowSignIn'
    | 'restore'
    | 'restoreAny'
    | 'backAndForth'
    | 'redeploy'
    | 'lock'
  readonly user: number
}

export interface BulkMove {
  readonly rate: number
  readonly concurrency: number
  readonly watchMs: number
  readonly pageSize: number
  readonly accidents: readonly Accident[]
}

interface Version {
  readonly id: string
  readonly passwords: readonly Password[]
}

export class Operator {
  /** What the command said, in order. */
  readonly followed: string[] = []
  readonly #fixture: PasswordsFixture
  readonly #app: LocalBackendless
  readonly #users: string[] = []
  readonly #locked = new Set<string>()
  /** Every password that was ever in use, like a vault. */
  readonly #vault: Password[] = []
  readonly #deployed: Version[] = []
  /** The passwords of the last `up`. */
  #lastUp: Version | undefined
  /** The passwords that "can be retired", and the version under which the command said so. */
  #retirable: { readonly ids: readonly string[]; readonly version: string } | undefined
  /** More passwords than can be in use: the command has said to give one up, and who is on it is not known yet. */
  #isGivenUp = false
  #running: Promise<unknown>[] = []
  /** Ids of the passwords to which slow sign-ins move their users. */
  readonly #movingTo: string[] = []
  #onRequest: () => void = () => {}

  private constructor(fixture: PasswordsFixture) {
    this.#fixture = fixture
    this.#app = fixture.app
  }

  static async begin(tenant: TenantWithClock): Promise<Operator> {
    tenant.clock.aheadMs = 0
    let onRequest = () => {}
    const app = await startBackendless({
      multipleLogins: true,
      maxConcurrentLogins: 10_000,
      onRequest: ({ status }) => {
        if (status === 0) onRequest()
      },
    })
    const fixture = new PasswordsFixture(app, tenant)
    const operator = new Operator(fixture)
    onRequest = () => operator.#onRequest()
    // The command waits for this minute, after which no earlier execution runs.
    fixture.wait = async (ms) => {
      await operator.#settle()
      tenant.clock.aheadMs += ms
    }
    app.addUser(STRANGER)
    app.addUser({ email: 'social@example.com', password: '-', socialAccount: 'GOOGLE' })
    const first = operator.#newPassword()
    await fixture.create([first])
    operator.#note([first])
    return operator
  }

  async end(): Promise<void> {
    await this.#settle()
    await call(this.#fixture.auth0, 'DELETE', `/actions/actions/${this.#fixture.actionId}?force=true`)
    await this.#app.close()
    rmSync(this.#fixture.folder, { recursive: true, force: true })
  }

  async newUser(): Promise<void> {
    const email = `user${this.#users.length}@example.com`
    this.#users.push(email)
    await this.#letIn(email, true)
  }

  async signIn(user: number, atOnce: number): Promise<void> {
    const email = this.#userNumber(user)
    if (email) await Promise.all(Array.from({ length: atOnce }, () => this.#letIn(email)))
  }

  /** Begins a sign-in under the deployed version, which may end under another one. */
  slowSignIn(user: number, ms: number): void {
    const email = this.#userNumber(user)
    if (!email) return
    this.#app.faults.add({ route: 'PUT /users/*', nth: 1, fault: { kind: 'delay', ms } })
    const top = this.#live.passwords[0]?.id ?? ''
    this.#movingTo.push(top)
    const ended = () => this.#movingTo.splice(this.#movingTo.indexOf(top), 1)
    this.#running.push(this.#signIn(email).finally(ended))
  }

  lock(user: number): void {
    const email = this.#userNumber(user)
    if (!email) return
    const locked = !this.#locked.has(email)
    this.#app.setLocked(email, locked)
    if (locked) this.#locked.add(email)
    else this.#locked.delete(email)
  }

  /** The next of the five steps. */
  async forward(move: BulkMove): Promise<void> {
    await this.#settleRestored()
    const [current, ...older] = this.#fixture.passwords
    const newest = this.#newest(this.#fixture.passwords)
    if (current !== newest) {
      await this.#up([newest, ...this.#fixture.passwords.filter((each) => each !== newest)])
    } else if (older.length > 0) {
      const { ids = [], version } = this.#retirable ?? {}
      if (version === this.#live.id && ids.length > 0) await this.#retire(ids)
      else await this.bulkMove(move)
    } else if (this.#fixture.retired.length > 0) {
      this.#fixture.retired = []
    } else {
      await this.#up([current, this.#newPassword()])
    }
  }

  /** Puts the second password on top again. */
  async back(): Promise<void> {
    await this.#settleRestored()
    const [first, second, ...rest] = this.#fixture.passwords
    if (second) await this.#up([second, first, ...rest])
    else await this.redeploy()
  }

  async redeploy(): Promise<void> {
    await this.#settleRestored()
    await this.#up(this.#fixture.passwords)
  }

  /** As the runbook says: after a version was restored, the command is asked before anything else is deployed. */
  async #settleRestored(): Promise<void> {
    if (this.#isRestored) await this.#followAll()
  }

  get #isRestored(): boolean {
    return this.#live.passwords !== this.#lastUp?.passwords
  }

  /** Restores a version in the dashboard. */
  async restore(nth: number): Promise<void> {
    const safe = this.#deployed.filter((version) => this.#isSafe(version))
    await this.#restore(safe[nth % Math.max(safe.length, 1)])
  }

  /** As the runbook says: it knows every password that somebody is on or is moved to. */
  #isSafe({ passwords }: Version): boolean {
    const used = [
      ...this.#users.flatMap((email) => this.#passwordOf(email)?.id ?? []),
      ...this.#movingTo,
      this.#live.passwords[0]?.id ?? '',
    ]
    return used.every((id) => passwords.some((each) => each.id === id))
  }

  async bulkMove({ rate, concurrency, watchMs, pageSize, accidents }: BulkMove): Promise<void> {
    const fixture = this.#fixture
    fixture.watchMs = watchMs
    this.#app.settings.maxPageSize = pageSize
    const controller = new AbortController()
    let killed: { readonly state: string | undefined } | undefined
    let requests = 0
    let dashboard: Promise<unknown> = Promise.resolve()
    this.#onRequest = () => {
      requests += 1
      for (const { after, what, user } of accidents) {
        if (after !== requests) continue
        if (what === 'kill') {
          killed ??= { state: this.#stateFile() }
          controller.abort()
        } else {
          // One deployment after the other, as at Auth0.
          dashboard = dashboard.then(() => this.#accident(what, user))
          this.#running.push(dashboard)
        }
      }
    }
    const advice = await this.#run(
      ['--apply', '--rate', String(rate), '--concurrency', String(concurrency)],
      controller.signal,
    )
    this.#onRequest = () => {}
    await dashboard
    if (killed) this.#writeStateFile(killed.state)
    await this.#follow(advice)
    // Whatever happened meanwhile, the deployed version shows what to do.
    await this.#followAll()
  }

  /** Nobody is on a password that the deployed version does not know, and nobody else's row was touched. */
  check(): void {
    for (const email of this.#isGivenUp ? [] : this.#users) {
      const id = this.#passwordOf(email)?.id
      const known = this.#live.passwords.map((each) => each.id)
      assert.ok(
        id !== undefined && known.includes(id),
        `${email} is on ${id}, deployed is ${known.join(', ')}`,
      )
    }
    assert.ok(this.#app.passwordIs(STRANGER.email, STRANGER.password))
    assert.deepEqual(this.#app.sessionsOf(STRANGER.email), [])
  }

  async everybodyGetsIn(): Promise<void> {
    await this.#settle()
    this.#app.faults.clear()
    for (const email of this.#locked) this.#app.setLocked(email, false)
    this.#locked.clear()
    await this.#followAll()
    this.check()
    for (const email of this.#users) await this.#letIn(email)
  }

  /** Runs the command. Returns what it says to do. */
  async #run(args: readonly string[], signal: AbortSignal): Promise<string> {
    try {
      const { report } = await this.#fixture.run(args, { signal })
      if (report.applied) {
        const { canBeRetired: ids } = report
        this.#retirable = ids.length > 0 ? { ids, version: this.#live.id } : undefined
      }
      if (
        report.applied &&
        report.finished &&
        Object.keys({ ...report.retired, ...report.failed }).length === 0
      ) {
        this.#isGivenUp = false
      }
      if (Object.keys(report.retired).length > 0) return passwordsText(report)
      return report.applied ? (report.stopped?.reason ?? '') : ''
    } catch (error) {
      if (error instanceof Problem) return error.message
      throw error
    }
  }

  /** Looks, or moves users where a password was given up, until the command says no more what to do. */
  async #followAll(): Promise<void> {
    for (let looks = 0; looks < 6; looks += 1) {
      const args = this.#isGivenUp ? ['--apply', '--rate', '1000'] : []
      const advice = await this.#run(args, new AbortController().signal)
      if (advice === '') return
      await this.#follow(advice)
    }
  }

  async #follow(advice: string): Promise<void> {
    this.followed.push(advice)
    if (/Then run this command with `--apply`/.test(advice)) this.#isGivenUp = true
    const [, kept, givenUp] =
      advice.match(/begin with (.+) in this order(?:, set `retired: true` at (.+))?, and run/) ?? []
    if (kept !== undefined) return this.#use(kept.split(', '), givenUp?.split(', ') ?? [])
    const [, early] = advice.match(/on the retired password (\S+): put it back/) ?? []
    if (early !== undefined) {
      const [, instead = ''] = advice.match(/set `retired: true` at (.+), which nobody is on/) ?? []
      if (instead !== '') {
        const last = instead.split(' or ').at(-1) ?? ''
        const others = this.#fixture.passwords.map(({ id }) => id).filter((id) => id !== last)
        return this.#use([...others, early], [last])
      }
      return /Run this again until every other user/.test(advice) ? undefined : this.#putBack([early])
    }
    const [, ids] = advice.match(/put ([^`]+) back into/) ?? []
    if (ids !== undefined) {
      const list = ids.split(', ')
      const { ids: retirable = [], version } = this.#retirable ?? {}
      const said = version === this.#live.id && list.every((id) => retirable.includes(id))
      if (/If this command has said of this very version/.test(advice) && said)
        return this.#up(this.#fixture.passwords)
      return this.#putBack(list)
    }
    if (/deploy the last version again in the dashboard/.test(advice)) await this.#restore(this.#lastUp)
  }

  /** Configures these in this order, and the others as retired. */
  async #use(ids: readonly string[], retired: readonly string[]): Promise<void> {
    const of = (id: string) => this.#vault.filter((each) => each.id === id)
    this.#fixture.retired = [
      ...this.#fixture.retired.filter(({ id }) => !ids.includes(id)),
      ...retired.flatMap(of),
    ]
    await this.#up(ids.flatMap(of))
  }

  async #putBack(ids: readonly string[]): Promise<void> {
    const [current, ...older] = this.#fixture.passwords
    const back = this.#vault.filter(({ id }) => ids.includes(id))
    this.#fixture.retired = this.#fixture.retired.filter(({ id }) => !ids.includes(id))
    await this.#up([current, ...back, ...older])
  }

  async #retire(ids: readonly string[]): Promise<void> {
    const [current, ...older] = this.#fixture.passwords
    const retired = older.filter(({ id }) => ids.includes(id))
    this.#fixture.retired = [...this.#fixture.retired, ...retired]
    await this.#up([current, ...older.filter((each) => !retired.includes(each))])
  }

  /** `ci:deploy` asks Auth0 what is deployed, and refuses what would lock out its users. */
  async #up(passwords: readonly Password[]): Promise<void> {
    const [first, ...others] = passwords
    // The configuration is refused.
    assert.ok(passwords.length <= MAX_IN_USE)
    const planned = [
      ...passwords.map((each) => ({ ...each, retired: false })),
      ...this.#fixture.retired.map((each) => ({ ...each, retired: true })),
    ]
    if (!first || problemsOf(this.#live.passwords, planned).length > 0) return
    await this.#fixture.up(first, ...others)
    this.#note(passwords)
    this.#lastUp = this.#live
  }

  async #restore(version: Version | undefined): Promise<void> {
    if (!version) return
    await restoreVersion(this.#fixture.auth0, this.#fixture.actionId, version.id)
    this.#note(version.passwords)
  }

  async #accident(what: Exclude<Accident['what'], 'kill'>, user: number): Promise<void> {
    switch (what) {
      case 'signIn': {
        const email = this.#userNumber(user)
        if (email) await this.#signIn(email)
        return
      }
      case 'slowSignIn':
        return this.slowSignIn(user, 10 + user)
      case 'restore':
        return this.restore(user)
      case 'restoreAny':
        return this.#restore(this.#deployed[user % this.#deployed.length])
      case 'backAndForth': {
        const now = this.#live
        await this.restore(user)
        const email = this.#userNumber(user)
        if (email) await this.#signIn(email)
        if (this.#isSafe(now)) await this.#restore(now)
        return
      }
      case 'redeploy':
        return this.#isRestored ? undefined : this.#up(this.#fixture.passwords)
      case 'lock':
        return this.lock(user)
      default:
        return what satisfies never
    }
  }

  #note(passwords: readonly Password[]): void {
    this.#deployed.push({ id: this.#fixture.deployedVersion(), passwords })
    this.#lastUp ??= this.#live
  }

  get #live(): Version {
    const live = this.#deployed.at(-1)
    assert.ok(live)
    return live
  }

  #newest(passwords: readonly [Password, ...Password[]]): Password {
    return passwords.reduce((newest, each) => (Number(each.id) > Number(newest.id) ? each : newest))
  }

  #newPassword(): Password {
    const id = String(this.#vault.length + 1)
    const password = { id, perUser: true, value: new Secret(`made-up-value-of-password-${id}`) }
    this.#vault.push(password)
    return password
  }

  #passwordOf(email: string): Password | undefined {
    return this.#vault.find((password) => this.#fixture.isOn(email, password))
  }

  #userNumber(nth: number): string | undefined {
    return this.#users[nth % Math.max(this.#users.length, 1)]
  }

  async #settle(): Promise<void> {
    while (this.#running.length > 0) await Promise.all(this.#running.splice(0))
  }

  async #letIn(email: string, first = false): Promise<void> {
    const { claim, lines } = await this.#signIn(email, first)
    if (this.#locked.has(email)) return
    assert.equal(this.#app.ownerOf(String(claim))?.email, email, lines[0])
  }

  #signIn(email: string, first = false) {
    const { passwords } = this.#live
    const secrets = Object.fromEntries(passwords.map(({ id, value }) => [`PASSWORD_${id}`, value.reveal()]))
    const event = first ? firstSignIn({ email }) : { user: { email } }
    const settings = { passwords: passwords.map(({ id, perUser }) => ({ id, perUser })) }
    return signIn({ app: this.#app, settings, event, secrets })
  }

  #stateFile(): string | undefined {
    const { stateFile } = this.#fixture
    return existsSync(stateFile) ? readFileSync(stateFile, 'utf8') : undefined
  }

  #writeStateFile(content: string | undefined): void {
    const { stateFile } = this.#fixture
    if (content === undefined) rmSync(stateFile, { force: true })
    else writeFileSync(stateFile, content)
  }
}
