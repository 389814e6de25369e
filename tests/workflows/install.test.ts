// The installation commands of the workflows, with each npm that a GitHub runner may have. npm 10 ignores `allowScripts`.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { type EndedPulumi, PROJECT_ROOT, runProcess } from '../engine/engine.ts'
import { leaveOut } from '../leave-out.ts'

const VERSIONS = ['10', '11'] as const
const ROOT = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'))

const allowed: [string, unknown][] = Object.entries(ROOT.allowScripts)
const permitted = allowed.filter(([, allow]) => allow === true).map(([name]) => name)
const denied = allowed.filter(([, allow]) => allow !== true).map(([name]) => name)

/** The commands of a workflow that install. */
function installCommands(workflow: string): string[] {
  const text = readFileSync(join(PROJECT_ROOT, '.github/workflows', `${workflow}.yml`), 'utf8')
  return text.match(/(?<=run: )npm (?:ci|rebuild)\b.*/g) ?? []
}

describe('the installation in a workflow', function () {
  this.timeout(180_000)
  const folder = mkdtempSync(join(tmpdir(), 'backendless-login-npm-'))

  const npm = (version: string, command: string, cwd: string): Promise<EndedPulumi> => {
    const main = join(folder, 'node_modules', `npm-${version}`, 'bin', 'npm-cli.js')
    const parameters = command.replace(/^npm /, '').split(' ')
    return runProcess(process.execPath, [main, ...parameters], {
      cwd,
      environment: { ...process.env, RAN: join(cwd, 'ran') },
      longestMs: 120_000,
    })
  }

  before(async function () {
    const packages = VERSIONS.map((version) => `npm-${version}@npm:npm@${version}`)
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    const run = await runProcess('npm', ['install', '--no-audit', '--ignore-scripts', ...packages], {
      cwd: folder,
      environment: process.env,
      longestMs: 120_000,
    })
    if (run.exitCode === 0) return makeProject(join(folder, 'project'))
    leaveOut(this, `npm 10 and 11 cannot be downloaded: ${run.output.trim().split('\n').at(-1)}`)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  /**
   * Creates a project with the same `allowScripts`, a workspace with a dependency of its own, and packages whose install scripts
   * write their names to `ran`.
   */
  async function makeProject(cwd: string): Promise<void> {
    const names = [...permitted, ...denied, 'test-service']
    for (const name of ['ran', 'packages/service', ...names]) mkdirSync(join(cwd, name), { recursive: true })
    const write = (path: string, content: object) => writeFileSync(join(cwd, path), JSON.stringify(content))
    const script = `node -e "require('fs').writeFileSync(process.env.RAN + '/' + process.env.npm_package_name, '')"`
    for (const name of names) {
      write(`${name}/package.json`, { name, version: '1.0.0', scripts: { postinstall: script } })
    }
    write('packages/service/package.json', {
      name: 'service',
      version: '1.0.0',
      dependencies: { 'test-service': 'file:../../test-service-1.0.0.tgz' },
    })
    const { allowScripts, workspaces } = ROOT
    const local = [...permitted, ...denied].map((name) => [name, `file:${name}-1.0.0.tgz`])
    write('package.json', {
      private: true,
      workspaces,
      allowScripts,
      dependencies: Object.fromEntries(local),
    })
    cpSync(join(PROJECT_ROOT, '.npmrc'), join(cwd, '.npmrc'))
    for (const command of [
      `npm pack ${names.map((name) => `./${name}`).join(' ')}`,
      'npm install --package-lock-only --offline --no-audit',
    ]) {
      const run = await npm('10', command, cwd)
      assert.equal(run.exitCode, 0, run.output)
    }
  }

  /** Returns a copy of the project without installed packages. */
  function project(): string {
    const cwd = mkdtempSync(join(folder, 'copy-'))
    cpSync(join(folder, 'project'), cwd, { recursive: true })
    return cwd
  }

  const scriptsRun = (cwd: string) => readdirSync(join(cwd, 'ran')).sort()
  const isInstalled = (cwd: string, name: string) => readdirSync(join(cwd, 'node_modules')).includes(name)

  it('lists every install script as allowed or denied', () => {
    const { packages } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package-lock.json'), 'utf8'))
    const withScripts = Object.entries(packages)
      .filter(([, entry]) => Reflect.get(Object(entry), 'hasInstallScript') === true)
      .map(([path]) => path.split('node_modules/').at(-1) ?? '')
    assert.deepEqual([...new Set(withScripts)].sort(), allowed.map(([name]) => name).sort())
  })

  it('is the same in both workflows that have a token', () => {
    assert.deepEqual(installCommands('rotate'), installCommands('environment'))
  })

  for (const version of VERSIONS) {
    for (const [workflow, services] of [
      ['check', true],
      ['environment', false],
    ] as const) {
      it(`runs no denied script, ${services ? 'with' : 'without'} the services for tests: ${workflow}, npm ${version}`, async () => {
        const cwd = project()
        const commands = installCommands(workflow)
        assert.equal(commands.length, 2)
        for (const command of commands) {
          const run = await npm(version, command, cwd)
          assert.equal(run.exitCode, 0, run.output)
        }
        assert.deepEqual(scriptsRun(cwd), [...permitted].sort())
        for (const name of [...permitted, ...denied]) assert.ok(isInstalled(cwd, name), name)
        assert.equal(isInstalled(cwd, 'test-service'), services)
      })
    }

    it(`audits what is deployed, not what the services for tests need: npm ${version}`, async () => {
      const asked: string[] = []
      const registry = Fastify()
      registry.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
      registry.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
        done(null, body),
      )
      registry.post('/-/npm/v1/security/advisories/bulk', async ({ body }) => {
        if (Buffer.isBuffer(body)) asked.push(...Object.keys(JSON.parse(gunzipSync(body).toString())))
        return {}
      })
      try {
        const url = await registry.listen({ host: '127.0.0.1', port: 0 })
        const check = readFileSync(join(PROJECT_ROOT, '.github/workflows/check.yml'), 'utf8')
        const command = check.match(/npm audit .*/)?.[0] ?? ''
        const run = await npm(version, `${command} --registry=${url}`, PROJECT_ROOT)
        assert.equal(run.exitCode, 0, run.output)
        for (const name of ['axios', '@pulumi/pulumi']) assert.ok(asked.includes(name), name)
        for (const name of ['oidc-provider', 'mocha']) assert.ok(!asked.includes(name), name)
      } finally {
        await registry.close()
      }
    })
  }

  it('would run denied scripts with npm 10 and a plain `npm ci`', async () => {
    const cwd = project()
    await npm('10', 'npm ci', cwd)
    for (const name of denied) assert.ok(scriptsRun(cwd).includes(name), name)
  })
})
