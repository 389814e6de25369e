// The package as another organisation uses it: `npm pack`, and the example with the packed file.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { loginEvent } from '@backendless-login/local-auth0'
import { type LocalBackendless, startBackendless } from '@backendless-login/local-backendless'
import { parse } from 'yaml'
import { userPassword } from '../../actions/backendless-login/password.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { bundleAction } from '../../provisioning/bundle.ts'
import { configSchema } from '../../provisioning/config-schema.ts'
import { SETTINGS } from '../settings.ts'
import { type EndedPulumi, PROJECT_ROOT, readPackage, runProcess, runPulumiCommand } from './engine.ts'
import { refused, succeeded } from './stack.ts'
import { actionNamed, bindOtherTeamsAction, boundIds } from './tenant.ts'
import { useWorkspace } from './workspace.ts'

const run = promisify(execFile)
const CLAIM = 'https://api.backendless.com/userToken'

const WRONG = `import { BackendlessLogin } from 'backendless-login'
const required = { appId: 'an-application', apiKey: 'an-api-key', clients: ['a'] }
// @ts-expect-error: no such choice
new BackendlessLogin('wrong', { ...required, onFailure: 'perhaps' })
`

/** The project of `pulumi new typescript`: CommonJS, which Pulumi runs through ts-node. */
const TS_NODE = {
  'Pulumi.yaml': JSON.stringify({
    name: 'commonjs',
    runtime: { name: 'nodejs', options: { packagemanager: 'npm' } },
  }),
  'package.json': JSON.stringify({
    name: 'commonjs',
    main: 'index.ts',
    devDependencies: { typescript: '^5' },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      outDir: 'bin',
      target: 'es2020',
      module: 'commonjs',
      moduleResolution: 'node',
      // TypeScript 6 needs these two; 5 does not.
      ignoreDeprecations: '6.0',
      types: ['node'],
    },
    files: ['index.ts'],
  }),
}

/** Two Backendless applications on one tenant, each for a client of its own. */
const TWO = `import * as pulumi from '@pulumi/pulumi'
import { BackendlessLogin } from 'backendless-login'

const config = new pulumi.Config()
for (const name of ['shop', 'partners']) {
  const { appId, serverUrl } = config.requireObject(name)
  new BackendlessLogin(name, {
    actionName: \`Backendless login (\${name})\`,
    // The diff of the code is shown even if the id is a secret.
    appId: pulumi.secret(appId),
    apiKey: config.requireSecret(\`\${name}Key\`),
    clients: [name],
    serverUrl,
  })
}
`

