// auth0-deploy-cli, Auth0's own tool for configuration as files, run as its command on the local tenant.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse, stringify } from 'yaml'
import { type LocalAuth0, loginEvent, startAuth0 } from '../src/index.ts'
import { handler, run } from './deploy.ts'

const COMMAND = fileURLToPath(import.meta.resolve('auth0-deploy-cli'))
const SCHEMAS = fileURLToPath(import.meta.resolve('./deploy-cli-schemas.ts'))
const SECRET = 'the value of a secret'

describe('local Auth0: auth0-deploy-cli with actions and triggers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-auth0-deploy-cli-'))
  const tenantFile = join(folder, 'tenant.yaml')
  let source: LocalAuth0
  let target: LocalAuth0
  before(async () => {
    ;[source, target] = await Promise.all([startAuth0({ buildMs: 4 }), startAuth0({ buildMs: 4 })])
    await run(
      source,
      {
        name: 'First',
        code: handler("console.log('first', event.secrets.KEY.length)"),
        dependencies: [{ name: 'axios', version: '1.21.1' }],
        secrets: [{ name: 'KEY', value: SECRET }],
      },
      { name: 'Second', code: handler("console.log('second')") },
    )
  })
  after(async () => {
    await Promise.all([source.close(), target.close()])
    rmSync(folder, { recursive: true, force: true })
  })

  it('exports both, with the names of the secrets and without their values', async () => {
    await a0deploy(source, 'export', '--format', 'yaml', '--output_folder', folder)
    const { actions, triggers, ...others } = parse(readFileSync(tenantFile, 'utf8'))
    assert.deepEqual(others, {})
    const [first, second] = actions
    assert.deepEqual([first.name, first.deployed, first.secrets], ['First', true, [{ name: 'KEY' }]])
    assert.deepEqual([second.name, second.deployed], ['Second', true])
    assert.equal(readFileSync(join(folder, first.code), 'utf8'), source.actions()[0]?.code)
    assert.deepEqual(triggers, {
      'post-login': [
        { action_name: 'First', display_name: 'Bound' },
        { action_name: 'Second', display_name: 'Bound' },
      ],
    })
  })

  it('imports them into an empty tenant, which then signs in as the first one does', async () => {
    const exported = parse(readFileSync(tenantFile, 'utf8'))
    // The operator supplies the values of secrets: the tool inserts them in place of keywords.
    exported.actions[0].secrets = [{ name: 'KEY', value: '##KEY##' }]
    writeFileSync(tenantFile, stringify(exported))
    await a0deploy(target, 'import', '--input_file', tenantFile)
    assert.deepEqual(held(target), held(source))
    assert.equal(target.secretOf('First', 'KEY'), SECRET)
    const [here, there] = [await target.signIn(loginEvent()), await source.signIn(loginEvent())]
    assert.deepEqual([here.outcome, here.logs], ['continue', there.logs])
  })

  it('imports them once more, which changes nothing but the number of the version', async () => {
    const before = held(target)
    const ids = target.actions().map(({ id }) => id)
    await a0deploy(target, 'import', '--input_file', tenantFile)
    assert.deepEqual(held(target), before)
    const [first, second] = target.actions()
    assert.deepEqual([first?.id, second?.id], ids)
    assert.deepEqual([first?.deployed?.number, second?.deployed?.number], [2, 2])
    assert.equal(target.secretOf('First', 'KEY'), SECRET)
    const created = target.requests.filter(({ path }) => path === '/actions/actions')
    assert.ok(created.every(({ method }) => method === 'GET'))
    assert.deepEqual(
      target.requests.filter(({ status }) => status >= 400),
      [],
    )
  })

  /** Runs the command, and asserts that it succeeds and that its output contains no secret. */
  async function a0deploy(auth0: LocalAuth0, ...parameters: string[]): Promise<void> {
    const config = join(folder, 'config.json')
    const settings = {
      AUTH0_DOMAIN: auth0.domain,
      AUTH0_CLIENT_ID: auth0.client.id,
      AUTH0_CLIENT_SECRET: auth0.client.secret,
      AUTH0_INCLUDED_ONLY: ['actions', 'triggers'],
      AUTH0_KEYWORD_REPLACE_MAPPINGS: { KEY: SECRET },
    }
    writeFileSync(config, JSON.stringify(settings), { mode: 0o600 })
    auth0.requests.length = 0
    const { NODE_COMPILE_CACHE = '' } = process.env
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', SCHEMAS, COMMAND, ...parameters, '--config_file', config],
      {
        cwd: folder,
        timeout: 50_000,
        env: { NODE_EXTRA_CA_CERTS: auth0.certificateFile, NODE_COMPILE_CACHE },
      },
    )
    for (const secret of [SECRET, auth0.client.secret]) assert.ok(!`${stdout}${stderr}`.includes(secret))
  }
})

/** Returns the Actions and bindings of a tenant, without ids and version numbers. */
function held(auth0: LocalAuth0) {
  const actions = auth0.actions()
  const nameOf = (actionId: string) => actions.find(({ id }) => id === actionId)?.name
  return {
    actions: actions.map(({ id: _, deployed, ...action }) => ({
      ...action,
      deployed: { code: deployed?.code, secrets: deployed?.secrets },
    })),
    bindings: auth0.bindings().map(({ actionId, displayName }) => [nameOf(actionId), displayName]),
  }
}
