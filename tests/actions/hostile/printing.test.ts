// Printing an object of the Action, by accident or while debugging, shows no secret and no identity.
import assert from 'node:assert/strict'
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import { loginEvent } from '@backendless-login/local-auth0'
import { Budget } from '../../../actions/backendless-login/budget.ts'
import { CircuitBreaker } from '../../../actions/backendless-login/circuit.ts'
import { BackendlessClient } from '../../../actions/backendless-login/client.ts'
import type { SignInContext } from '../../../actions/backendless-login/context.ts'
import { gate } from '../../../actions/backendless-login/gates.ts'
import { dayOf, readMemory } from '../../../actions/backendless-login/memory.ts'
import { readCredentials, userPassword } from '../../../actions/backendless-login/password.ts'
import { login, register } from '../../../actions/backendless-login/requests.ts'
import { Secret } from '../../../actions/backendless-login/secret.ts'
import { openSession } from '../../../actions/backendless-login/session.ts'
import { signIn } from '../../../actions/backendless-login/sign-in.ts'
import { ADA, backendless, closeAll, metadataKey, PASSWORD, passwordOf, settingsFor } from '../sign-in.ts'

const NAME = 'Ada-of-the-made-up-surname'

/** All ways in which Node turns a value into text. */
const WAYS: Readonly<Record<string, (value: object) => string>> = {
  'a template': (value) => `${value}`,
  'String()': (value) => String(value),
  'a join': (value) => [value, value].join(),
  'a number': (value) => `${Number(value)}`,
  'JSON.stringify': (value) => JSON.stringify(value) ?? '',
  'JSON.stringify in a list': (value) => JSON.stringify([value, { value }]),
  inspect: (value) => inspect(value),
  'inspect with everything': (value) =>
    inspect(value, {
      showHidden: true,
      depth: Infinity,
      getters: true,
      showProxy: true,
      maxArrayLength: null,
    }),
  'inspect without customs': (value) =>
    inspect(value, { customInspect: false, showHidden: true, depth: Infinity, getters: true }),
  'inspect of a proxy': (value) => inspect(new Proxy(value, {}), { showProxy: true, depth: Infinity }),
  'inspect of a promise': (value) => inspect(Promise.resolve(value), { depth: Infinity }),
  '%s %o %O %j %d': (value) => format('%s %o %O %j %d', value, value, value, value, value),
  'console.log, dir and table': printed,
  'an error’s message': (value) => inspect(new Error(`failed for ${value}`)),
  'an error’s cause': (value) => inspect(new Error('outer', { cause: new Error('inner', { cause: value }) })),
  'an aggregate error': (value) => inspect(new AggregateError([value], 'several'), { depth: Infinity }),
  'a property of an error': (value) =>
    inspect(Object.assign(new Error('outer'), { value }), { depth: Infinity }),
  'a failed assertion': (value) => {
    try {
      assert.deepEqual(value, { another: 'value' })
    } catch (error) {
      return inspect(error, { depth: Infinity })
    }
    return ''
  },
  structuredClone: (value) => inspect(cloned(value), { depth: Infinity }),
  'v8.serialize': (value) => withoutFunctions(value, (plain) => serialize(plain).toString('latin1')),
  'keys, values and a spread': (value) =>
    inspect([Object.entries(value), Reflect.ownKeys(value), { ...value }, Object.values(value)], {
      customInspect: false,
      depth: Infinity,
    }),
  'own properties, hidden ones too': (value) =>
    inspect(Object.getOwnPropertyDescriptors(value), {
      showHidden: true,
      depth: Infinity,
      customInspect: false,
    }),
  'a map and a set': (value) => inspect([new Map([[value, value]]), new Set([value])], { depth: Infinity }),
}

function printed(value: object): string {
  let text = ''
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk)
      done()
    },
  })
  const console = new Console({ stdout: stream, stderr: stream })
  console.log(value)
  console.dir(value, { depth: null, showHidden: true })
  console.table([value])
  console.table(value)
  console.error('%o', value)
  return text
}

