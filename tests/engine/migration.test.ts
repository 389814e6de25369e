// The migration from the rule, with the real engine: users can sign in at every step.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { loginEvent } from '@backendless-login/local-auth0'
import { type LocalBackendless, startBackendless } from '@backendless-login/local-backendless'
import { userPassword } from '../../actions/backendless-login/password.ts'
import { Secret } from '../../actions/backendless-login/secret.ts'
import { passwords } from '../../operations/passwords/command.ts'
import { readPasswordsOptions } from '../../operations/passwords/options.ts'
import { readStack } from '../../operations/stack/reading.ts'
import { type Stack, succeeded } from './stack.ts'
import { useWorkspace } from './workspace.ts'

const CLAIM = 'https://api.backendless.com/userToken'
const PASSWORD_SECRET = 'made-up PASSWORD_SECRET of the rule'
const USERS = ['ada@example.com', 'grace@example.com', 'lin@example.com']

/** The rule's requests at a sign-in: find, register if there is no user, login. */
async function signInByRule(app: LocalBackendless, email: string): Promise<void> {
  const base = `${app.url}/${app.appId}/${app.keys.rest}`
  const post = (path: string, body: object) =>
    fetch(base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const found = await fetch(`${base}/data/Users?where=${encodeURIComponent(`email = '${email}'`)}`)
  const rows: unknown = await found.json()
  if (Array.isArray(rows) && rows.length === 0) {
    assert.equal((await post('/users/register', { email, password: PASSWORD_SECRET })).status, 200)
  }
  assert.equal((await post('/users/login', { login: email, password: PASSWORD_SECRET })).status, 200)
}

describe('pulumi, the way from the rule', function () {
  this.timeout(120_000)
  const workspace = useWorkspace()
  let app: LocalBackendless
  let stack: Stack

  before(async () => {
    app = await startBackendless({ multipleLogins: true, maxConcurrentLogins: 100 })
    for (const email of USERS) await signInByRule(app, email)
    stack = await workspace().stack('dev', {
      appId: app.appId,
      serverUrl: app.url,
      clients: ['*'],
      unverified: 'skip',
      onFailure: 'skip',
    })
    await stack.setSecret('apiKey', app.keys.rest)
    workspace().secrets.add(PASSWORD_SECRET)
  })
  after(() => app?.close())

  async function getsIn(email: string): Promise<void> {
    const { idToken, logs } = await workspace().auth0.signIn(loginEvent({ user: { email } }))
    assert.equal(app.ownerOf(String(idToken[CLAIM]))?.email, email, logs[0]?.text)
  }

  /** Signs in every user, even those who do not sign in by themselves. They are then put back, because a sign-in moves its user. */
  async function everybodyGetsIn(): Promise<void> {
    for (const email of USERS) {
      const held = heldBy(email)
      await getsIn(email)
      if (!app.passwordIs(email, held)) await putBack(email, held)
    }
  }

  function heldBy(email: string): string {
    const value = workspace().auth0.secretOf(stack.actionName, 'PASSWORD_1')
    const derived =
      value &&
      userPassword(
        { id: '1', perUser: true, value: new Secret(value) },
        new Secret(app.appId),
        new Secret(email),
      ).reveal()
    const held = [PASSWORD_SECRET, derived ?? ''].find((each) => app.passwordIs(email, each))
    assert.ok(held, `${email} is on another password`)
    return held
  }

  async function putBack(email: string, password: string): Promise<void> {
    const { url, appId, keys } = app
    const answer = await fetch(`${url}/${appId}/${keys.codeRunner}/users/${app.user(email)?.objectId}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password }),
    })
    assert.equal(answer.status, 200)
  }

  const sharedUsers = () => USERS.filter((email) => app.passwordIs(email, PASSWORD_SECRET))

  it('adopts the password, and signs everybody in with one request', async () => {
    await stack.adopt([{ id: 'rule', value: PASSWORD_SECRET }])
    succeeded(await stack.up())
    app.requests.length = 0
    await everybodyGetsIn()
    assert.equal(app.requests.length, USERS.length)
  })

  it('moves a user who signs in to a password of their own', async () => {
    await stack.adopt([{ id: '1' }, { id: 'rule', value: PASSWORD_SECRET }])
    succeeded(await stack.up())
    await everybodyGetsIn()
    await getsIn('ada@example.com')
    assert.deepEqual(sharedUsers(), ['grace@example.com', 'lin@example.com'])
  })

  it('goes back, moving those who were moved', async () => {
    await stack.adopt([{ id: 'rule', value: PASSWORD_SECRET }, { id: '1' }])
    succeeded(await stack.up())
    await everybodyGetsIn()
    await getsIn('ada@example.com')
    assert.deepEqual(sharedUsers(), USERS)
  })

  it('moves those who do not sign in, and says that the rule’s password can be retired', async () => {
    await stack.adopt([{ id: '1' }, { id: 'rule', value: PASSWORD_SECRET }])
    succeeded(await stack.up())
    await everybodyGetsIn()
    assert.deepEqual(sharedUsers(), USERS)
    const { folder, environment } = workspace()
    const place = { folder, environment: { ...process.env, ...environment } }
    const options = readPasswordsOptions([
      '--stack',
      'dev',
      '--apply',
      '--rate',
      '1000',
      '--state',
      join(folder, 'moved.json'),
    ])
    assert.ok(options)
    const report = await passwords(options, {
      environment: place.environment,
      signal: new AbortController().signal,
      output: { write: () => {} },
      read: (name) => readStack(name, place),
      ask: async () => '',
    })
    assert.ok(typeof report !== 'string')
    assert.deepEqual([report.moved, report.canBeRetired], [USERS.length, ['rule']])
    assert.deepEqual(sharedUsers(), [])
    await everybodyGetsIn()
  })

  it('retires the rule’s password and removes it', async () => {
    for (const rule of [{ retired: true }, undefined]) {
      await stack.adopt([{ id: '1' }, ...(rule ? [{ id: 'rule', value: PASSWORD_SECRET, ...rule }] : [])])
      succeeded(await stack.up())
      await everybodyGetsIn()
      assert.deepEqual(sharedUsers(), [])
    }
    assert.equal(workspace().auth0.secretOf(stack.actionName, 'PASSWORD_RULE'), undefined)
  })

  it('shows a secret in no file and no output', () => {
    assert.deepEqual(workspace().leaks(), [])
  })
})
