// Runs the README's commands in a throw-away copy of the project, in the order of a new user.
import assert from 'node:assert/strict'
import { loginEvent } from '@backendless-login/local-auth0'
import { actionNamed, boundIds } from '../engine/tenant.ts'
import { commandsOf } from './documents.ts'
import { type Typing, useReader } from './reader.ts'

const ACTION = 'Backendless login (dev)'
const CLIENT = 'TheShopsClientId'
const CLAIM = 'https://api.backendless.com/userToken'
const PASSWORD = /[A-Za-z0-9]{64}/

interface Block {
  readonly title: string
  readonly typed?: () => Promise<Typing>
  readonly seen: (output: string) => unknown
}

/** The blocks that are not run here, and why. */
const NOT_TYPED: Readonly<Record<string, string>> = {
  'npm ci && npm run demo': 'it serves its page until Ctrl-C; tests/demo and tests/browser start it',
  'npm run local': 'it serves until Ctrl-C; tests/demo starts it',
  'npm ci && npm test': 'it is what runs this',
}

describe('README.md', function () {
  this.timeout(180_000)
  const reader = useReader()
  const auth0 = () => reader().workspace.auth0

  const BLOCKS: Readonly<Record<string, Block>> = {
    'npm run demo -- --check': {
      title: 'shows the demo as a table',
      seen: (output) => assert.match(output, /All \d+ sign-ins went as they must/),
    },
    'npx pulumi stack init dev': {
      title: 'makes a stack of the sample',
      typed: async () => ({
        input: reader().backendless.keys.rest,
        replace: {
          '<application id>': reader().backendless.appId,
          '<client id of your application>': CLIENT,
        },
      }),
      seen: () => {
        const file = reader().workspace.file('Pulumi.dev.yaml')
        for (const value of [reader().backendless.appId, CLIENT]) assert.ok(file.includes(value), file)
        assert.doesNotMatch(file, /00000000|YourApplicationsClientId/)
        assert.match(file, /apiKey:\n +secure: /)
      },
    },
    'npx pulumi preview --diff': {
      title: 'deploys, and users get a token',
      typed: async () => {
        await reader().type(`npx pulumi config set serverUrl ${reader().backendless.url}`)
        return {}
      },
      seen: async (output) => {
        assert.match(output, /\+ 5 to create[\s\S]*\+ 5 created/)
        assert.deepEqual(boundIds(auth0()), [actionNamed(auth0(), ACTION).id])
        const event = loginEvent({ user: { email: 'ada@example.com' }, client: { client_id: CLIENT } })
        const { idToken, logs } = await auth0().signIn(event)
        const owner = reader().backendless.ownerOf(String(idToken[CLAIM]))
        assert.equal(owner?.email, 'ada@example.com', logs[0]?.text)
      },
    },
    'npx pulumi stack output passwords --show-secrets': {
      title: 'shows the password that belongs in a vault',
      seen: (output) => {
        assert.equal(output.match(PASSWORD)?.[0], auth0().secretOf(ACTION, 'PASSWORD_1'))
      },
    },
    'npx pulumi destroy --exclude-protected': {
      title: 'takes the sign-in away and keeps the password',
      seen: async () => {
        assert.deepEqual([auth0().actions(), auth0().bindings()], [[], []])
        const state = await reader().type('npx pulumi stack export')
        assert.match(state, /RandomPassword::backendless-login-password-1"/)
        assert.doesNotMatch(state, /auth0:index\/action:Action"/)
      },
    },
  }

  const commands = commandsOf('README.md')
  const firstLine = (block: string) => block.split('\n')[0]?.trim() ?? ''

  it('has no command that is neither typed here nor left out for a reason', () => {
    assert.deepEqual(
      commands.map(firstLine).toSorted(),
      [...Object.keys(BLOCKS), ...Object.keys(NOT_TYPED)].toSorted(),
    )
  })

  for (const command of commands) {
    const block = BLOCKS[firstLine(command)]
    if (!block) continue
    it(block.title, async () => {
      await block.seen(await reader().type(command, await block.typed?.()))
    })
  }

  it('shows a secret in no file and no output', () => {
    assert.deepEqual(reader().workspace.leaks(), [])
  })
})
