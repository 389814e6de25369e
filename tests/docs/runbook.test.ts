// Follows docs/runbook.md from its first block to its last.
import assert from 'node:assert/strict'
import { loginEvent } from '@backendless-login/local-auth0'
import { actionNamed, bindOnly, bindOtherTeamsAction, boundIds } from '../engine/tenant.ts'
import { until } from '../management.ts'
import { commandsOf } from './documents.ts'
import { type Typing, useReader } from './reader.ts'

const CLAIM = 'https://api.backendless.com/userToken'
const ACTION = 'Backendless login (dev)'
const UP = 'pulumi up --skip-preview --stack dev'
const [ADA, GRACE] = ['ada@example.com', 'grace@example.com']

interface Block {
  readonly title: string
  /** A part of the block, by which it is found in the document. */
  readonly has: string
  /** Causes the problem, and returns what the reader types in. */
  readonly trouble?: () => Promise<Typing>
  readonly seen: (output: string) => unknown
}

describe('docs/runbook.md', function () {
  this.timeout(180_000)
  const reader = useReader()
  const auth0 = () => reader().workspace.auth0
  const action = () => actionNamed(auth0(), ACTION)
  const known = () =>
    action()
      .deployed?.secrets.filter((name) => name.startsWith('PASSWORD_'))
      .sort()
  let otherTeams: string
  let version: { readonly id: string; readonly code: string }

  const signIn = (email: string) => auth0().signIn(loginEvent({ user: { email } }))

  async function getsIn(email: string): Promise<void> {
    const { idToken, logs } = await signIn(email)
    assert.equal(reader().backendless.ownerOf(String(idToken[CLAIM]))?.email, email, logs[0]?.text)
  }

  async function whileDown(email: string): Promise<string> {
    reader().backendless.faults.add({ route: '*', fault: { kind: 'answer', status: 503 } })
    const { outcome } = await signIn(email)
    reader().backendless.faults.clear()
    await auth0().restartHosts()
    return outcome
  }

  const set = (key: string, value: string) =>
    reader().type(`${UP} --config backendless-login:${key}=${value}`)

  const deployed = () => {
    const { id = '', code = '' } = action().deployed ?? {}
    return { id, code }
  }

  before(async () => {
    const { appId, keys, url } = reader().backendless
    otherTeams = await bindOtherTeamsAction(auth0())
    await reader().type(
      `pulumi stack init --no-select dev
      pulumi config set-all --stack dev --path --plaintext appId=${appId} --plaintext serverUrl=${url} \\
        --plaintext onFailure=deny --plaintext 'clients[0]=*'
      pulumi config set --secret apiKey --stack dev
      ${UP}`,
      { input: keys.rest },
    )
    await getsIn(ADA)
  })

  const BLOCKS: readonly Block[] = [
    {
      title: 'says whether the tenant is as it was deployed, and when that was',
      has: 'ci:drift',
      seen: (output) => assert.match(output, /as it was deployed[\s\S]*UpdateKind: update/),
    },
    {
      title: 'unbinds the Action, and leaves everything else',
      has: 'destroy',
      seen: (output) => {
        assert.match(output, /- 1 deleted\n +4 unchanged/)
        assert.deepEqual(boundIds(auth0()), [otherTeams])
        assert.deepEqual(known(), ['PASSWORD_1'])
      },
    },
    {
      title: 'binds it again, at the end, also after it was unbound in the dashboard',
      has: 'up --refresh',
      trouble: async () => {
        await reader().type(UP)
        assert.equal(boundIds(auth0()).length, 2)
        await bindOnly(auth0(), otherTeams)
        await reader().type(UP)
        assert.deepEqual(boundIds(auth0()), [otherTeams])
        return {}
      },
      seen: () => assert.deepEqual(boundIds(auth0()), [otherTeams, action().id]),
    },
    {
      title: 'says whether Backendless answers',
      has: 'curl',
      seen: (output) => assert.match(output, /^[1-5]\d\d after [\d.]+ s$/m),
    },
    {
      title: 'lets people in while Backendless is down',
      has: 'onFailure skip',
      trouble: async () => {
        assert.equal(await whileDown(ADA), 'denied')
        return {}
      },
      seen: async () => assert.equal(await whileDown(ADA), 'continue'),
    },
    {
      title: 'refuses again afterwards',
      has: 'onFailure deny',
      seen: async () => {
        assert.equal(await whileDown(ADA), 'denied')
        await getsIn(ADA)
      },
    },
    {
      title: 'changes the key',
      has: 'apiKey',
      trouble: async () => ({ input: reader().backendless.keys.js }),
      seen: async () => {
        assert.equal(auth0().secretOf(ACTION, 'BACKENDLESS_API_KEY'), reader().backendless.keys.js)
        await getsIn(ADA)
      },
    },
    {
      title: 'changes the passphrase',
      has: 'change-secrets-provider',
      trouble: async () => ({ input: 'another passphrase\nanother passphrase\n' }),
      seen: async () => {
        await assert.rejects(reader().type('pulumi preview --stack dev'), /incorrect passphrase/)
        reader().export('PULUMI_CONFIG_PASSPHRASE', 'another passphrase')
        await reader().type('pulumi preview --stack dev --expect-no-changes')
      },
    },
    {
      title: 'takes a new password into use at once',
      has: 'ci:rotate',
      trouble: async () => {
        await getsIn('lin@example.com')
        return {}
      },
      seen: async () => {
        assert.deepEqual(known(), ['PASSWORD_1', 'PASSWORD_2'])
        const { logs } = await signIn(ADA)
        assert.match(logs[0]?.text ?? '', /code=moved/)
      },
    },
    {
      title: 'moves who does not sign in',
      has: '--apply',
      seen: (output) => assert.match(output, /Can be retired: 1/),
    },
    {
      title: 'forgets the password that leaked, and locks nobody out',
      has: '--moved',
      seen: async () => {
        assert.deepEqual(known(), ['PASSWORD_2'])
        for (const email of [ADA, 'lin@example.com']) await getsIn(email)
      },
    },
    {
      title: 'takes a deployment back by reverting its commit',
      has: 'git revert',
      trouble: async () => {
        await reader().commit()
        version = deployed()
        await set('unverified', 'skip')
        assert.notEqual(deployed().code, version.code)
        return { replace: { '<commit>': await reader().commit() } }
      },
      seen: async () => {
        assert.equal(deployed().code, version.code)
        await getsIn(ADA)
      },
    },
    {
      title: 'lists the versions of the Action',
      has: '.versions',
      trouble: async () => {
        version = deployed()
        await set('unverified', 'skip')
        return {}
      },
      seen: (output) => assert.match(output, new RegExp(`^\\d+ ${version.id} \\d{4}-`, 'm')),
    },
    {
      title: 'deploys an older version again',
      has: '/deploy',
      trouble: async () => {
        assert.notEqual(deployed().code, version.code)
        return { replace: { '<version id>': version.id } }
      },
      seen: async () => {
        await until(() => deployed().code === version.code)
        await getsIn(ADA)
        const drift = await reader().type('npm run ci:drift -- --stack dev')
        assert.match(drift, /as it was deployed/)
      },
    },
    {
      title: 'gives an account back to its user',
      has: '--repair',
      trouble: async () => {
        await set('unverified', 'deny')
        reader().backendless.addUser({ email: GRACE, password: 'of somebody else' })
        const { reason } = await signIn(GRACE)
        assert.match(reason ?? '', /^password_mismatch/)
        const environment = { BACKENDLESS_CODERUNNER_KEY: reader().backendless.keys.codeRunner }
        return { input: 'yes\n', environment }
      },
      seen: async (output) => {
        assert.match(output, /Done: the current password is set/)
        await getsIn(GRACE)
      },
    },
  ]

  it('has these blocks, in this order', () => {
    const commands = commandsOf('docs/runbook.md')
    assert.equal(commands.length, BLOCKS.length)
    for (const [at, { has }] of BLOCKS.entries()) assert.ok(commands[at]?.includes(has), `${at}: ${has}`)
  })

  for (const [at, { title, trouble, seen }] of BLOCKS.entries()) {
    it(title, async () => {
      const block = commandsOf('docs/runbook.md')[at] ?? ''
      const typing = await trouble?.()
      await seen(await reader().type(block, typing))
    })
  }

  it('shows a secret in no file and no output', () => {
    assert.deepEqual(reader().workspace.leaks(), [])
  })
})
