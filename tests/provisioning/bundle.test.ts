import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RunError } from '@pulumi/pulumi'
import manifest from '../../package.json' with { type: 'json' }
import { buildAction } from '../../provisioning/action-build.ts'
import { bundleAction } from '../../provisioning/bundle.ts'
import { SETTINGS } from '../settings.ts'

describe('bundleAction', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  })
  after(() => rm(folder, { recursive: true }))

  async function bundling(source: string): Promise<() => unknown> {
    const entry = join(folder, 'entry.ts')
    await writeFile(entry, source)
    const build = await buildAction(entry)
    return () => bundleAction(SETTINGS, build)
  }

  it('begins with its name and version, then the settings, one per line', () => {
    const [first, second, ...rest] = bundleAction(SETTINGS).code.split('\n')
    assert.equal(
      first,
      `// Backendless login for Auth0 ${manifest.version}. Deployed by Pulumi: an edit here is lost at the next \`pulumi up\` that updates the Action, or that has --refresh.`,
    )
    assert.equal(second, 'const SETTINGS = {')
    assert.ok(rest.includes('  "onFailure": "deny",'))
  })

  it('gives the same bytes wherever it runs', () => {
    const before = process.cwd()
    const here = bundleAction(SETTINGS).code
    process.chdir(tmpdir())
    try {
      assert.equal(bundleAction(SETTINGS).code, here)
    } finally {
      process.chdir(before)
    }
    assert.ok(!here.includes(before))
  })

  it('changes one line when one setting changes', () => {
    const before = bundleAction(SETTINGS).code.split('\n')
    const after = bundleAction({ ...SETTINGS, onFailure: 'skip' }).code.split('\n')
    assert.deepEqual(
      after.filter((line, index) => line !== before[index]),
      ['  "onFailure": "skip",'],
    )
  })

  it('declares axios in exactly the version of package.json, and leaves it outside', () => {
    const { code, dependencies } = bundleAction(SETTINGS)
    assert.deepEqual(dependencies, [{ name: 'axios', version: manifest.dependencies.axios }])
    assert.match(code, /require\("axios"\)/)
    assert.ok(Buffer.byteLength(code) < 60_000)
  })

  it('refuses code over the limit', async () => {
    const bundle = await bundling(
      `export async function onExecutePostLogin() { return '${'x'.repeat(100_000)}' }`,
    )
    assert.throws(bundle, /has \d+ bytes, and Auth0 takes 100000/)
  })

  for (const [what, source] of [
    ['an ordinary function', 'export function onExecutePostLogin() { return Promise.resolve() }'],
    ['a missing function', 'export async function onExecutePostLogon() {}'],
    [
      'a wrapped function',
      'const wrap = (f) => () => f()\nexport const onExecutePostLogin = wrap(async () => {})',
    ],
  ] as const) {
    it(`refuses ${what} as the handler`, async () => {
      assert.throws(await bundling(source), /exports no native async function onExecutePostLogin/)
    })
  }

  it('refuses code that does not parse, with its line and what to do', () => {
    const code = 'exports.onExecutePostLogin = async () => {\n  const broken = ;\n}'
    assert.throws(
      () => bundleAction(SETTINGS, { code, imports: [] }),
      (error: unknown) =>
        RunError.isInstance(error) &&
        /does not parse.*Unexpected token ';' \(action\.js:\d+\)\. Correct the source in actions\//.test(
          error.message,
        ),
    )
  })

  it('refuses a module that would not be there', async () => {
    const bundle = await bundling(
      'try { require("left-pad") } catch {}\nexport async function onExecutePostLogin() {}',
    )
    assert.throws(bundle, /imports left-pad, which would not be there in Auth0/)
  })

  it('refuses an import that cannot be found, naming it', async () => {
    const bundle = bundling('import "left-pad"\nexport async function onExecutePostLogin() {}')
    await assert.rejects(bundle, /left-pad/)
  })
})
