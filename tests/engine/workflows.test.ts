// The steps of the workflows, run as npm scripts with the tenant and the real engine.
import assert from 'node:assert/strict'
import { loginEvent } from '@backendless-login/local-auth0'
import { restoreVersion } from '../management.ts'
import { LocalGitHub } from '../operations/ci/local-github.ts'
import { type EndedPulumi, runCommand } from './engine.ts'
import { refused, type Stack, succeeded } from './stack.ts'
import { actionNamed, editInDashboard } from './tenant.ts'
import { useWorkspace } from './workspace.ts'

describe('npm run ci:…, over a stack', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let stack: Stack

  /** Runs `npm run ci:<command> -- --stack dev …`. */
  async function ci(
    command: string,
    args: readonly string[] = [],
    variables: NodeJS.ProcessEnv = {},
  ): Promise<EndedPulumi> {
    const { folder: cwd, environment, runs } = workspace()
    const run = await runCommand('operations/ci/main.ts', [command, '--stack', 'dev', ...args], {
      cwd,
      environment: { ...environment, ...variables },
      title: `ci:${command}`,
    })
    runs.push(run)
    return run
  }

  const writes = () => workspace().auth0.requests.filter(({ method }) => method !== 'GET')
  const known = () =>
    actionNamed(workspace().auth0, stack.actionName).deployed?.secrets.filter((name) =>
      /^PASSWORD/.test(name),
    )

  before(async () => {
    stack = await workspace().stack('dev')
  })

  it('deploys', async () => {
    const { output } = succeeded(await ci('deploy'))
    assert.match(output, /\+ 5 created/)
    assert.deepEqual(known(), ['PASSWORD_1'])
  })

  it('previews a changed setting, and changes nothing', async () => {
    const before = writes().length
    stack.configure({ onFailure: 'skip' })
    succeeded(await ci('preview', ['--comment', 'preview.md']))
    const comment = workspace().file('preview.md')
    assert.match(comment, /^### `dev`: 1 to update\n/)
    assert.match(comment, /-\s+"onFailure": "deny",\n.*\+\s+"onFailure": "skip",/)
    assert.equal(writes().length, before)
    succeeded(await ci('deploy'))
  })

  it('sees no drift, then an edit in the dashboard, then a tenant that it cannot read', async () => {
    const { auth0, environment } = workspace()
    succeeded(await ci('drift', ['--report', 'drift.md']))
    assert.match(workspace().file('drift.md'), /^### `dev`: as it was deployed\n/)

    const { id, code } = actionNamed(auth0, stack.actionName)
    const lines = code.split('\n')
    await editInDashboard(
      auth0,
      id,
      lines.toSpliced(lines.length - 300, 0, '// Only a quick fix.').join('\n'),
    )
    refused(await ci('drift', ['--report', 'drift.md']))
    const report = workspace().file('drift.md')
    assert.match(
      report,
      /^### `dev`: not as it was deployed\n\n- Action `backendless-login` differs in `code`\.\n[^`]*`-`[\s\S]*\n-\/\/ Only a quick fix\.\n/,
    )
    assert.ok(report.split('\n').length < 25, report)

    await editInDashboard(auth0, id, lines.map((line) => `${line} `).join('\n'))
    refused(await ci('drift', ['--report', 'drift.md']))
    assert.ok(workspace().file('drift.md').split('\n').length < 55)
    assert.match(workspace().file('drift.md'), /… and \d+ more lines: `npx pulumi preview --refresh --diff/)
    await editInDashboard(auth0, id, code)

    refused(await ci('drift', ['--report', 'drift.md'], { ...environment, AUTH0_API_TOKEN: 'expired' }))
    assert.match(workspace().file('drift.md'), /^### `dev`: could not be compared/)
  })

  it('reports a version that denies everybody, with the next step, until it is gone', async () => {
    const { auth0 } = workspace()
    const event = loginEvent({ client: { client_id: 'TheShopsClientId' }, user: { email_verified: false } })
    const { reason = '' } = await auth0.signIn(event)
    assert.match(reason, /^email_unverified: /)
    const { output } = refused(await ci('drift', ['--report', 'drift.md', '--fail-above', '5%']))
    for (const text of [output, workspace().file('drift.md')]) {
      assert.match(text, /email_unverified: 1 denied, 100\.0 %/)
      assert.match(
        text,
        /FAILED: 100\.0 % of the sign-ins failed because of an Action, and at most 5\.0 % are allowed/,
      )
    }
    succeeded(await ci('drift', ['--report', 'drift.md', '--fail-above', '100%']))
    refused(await ci('drift', ['--fail-above', 'much']))
  })

  it('publishes the preview and the drift', async () => {
    const hub = new LocalGitHub()
    const api = await hub.start()
    try {
      succeeded(await ci('comment', ['--file', 'preview.md', '--pull-request', '7'], api))
      succeeded(await ci('report', ['--file', 'drift.md'], api))
      assert.match(hub.comments[0]?.body ?? '', /"onFailure": "skip"/)
      assert.equal(hub.issues[0]?.state, 'open')
      succeeded(await ci('report', ['--resolved'], api))
      assert.equal(hub.issues[0]?.state, 'closed')
    } finally {
      await hub.close()
    }
  })

  for (const [flags, step, passwords] of [
    [[], '1', ['PASSWORD_1', 'PASSWORD_2']],
    [[], '2', ['PASSWORD_1', 'PASSWORD_2']],
    [['--moved'], '4', ['PASSWORD_2']],
    [[], '5', ['PASSWORD_2']],
  ] as const) {
    it(`proposes and deploys step ${step} of a rotation`, async () => {
      const { output } = succeeded(await ci('rotate', flags))
      assert.match(output, new RegExp(`\\(rotation, step ${step} of 5\\)`))
      succeeded(await ci('deploy'))
      assert.deepEqual(known()?.sort(), passwords)
    })
  }

  it('stops before the third step until the users are moved', async () => {
    for (const _ of [1, 2]) succeeded(await ci('rotate'))
    const before = workspace().file('Pulumi.dev.yaml')
    assert.match(
      succeeded(await ci('rotate')).output,
      /step 3 of 5[\s\S]*npm run passwords -- --stack dev --apply/,
    )
    assert.equal(workspace().file('Pulumi.dev.yaml'), before)
  })

  it('opens the pull request of a step, and leaves the file alone', async () => {
    const before = workspace().file('Pulumi.dev.yaml')
    const hub = new LocalGitHub({ 'Pulumi.dev.yaml': before })
    const api = await hub.start()
    try {
      const { output } = succeeded(await ci('rotate', ['--moved', '--open'], api))
      assert.match(output, /https:\/\/github\.example\/team\/shop\/pull\/1/)
      assert.match(hub.branches.get('rotate/dev-retire-2')?.get('Pulumi.dev.yaml') ?? '', /retired: true/)
      assert.equal(workspace().file('Pulumi.dev.yaml'), before)
    } finally {
      await hub.close()
    }
  })

  it('refuses to lose a password in use, whether Pulumi protects it or not', async () => {
    const before = writes().length
    stack.configure({ passwords: [{ id: '4' }] })
    for (const prepare of [async () => {}, async () => void succeeded(await stack.unprotect())]) {
      await prepare()
      const { output } = refused(await ci('preview', ['--comment', 'preview.md']))
      assert.match(output, /refused by Pulumi[\s\S]*2 is on top in what is deployed, .* put the entry back/)
    }
    assert.match(refused(await ci('deploy')).output, /^Nothing was changed: the preview fails/m)
    assert.equal(writes().length, before)
    assert.deepEqual(known(), ['PASSWORD_2'])
  })

  it('refuses to retire what is on top in a version that was restored in the dashboard', async () => {
    const { auth0 } = workspace()
    const { id, deployed } = actionNamed(auth0, stack.actionName)
    stack.configure({ passwords: [{ id: '3' }, { id: '2' }] })
    succeeded(await ci('deploy'))
    await restoreVersion(auth0, id, deployed?.id ?? '')
    const before = writes().length
    stack.configure({ passwords: [{ id: '3' }, { id: '2', retired: true }] })
    succeeded(await stack.preview())
    refused(await ci('preview', ['--comment', 'preview.md']))
    assert.match(
      workspace().file('preview.md'),
      /^### `dev`: refused: users could be locked out\n\n- .*older version may have been restored: 2 is on top in what is deployed/,
    )
    assert.match(
      refused(await ci('deploy')).output,
      /^Nothing was changed\.\n.*2 is on top in what is deployed/m,
    )
    assert.equal(writes().length, before)
    assert.deepEqual(known(), ['PASSWORD_2'])
  })

  it('refuses an update if Auth0 does not say which version is deployed', async () => {
    stack.configure({ passwords: [{ id: '3' }, { id: '2' }], budgetMs: 7000 })
    refused(await ci('preview', ['--comment', 'preview.md'], { AUTH0_API_TOKEN: 'expired' }))
    assert.match(workspace().file('preview.md'), /\n- Which version is deployed is not known: Auth0 refused/)
    succeeded(await ci('preview'))
    succeeded(await ci('deploy'))
    assert.deepEqual(known()?.sort(), ['PASSWORD_2', 'PASSWORD_3'])
  })

  it('refuses an older state, with which a password in use would get a new value', async () => {
    const state = async (command: 'export' | 'import', input = '') =>
      succeeded(await workspace().pulumi(['stack', command, '--stack', 'dev'], { input })).stdout
    const older = await state('export')
    stack.configure({ passwords: [{ id: '3' }, { id: '4' }, { id: '2' }] })
    succeeded(await ci('deploy'))
    const newest = await state('export')
    await state('import', older)
    const before = writes().length
    refused(await ci('preview', ['--comment', 'preview.md']))
    const refusal =
      /4 is in use in the deployed version, and would get a new value: .* Give it the value from the vault \(docs\/state\.md\)\./
    assert.match(workspace().file('preview.md'), refusal)
    assert.match(refused(await ci('deploy')).output, refusal)
    assert.equal(writes().length, before)
    await state('import', newest)
    assert.match(succeeded(await stack.preview()).output, /unchanged/)
  })

  it('puts warnings into the first lines of a preview', async () => {
    stack.configure({ appId: '33333333-3333-3333-3333-333333333333', unverified: 'accept' })
    succeeded(await ci('preview', ['--comment', 'preview.md']))
    const [, , ...lines] = workspace().file('preview.md').split('\n')
    const notes = lines.slice(0, lines.indexOf(''))
    assert.match(notes.join('\n'), /^- unverified is accept: .*\n- appId is another Backendless application/)
  })

  it('undoes an edit in the dashboard at the next deployment', async () => {
    const { auth0 } = workspace()
    stack.configure({ unverified: 'deny' })
    succeeded(await ci('deploy'))
    const { id, code } = actionNamed(auth0, stack.actionName)
    await editInDashboard(auth0, id, `${code}\n// Only a quick fix.\n`)
    succeeded(await ci('deploy'))
    assert.equal(actionNamed(auth0, stack.actionName).deployed?.code, code)
  })

  it('says in a sentence what is wrong with a command line', async () => {
    const { exitCode, output } = await ci('report')
    assert.deepEqual([exitCode, output.trim()], [2, 'Say either --file or --resolved.'])
  })

  it('shows a secret in no file and no output', () => {
    assert.deepEqual(workspace().leaks(), [])
    assert.ok(!workspace().runs.some(({ output }) => /^ +at /m.test(output)))
  })
})
