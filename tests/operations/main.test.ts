// The command as people type it: its exit codes, and one run over a stack of the real engine.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { userPassword } from '../../actions/backendless-login/password.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { type LocalAuth0, startAuth0 } from '../../local/auth0/index.ts'
import { type LocalBackendless, startBackendless } from '../../local/backendless/index.ts'
import { engineProblem, PROJECT_ROOT, runPulumi } from '../engine/engine.ts'
import { PROJECT } from '../engine/workspace.ts'

const MAIN = join(PROJECT_ROOT, 'operations', 'passwords', 'main.ts')

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function command(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const { PATH, HOME, PULUMI_HOME } = process.env
    const env = { PATH, HOME, ...(PULUMI_HOME ? { PULUMI_HOME } : {}), ...environment }
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (text) => {
      stdout += text
    })
    child.stderr.on('data', (text) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

describe('npm run passwords, its command line', () => {
  for (const [args, sentence] of [
    [[], /--stack is missing/],
    [['--stack', 'a b'], /--stack is no name of a stack/],
    [['--stack', 'dev', '--rate', '0'], /--rate must be a number from 0.1 to 1000/],
    [['--stack', 'dev', '--concurrency', '1.5'], /--concurrency must be a whole number from 1 to 64/],
    [['--stack', 'dev', '--active-within', 'an hour'], /--active-within must be a time such as 90s/],
    [['--stack', 'dev', '--repair'], /--repair takes one identity, or --all/],
    [['--stack', 'dev', '--repair', 'ada', '--all'], /--repair takes one identity, or --all/],
    [['--stack', 'dev', '--repair', 'ada', '--apply'], /--apply does not go with --repair/],
    [['--stack', 'dev', '--all'], /--all goes with --repair/],
    [['--stack', 'dev', '--unknown'], /Unknown option '--unknown'/],
    [['production'], /Unexpected argument 'production'/],
  ] as const) {
    it(`refuses \`${args.join(' ')}\` with exit code 2 and a sentence`, async () => {
      const { code, stdout, stderr } = await command(args, PROJECT_ROOT)
      assert.equal(code, 2)
      assert.match(stderr, sentence)
      assert.doesNotMatch(stderr, / at /)
      assert.equal(stdout, '')
    })
  }
})

describe('npm run passwords, over a stack of the real engine', function () {
  this.timeout(120_000)
  let auth0: LocalAuth0
  let app: LocalBackendless
  let folder: string
  let environment: Record<string, string>

  const pulumi = async (parameters: readonly string[], input = '') => {
    const run = await runPulumi(parameters, { cwd: folder, environment, input })
    assert.equal(run.exitCode, 0, run.output)
    return run
  }

  before(async function () {
    const problem = await engineProblem()
    if (problem) {
      if (process.env.CI === 'true') throw new Error(`There is no Pulumi engine: ${problem}`)
      this.skip()
    }
    ;[auth0, app] = await Promise.all([startAuth0(), startBackendless()])
    folder = mkdtempSync(join(tmpdir(), 'passwords-stack-'))
    mkdirSync(join(folder, 'state'))
    for (const name of PROJECT) symlinkSync(join(PROJECT_ROOT, name), join(folder, name))
    environment = {
      ...auth0.environment,
      PULUMI_BACKEND_URL: `file://${join(folder, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: randomUUID(),
    }
    await pulumi(['stack', 'init', 'dev'])
    await pulumi(['config', 'set', '--secret', 'apiKey', '--stack', 'dev'], app.keys.rest)
  })
  after(async () => {
    await Promise.all([auth0?.close(), app?.close()])
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it('moves a user from the password that the stack had to the one that it has', async () => {
    configure([{ id: '1' }])
    await pulumi(['up', '--yes', '--skip-preview', '--stack', 'dev'])
    const value = auth0.secretOf('Backendless login', 'PASSWORD_1') ?? ''
    const password = userPassword(
      { id: '1', perUser: true, value: new Secret(value) },
      new Secret(app.appId),
      new Secret('ada@example.com'),
    ).reveal()
    app.addUser({ email: 'ada@example.com', password })

    configure([{ id: '2' }, { id: '1' }])
    const early = await command(['--stack', 'dev', '--apply'], folder, environment)
    assert.equal(early.code, 1)
    assert.match(early.stderr, /Password 2 is configured but not deployed/)
    await pulumi(['up', '--yes', '--skip-preview', '--stack', 'dev'])

    const { code, stdout, stderr } = await command(
      ['--stack', 'dev', '--apply', '--json'],
      folder,
      environment,
    )
    assert.equal(code, 0, stderr)
    const report: Record<string, unknown> = JSON.parse(stdout)
    assert.deepEqual([report.moved, report.canBeRetired], [1, ['1']])
    assert.ok(!app.passwordIs('ada@example.com', password))
    for (const secret of [value, app.keys.rest, 'ada@example.com', auth0.apiToken]) {
      assert.ok(!`${stdout}${stderr}${early.stderr}`.includes(secret))
    }
  })

  it('says what is missing: the stack, or its passphrase', async () => {
    const noStack = await command(['--stack', 'nope'], folder, environment)
    assert.equal(noStack.code, 1)
    assert.match(noStack.stderr, /There is no stack nope/)
    const { PULUMI_CONFIG_PASSPHRASE: _, ...without } = environment
    const locked = await command(['--stack', 'dev'], folder, without)
    assert.equal(locked.code, 1)
    assert.match(locked.stderr, /set PULUMI_CONFIG_PASSPHRASE/)
  })

  /** Writes the settings that are not secret, and keeps what is encrypted. */
  function configure(passwords: readonly object[]): void {
    const file = join(folder, 'Pulumi.dev.yaml')
    const kept = readFileSync(file, 'utf8')
    const settings = { appId: app.appId, serverUrl: app.url, clients: ['shop'], passwords }
    const lines = Object.entries(settings).map(
      ([key, value]) => `  backendless-login:${key}: ${JSON.stringify(value)}`,
    )
    const salt = kept.match(/^encryptionsalt: .*$/m)?.[0] ?? ''
    const apiKey = kept.match(/^ {2}backendless-login:apiKey:\n {4}secure: .*$/m)?.[0] ?? ''
    writeFileSync(file, [salt, 'config:', ...lines, apiKey, ''].join('\n'))
  }
})
