// The command as a process of its own, over a stack of the real engine.
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { type LocalBackendless, startBackendless } from '@backendless-login/local-backendless'
import { userPassword } from '../../actions/backendless-login/password.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { type Stack, succeeded } from '../engine/stack.ts'
import { useWorkspace } from '../engine/workspace.ts'
import { command } from './child.ts'

const STATE_FILE = '.backendless-login/passwords-dev.json'

describe('npm run passwords, over a stack of the real engine', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let app: LocalBackendless
  let stack: Stack

  before(async () => {
    app = await startBackendless()
    stack = await workspace().stack('dev', { appId: app.appId, serverUrl: app.url, passwords: [{ id: '1' }] })
    await stack.setSecret('apiKey', app.keys.rest)
    workspace().secrets.add(app.keys.rest)
    succeeded(await stack.up())
  })
  after(() => app?.close())

  const run = (args: readonly string[], onStart?: (child: ChildProcess) => void) =>
    command(['--stack', 'dev', ...args], workspace().folder, workspace().environment, onStart)

  /** Returns the user's password, as the deployed Action would send it. */
  function passwordOf(email: string, id: string): string {
    const value = new Secret(workspace().auth0.secretOf(stack.actionName, `PASSWORD_${id}`) ?? '')
    return userPassword({ id, perUser: true, value }, new Secret(app.appId), new Secret(email)).reveal()
  }

  const addUser = (email: string, id: string) => app.addUser({ email, password: passwordOf(email, id) })
  const changes = () => app.requests.filter(({ method }) => method === 'PUT').length

  it('moves a user from the password that the stack had to the one that it has', async () => {
    addUser('ada@example.com', '1')
    stack.configure({ passwords: [{ id: '2' }, { id: '1' }] })
    const early = await run(['--apply'])
    assert.equal(early.code, 1)
    assert.match(early.stderr, /Password 2 is configured but not deployed/)
    succeeded(await stack.up())

    const { code, stdout, stderr } = await run(['--apply', '--json'])
    assert.equal(code, 0, stderr)
    const report: Record<string, unknown> = JSON.parse(stdout)
    assert.deepEqual([report.moved, report.canBeRetired], [1, ['1']])
    assert.ok(app.passwordIs('ada@example.com', passwordOf('ada@example.com', '2')))
    const written = `${stdout}${stderr}${early.stderr}`
    for (const secret of [...workspace().secrets, 'ada@example.com']) assert.ok(!written.includes(secret))
  })

  it('refuses between a change of the order and its `up`', async () => {
    stack.configure({ passwords: [{ id: '1' }, { id: '2' }] })
    const { code, stderr } = await run(['--apply'])
    assert.equal(code, 1)
    assert.match(stderr, /passwords: deployed 2 \(per user\), 1 .*configured 1 \(per user\), 2 /)
    assert.ok(app.passwordIs('ada@example.com', passwordOf('ada@example.com', '2')))
    stack.configure({ passwords: [{ id: '2' }, { id: '1' }] })
  })

  it('moves everybody once, however often it is killed', async () => {
    const emails = Array.from({ length: 120 }, (_, index) => `user${index}@example.com`)
    for (const email of emails) addUser(email, '1')
    const before = changes()
    let remembered = 0
    for (const atChanges of [60, 100]) {
      const killed = await run(['--apply', '--rate', '100'], (child) => {
        const timer = setInterval(() => changes() - before >= atChanges && child.kill('SIGKILL'), 1)
        child.once('close', () => clearInterval(timer))
      })
      assert.equal(killed.code, null, killed.stderr)
      assert.ok(changes() - before < emails.length)
      const { moved, current }: Record<string, number> = JSON.parse(workspace().file(STATE_FILE))
      const done = Number(moved) + Number(current)
      assert.ok(done > remembered, `${done} users were remembered`)
      remembered = done
    }

    const { code, stdout, stderr } = await run(['--apply', '--rate', '1000', '--json'])
    assert.equal(code, 0, stderr)
    const { finished, moved, current, notOurs, skipped, failed, canBeRetired } = JSON.parse(stdout)
    // Ada is on the current password, and so are users whom a killed run moved without recording it.
    assert.deepEqual(
      [finished, moved + current, notOurs, skipped, failed],
      [true, emails.length + 1, 0, {}, {}],
    )
    assert.deepEqual(canBeRetired, ['1'])
    assert.equal(changes() - before, emails.length)
    assert.ok(emails.every((email) => app.passwordIs(email, passwordOf(email, '2'))))
  })

  it('says what is missing: the stack, or its passphrase', async () => {
    const { folder, environment } = workspace()
    const noStack = await command(['--stack', 'nope'], folder, environment)
    assert.equal(noStack.code, 1)
    assert.match(noStack.stderr, /There is no stack nope/)
    const { PULUMI_CONFIG_PASSPHRASE: _, ...without } = environment
    const locked = await command(['--stack', 'dev'], folder, without)
    assert.equal(locked.code, 1)
    assert.match(locked.stderr, /set PULUMI_CONFIG_PASSPHRASE/)
  })
})
