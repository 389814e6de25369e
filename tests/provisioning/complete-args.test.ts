import assert from 'node:assert/strict'
import * as pulumi from '@pulumi/pulumi'
import type { BackendlessLoginArgs } from '../../provisioning/backendless-login-args.ts'
import { completeArgs } from '../../provisioning/complete-args.ts'

const APP_ID = '7C29A5E4-1B38-4D06-9F2A-83E5D1B0C647'
const REQUIRED: BackendlessLoginArgs = { appId: APP_ID, apiKey: 'an-api-key', clients: ['shop'] }
const MARKER = 'a-secret'

function problemsOf(args: BackendlessLoginArgs): string[] {
  try {
    completeArgs('shop', args)
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error))
    assert.equal(error.stack, error.message)
    const [title, ...lines] = error.message.split('\n')
    assert.equal(title, 'The arguments of BackendlessLogin shop are not usable:')
    return lines.map((line) => line.trim())
  }
  return []
}

/** Like the engine, with a value that is known only during the deployment. */
function later(value: string): pulumi.Output<string> {
  return pulumi.secret(pulumi.output(Promise.resolve(value)))
}

async function resolved(input: pulumi.Input<string> | undefined): Promise<string> {
  const known: Promise<string> = Reflect.apply(Reflect.get(pulumi.output(input), 'promise'), undefined, [])
  return known
}

describe('completeArgs', () => {
  it('needs nothing but the application, its key and the clients', () => {
    const complete = completeArgs('shop', REQUIRED)
    assert.deepEqual(complete.passwords, [{ id: '1', perUser: true, retired: false }])
    assert.equal(complete.actionName, 'Backendless login')
    assert.equal(complete.serverUrl, 'https://api.backendless.com')
  })

  it('keeps an adopted password shared, unless perUser is true', () => {
    const passwords = [{ id: '2' }, { id: 'rule', value: later('the password of the rule') }]
    const perUserOf = (entries: BackendlessLoginArgs['passwords']) =>
      completeArgs('shop', { ...REQUIRED, passwords: entries }).passwords.map(({ perUser }) => perUser)
    assert.deepEqual(perUserOf(passwords), [true, false])
    assert.deepEqual(perUserOf(passwords.map((entry) => ({ ...entry, perUser: true }))), [true, true])
  })

  it('treats undefined as left out', () => {
    const complete = completeArgs('shop', { ...REQUIRED, budgetMs: undefined, passwords: undefined })
    assert.equal(complete.budgetMs, 8000)
  })

  it('reports every problem at once, by the names of the arguments', () => {
    const args = {
      ...REQUIRED,
      clients: [],
      budgetMs: 1,
      client: 'shop',
      appId: `0${'0'.repeat(7)}-0000-0000-0000-000000000000`,
    }
    assert.deepEqual(problemsOf(args), [
      'client is not a known key. Did you mean `clients`?',
      'appId is the placeholder of the sample file: replace it with the id of your Backendless application.',
      'clients must name at least one client id: without one, nobody gets a token.',
      'budgetMs must be 1000 or more.',
    ])
  })

  it('names each output that the code of the Action needs before the deployment', () => {
    const args = Object.assign({}, REQUIRED, {
      clients: [later('shop')],
      claim: later('https://a.example/t'),
    })
    const late =
      'must be known before the deployment: only appId, apiKey and the value of a password may be an output.'
    assert.deepEqual(problemsOf(args), [`clients[0] ${late}`, `claim ${late}`])
    const list = Object.assign({}, REQUIRED, { clients: later('shop') })
    assert.deepEqual(problemsOf(list), [`clients ${late}`])
  })

  it('reports what a JavaScript program passes in a wrong form', () => {
    assert.deepEqual(problemsOf(Object.assign({}, REQUIRED, { passwords: [null] })), [
      'passwords[0] must be an entry { id, value?, perUser?, retired? } and nothing else.',
    ])
    const missing = ['appId is missing.', 'apiKey is missing.', 'clients is missing.']
    assert.deepEqual(Reflect.apply(problemsOf, undefined, []), missing)
  })

  it('accepts an API key that is not encrypted, because a program may have it from anywhere', () => {
    assert.deepEqual(problemsOf(REQUIRED), [])
  })

  it('passes on values that are known later unchanged, as secrets', async () => {
    const { appId, apiKey } = completeArgs('shop', {
      ...REQUIRED,
      appId: later(APP_ID),
      apiKey: later('an-api-key'),
    })
    assert.equal(await resolved(appId), APP_ID)
    assert.equal(await resolved(apiKey), 'an-api-key')
    assert.ok(await pulumi.isSecret(pulumi.output(apiKey)))
  })

  it('checks a value that is known later as soon as it is, and does not show it', async () => {
    const wrong = completeArgs('shop', {
      ...REQUIRED,
      appId: later('00000000-0000-0000-0000-000000000000'),
      apiKey: later(`${MARKER}/key`),
      passwords: [
        { id: '2', value: later(MARKER) },
        { id: '1', value: later(' ') },
      ],
    })
    await assert.rejects(resolved(wrong.appId), /shop are not usable:\n {2}appId is the placeholder/)
    await assert.rejects(resolved(wrong.apiKey), (error: Error) => {
      assert.match(error.message, /apiKey must be an API key/)
      assert.equal(error.stack, error.message)
      return !error.message.includes(MARKER)
    })
    const [current, older] = wrong.passwords
    await assert.rejects(resolved(current?.value), /passwords\[0\]\.value has less than 16/)
    await assert.rejects(resolved(older?.value), /passwords\[1\]\.value must not be empty/)
  })
})