describe('the packed component, in another program', function () {
  this.timeout(180_000)
  const workspace = useWorkspace()
  let folder: string
  let shop: LocalBackendless
  let partners: LocalBackendless
  let otherId: string

  const pulumi = async (...parameters: string[]) => {
    const all = [...parameters, '--stack', 'dev']
    const done = await runPulumiCommand(all, { cwd: folder, environment: workspace().environment })
    workspace().runs.push(done)
    return done
  }

  /** Unpacks the package beside its dependencies, in the layout of npm. */
  async function install(): Promise<void> {
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
    const place = join(folder, 'node_modules/backendless-login')
    mkdirSync(place, { recursive: true })
    await run('tar', ['xzf', join(folder, tarball), '--strip-components=1', '-C', place])
    for (const name of Object.keys(readPackage().dependencies)) {
      mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true })
      symlinkSync(join(PROJECT_ROOT, 'node_modules', name), join(folder, 'node_modules', name))
    }
    const bin = join(place, readPackage().bin['backendless-login'])
    chmodSync(bin, 0o755)
    mkdirSync(join(folder, 'node_modules/.bin'))
    symlinkSync(bin, join(folder, 'node_modules/.bin/backendless-login'))
  }

  /** Runs a command of the package. */
  async function command(...parameters: string[]): Promise<EndedPulumi> {
    const { PATH, HOME, PULUMI_HOME, NODE_COMPILE_CACHE } = process.env
    const run = await runProcess('npx', ['--no', 'backendless-login', ...parameters, '--stack', 'dev'], {
      cwd: folder,
      environment: {
        ...{ HOME, PULUMI_HOME, NODE_COMPILE_CACHE, ...workspace().environment },
        // Its own Pulumi CLI and Node.
        PATH: [join(PROJECT_ROOT, 'node_modules/.bin'), PATH].join(delimiter),
      },
    })
    workspace().runs.push(run)
    return run
  }

  before(async () => {
    folder = join(workspace().folder, 'component')
    cpSync(join(PROJECT_ROOT, 'examples/component'), folder, { recursive: true })
    await run('npm', ['pack', '--pack-destination', folder], { cwd: PROJECT_ROOT })
    await install()
    const app = { multipleLogins: true, maxConcurrentLogins: 100 }
    ;[shop, partners] = await Promise.all([startBackendless(app), startBackendless(app)])
    for (const { keys } of [shop, partners]) workspace().secrets.add(keys.rest)
    otherId = await bindOtherTeamsAction(workspace().auth0)
  })
  after(() => Promise.all([shop?.close(), partners?.close()]))

  async function ownerFor(client: string, app: LocalBackendless): Promise<string | undefined> {
    const event = loginEvent({ client: { client_id: client }, user: { email: 'ada@example.com' } })
    const { idToken, logs } = await workspace().auth0.signIn(event)
    assert.ok(idToken[CLAIM], logs.map(({ text }) => text).join('\n'))
    const owner = app.ownerOf(String(idToken[CLAIM]))?.email
    return typeof owner === 'string' ? owner : undefined
  }

  it('has types, which report a mistake', async () => {
    writeFileSync(join(folder, 'wrong.ts'), WRONG)
    const { stdout } = await run(join(PROJECT_ROOT, 'node_modules/.bin/tsc'), ['-p', folder])
    assert.equal(stdout, '')
  })

  it('builds the same Action from inside node_modules', async () => {
    const source = `import { bundleAction } from 'backendless-login'
      process.stdout.write(bundleAction(${JSON.stringify(SETTINGS)}).code)`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', source], { cwd: folder })
    assert.equal(stdout, bundleAction(SETTINGS).code)
  })

  it('can be required by a CommonJS program', async () => {
    const source = `process.stdout.write(require('backendless-login').bundleAction(${JSON.stringify(SETTINGS)}).code)`
    const { stdout } = await run(process.execPath, ['--input-type=commonjs', '-e', source], { cwd: folder })
    assert.equal(stdout, bundleAction(SETTINGS).code)
  })

  it('contains the source of the Action, and no test or local service', () => {
    const place = join(folder, 'node_modules/backendless-login')
    assert.deepEqual(readdirSync(place).sort(), [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'actions',
      'dist',
      'package.json',
    ])
    assert.match(
      readFileSync(join(place, 'actions/backendless-login/index.ts'), 'utf8'),
      /onExecutePostLogin/,
    )
  })

  it('is used by the example in ten lines', async () => {
    const lines = readFileSync(join(folder, 'index.ts'), 'utf8').trim().split('\n')
    assert.ok(lines.filter((line) => !/^(import .*)?$/.test(line)).length <= 10)
    succeeded(await pulumi('stack', 'init'))
    const settings = ['config:', `  tenant:appId: ${shop.appId}`, '  tenant:clients: [shop]', '']
    appendFileSync(join(folder, 'Pulumi.dev.yaml'), settings.join('\n'))
    const set = ['config', 'set', '--secret', 'apiKey', shop.keys.rest]
    await pulumi(...set)
    workspace().runs.pop()
    const { output } = succeeded(await pulumi('preview'))
    assert.match(output, /BackendlessLogin +shop +create/)
  })

  it('is previewed by a CommonJS program of `pulumi new typescript`, types checked', async () => {
    const place = join(folder, 'commonjs')
    mkdirSync(place)
    for (const [name, text] of Object.entries(TS_NODE)) writeFileSync(join(place, name), text)
    cpSync(join(PROJECT_ROOT, 'examples/component/index.ts'), join(place, 'index.ts'))
    for (const name of ['typescript', '@types']) {
      symlinkSync(join(PROJECT_ROOT, 'node_modules', name), join(folder, 'node_modules', name))
    }
    const { stdout } = await run(join(PROJECT_ROOT, 'node_modules/.bin/tsc'), ['--noEmit', '-p', place])
    assert.equal(stdout, '')
    const inPlace = { cwd: place, environment: workspace().environment }
    const commands = [
      ['stack', 'init', 'commonjs'],
      ['config', 'set', 'appId', shop.appId],
      ['config', 'set', 'clients', 'shop, admin'],
      ['config', 'set', '--secret', 'apiKey', shop.keys.rest],
    ]
    for (const command of commands) succeeded(await runPulumiCommand(command, inPlace))
    const { output } = succeeded(await runPulumiCommand(['preview'], inPlace))
    assert.match(output, /BackendlessLogin +shop +create[\s\S]*5 to create/)
  })

  it('has an example that is a template, which asks for the values without a default', async () => {
    const place = join(folder, 'new')
    mkdirSync(place)
    const parameters = [
      'new',
      join(PROJECT_ROOT, 'examples/component'),
      '--generate-only',
      '--yes',
      '--name',
      'mine',
    ]
    succeeded(await runPulumiCommand(parameters, { cwd: place, environment: workspace().environment }))
    assert.match(readFileSync(join(place, 'Pulumi.yaml'), 'utf8'), /^name: mine$/m)
    const { template } = parse(readFileSync(join(folder, 'Pulumi.yaml'), 'utf8'))
    const { error } = configSchema.safeParse({})
    const required = error?.issues.map(({ path }) => path.join())
    assert.deepEqual(Object.keys(template.config), required)
  })

  it('works side by side with another one that is created in the same up', async () => {
    const { auth0 } = workspace()
    writeFileSync(join(folder, 'index.ts'), TWO)
    for (const [name, app] of Object.entries({ shop, partners })) {
      const value = JSON.stringify({ appId: app.appId, serverUrl: app.url })
      succeeded(await pulumi('config', 'set', '--plaintext', name, value))
      await pulumi('config', 'set', '--secret', `${name}Key`, app.keys.rest)
      workspace().runs.pop()
    }
    succeeded(await pulumi('up', '--yes', '--skip-preview'))
    const ids = ['shop', 'partners'].map((name) => actionNamed(auth0, `Backendless login (${name})`).id)
    assert.deepEqual(boundIds(auth0), [otherId, ...ids])
    assert.equal(await ownerFor('shop', shop), 'ada@example.com')
    assert.equal(await ownerFor('partners', partners), 'ada@example.com')
    assert.equal(shop.ownerOf('nobody'), undefined)
  })

  it('refuses to retire the password that is on top in what is deployed', async () => {
    const { requests } = workspace().auth0
    requests.length = 0
    const clients = 'clients: [name],'
    assert.ok(TWO.includes(clients))
    const retired = `${clients} passwords: [{ id: '2' }, { id: '1', retired: true }],`
    writeFileSync(join(folder, 'index.ts'), TWO.replace(clients, retired))
    for (const command of [['preview'], ['up', '--yes', '--skip-preview']]) {
      const { output } = refused(await pulumi(...command))
      assert.match(output, /1 is on top in what is deployed, so its users cannot have been moved/)
    }
    assert.ok(requests.every(({ method }) => method === 'GET'))
    writeFileSync(join(folder, 'index.ts'), TWO)
  })

  it('rotates with the commands of the package, which ask for the component by name', async () => {
    const entry = 'clients: [name],'
    const both = `${entry} passwords: [{ id: '2' }, { id: '1' }],`
    assert.ok(TWO.includes(entry))
    writeFileSync(join(folder, 'index.ts'), TWO.replace(entry, both))
    assert.match(succeeded(await command('ci:deploy')).output, /~ 2 updated/)
    const isOnTheNewOne = (name: string, app: LocalBackendless) => {
      const secret = workspace().auth0.secretOf(`Backendless login (${name})`, 'PASSWORD_2') ?? ''
      workspace().secrets.add(secret)
      const password = { id: '2', perUser: true, value: new Secret(secret) }
      const [appId, email] = [new Secret(app.appId), 'ada@example.com']
      return app.passwordIs(email, userPassword(password, appId, new Secret(email)).reveal())
    }

    const unnamed = refused(await command('passwords', '--apply'))
    assert.match(unnamed.output, /several Backendless logins: partners, shop\. Name one with --component/)
    const { stdout } = succeeded(await command('passwords', '--component', 'partners', '--apply', '--json'))
    const { moved, canBeRetired } = JSON.parse(stdout)
    assert.deepEqual([moved, canBeRetired], [1, ['1']])
    assert.deepEqual([isOnTheNewOne('partners', partners), isOnTheNewOne('shop', shop)], [true, false])

    const { output } = succeeded(await command('doctor', '--component', 'partners'))
    assert.match(output, /ok +code +The deployed code is the one/)
    assert.match(output, /ok +last +It is the last of the trigger/)
    const drift = succeeded(await command('ci:drift', '--fail-above', '5%', '--component', 'partners'))
    assert.match(drift.output, /`dev`: as it was deployed[\s\S]*sign-ins of the last 24 hours/)
  })

  it('leaves one at a time when both are removed', async () => {
    succeeded(await pulumi('destroy', '--yes', '--skip-preview', '--exclude-protected'))
    assert.deepEqual(boundIds(workspace().auth0), [otherId])
    assert.deepEqual(
      workspace()
        .auth0.actions()
        .map(({ id }) => id),
      [otherId],
    )
  })

  it('shows no secret', () => {
    assert.deepEqual(workspace().leaks(), [])
  })
})
