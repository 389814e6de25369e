// A dependency update changes the version of a provider in the state. That alone must not plan any change, and never a
// replacement: nobody could sign in with a replaced password.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { lossesIn, readPlan } from '../../operations/ci/plan.ts'
import { type EndedPulumi, readPackage, runPulumiCommand } from './engine.ts'
import { type Stack, succeeded } from './stack.ts'
import { useWorkspace } from './workspace.ts'

/** Older versions that a state may name, different from those of package.json. */
const OLDER = { auth0: '3.0.1', random: '4.0.1' } as const

describe('pulumi, a new version of a provider', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let stack: Stack
  let home: string

  /** Adds the installed plugins under older versions too, because the engine looks for those that the state names. */
  function linkPlugins(): void {
    const real = process.env.PULUMI_HOME ?? join(homedir(), '.pulumi')
    home = join(workspace().folder, 'pulumi-home')
    mkdirSync(home)
    if (existsSync(join(real, 'versions'))) symlinkSync(join(real, 'versions'), join(home, 'versions'))
    for (const [name, older] of Object.entries(OLDER)) {
      const current = readPackage().dependencies[`@pulumi/${name}`]
      const plugin = join(real, 'plugins', `resource-${name}-v${current}`)
      for (const version of [current, older]) {
        // Pulumi accepts only folders, not links.
        const folder = join(home, 'plugins', `resource-${name}-v${version}`)
        mkdirSync(folder, { recursive: true })
        for (const file of readdirSync(plugin)) symlinkSync(join(plugin, file), join(folder, file))
      }
    }
  }

  const pulumi = async (parameters: readonly string[], input = ''): Promise<EndedPulumi> =>
    runPulumiCommand([...parameters, '--stack', 'dev'], {
      cwd: workspace().folder,
      environment: { ...workspace().environment, PULUMI_HOME: home },
      input,
    })

  before(async () => {
    linkPlugins()
    stack = await workspace().stack('dev')
    succeeded(await stack.up())
    const { dependencies } = readPackage()
    let { stdout: state } = succeeded(await pulumi(['stack', 'export']))
    for (const [name, older] of Object.entries(OLDER)) {
      const current = String(dependencies[`@pulumi/${name}`])
      state = state
        .replaceAll(
          `providers:${name}::default_${current.replaceAll('.', '_')}`,
          `providers:${name}::default_${older.replaceAll('.', '_')}`,
        )
        .replaceAll(`"version": "${current}"`, `"version": "${older}"`)
    }
    for (const older of Object.values(OLDER)) assert.ok(state.includes(older.replaceAll('.', '_')))
    succeeded(await pulumi(['stack', 'import'], state))
  })

  it('plans no change, and no loss of a password', async () => {
    const { stdout } = succeeded(await pulumi(['preview', '--json', '--show-sames']))
    const plan = readPlan(stdout)
    assert.deepEqual(lossesIn(plan), [])
    const changed = plan.steps.filter(({ op, urn }) => op !== 'same' && !urn.includes('pulumi:providers:'))
    assert.deepEqual(changed, [])
    assert.ok(plan.steps.some(({ urn }) => urn.includes('RandomPassword')))
  })

  it('asks the tenant to change nothing', async () => {
    const { requests } = workspace().auth0
    requests.length = 0
    succeeded(await pulumi(['up', '--yes', '--skip-preview']))
    assert.ok(requests.every(({ method }) => method === 'GET'))
    const { stdout } = succeeded(await pulumi(['stack', 'export']))
    for (const older of Object.values(OLDER)) assert.ok(!stdout.includes(older.replaceAll('.', '_')))
  })
})