function cloned(value: object): unknown {
  return withoutFunctions(value, structuredClone)
}

/** Functions cannot be cloned, but the other properties can. */
function withoutFunctions<T>(value: object, act: (plain: unknown) => T): T | string {
  try {
    return act(value)
  } catch (error) {
    return inspect(error, { depth: Infinity })
  }
}

describe('printing', () => {
  afterEach(closeAll)

  it('shows no secret and no identity, whatever is printed in whatever way', async () => {
    const app = await backendless()
    app.addUser({ email: ADA, name: NAME, password: passwordOf(app, ADA) })
    const { objects, secrets } = await everything(app)
    for (const [what, value] of Object.entries(objects)) {
      for (const [way, print] of Object.entries(WAYS)) {
        const text = print(value)
        for (const [name, secret] of Object.entries(secrets)) {
          assert.ok(!text.includes(secret), `${way} of ${what} shows ${name}`)
        }
      }
    }
  })

  it('finds a value that is not hidden, in each of these ways', () => {
    for (const [way, print] of Object.entries(WAYS)) {
      const open = Object.assign(() => {}, {
        toString: () => ADA,
        email: ADA,
        toJSON: () => ({ email: ADA }),
      })
      const plain = { email: ADA, toString: () => ADA, toJSON: () => ({ email: ADA }) }
      assert.ok(
        [open, plain, { email: ADA }].some((value) => print(value).includes(ADA)) || way === 'a number',
        way,
      )
    }
  })

  it('returns a secret from reveal()', () => {
    const secret = new Secret(ADA)
    assert.equal(secret.reveal(), ADA)
    assert.deepEqual(
      [`${secret}`, JSON.stringify({ secret }), inspect(secret)],
      ['[secret]', '{"secret":"[secret]"}', '[secret]'],
    )
  })
})

/** Everything that the Action holds during a sign-in, after its use. */
async function everything(app: Awaited<ReturnType<typeof backendless>>) {
  const settings = settingsFor(app, { profile: { name: 'name' } })
  const app_metadata = { [metadataKey(app)]: { identity: ADA } }
  const event = loginEvent({ user: { name: NAME, app_metadata } })
  const credentials = readCredentials(settings, {
    BACKENDLESS_APP_ID: app.appId,
    BACKENDLESS_API_KEY: app.keys.rest,
    PASSWORD_1: PASSWORD,
  })
  const gated = gate(settings, event, undefined, Date.now())
  assert.ok(credentials && gated.kind === 'pass')
  const { identity } = gated
  const context: SignInContext = {
    settings: { ...settings, serverUrl: 'https://api.backendless.com' },
    client: new BackendlessClient(settings.serverUrl, credentials),
    credentials,
    budget: new Budget(8000),
    circuit: new CircuitBreaker(),
    user: new Secret(event.user),
    brandNew: false,
    counts: true,
    memory: readMemory(settings, credentials.appId, event.user) ?? {},
    today: dayOf(Date.now()),
    trace: { path: 'known', requests: 0, logins: 0 },
  }
  const [current] = credentials.passwords
  const answer = await login(context, identity, current)
  const session = await openSession(context, identity, answer)
  assert.ok(session.kind === 'session')
  app.faults.add({ route: '*', fault: { kind: 'reset' } })
  const failure = await register(context, identity)
  app.faults.clear()
  const objects: Record<string, object> = {
    context,
    credentials,
    gated,
    answer,
    session,
    failure,
    result: await signIn(context, identity),
    derived: userPassword(current, credentials.appId, identity),
    client: context.client,
    circuit: context.circuit,
    budget: context.budget,
    user: context.user,
    identity,
    instance: { settings: context.settings, circuit: context.circuit },
  }
  const secrets: Record<string, string> = {
    identity: ADA,
    name: NAME,
    'the password': PASSWORD,
    'the derived password': passwordOf(app, ADA),
    'the application id': app.appId,
    'the key': app.keys.rest,
    'the address': app.url,
  }
  app.sessionsOf(ADA).forEach((token, index) => {
    secrets[`token ${index}`] = token
  })
  return { objects, secrets }
}
