// Auth0's own client for JavaScript on the local tenant: every call that it has for Actions.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { Management, ManagementClient, ManagementError } from 'auth0/management'
import { Agent, fetch as fetchThrough } from 'undici'
import { type LocalAuth0, loginEvent, startAuth0 } from '../src/index.ts'
import { create, deploy, freshName, handler, postLogin, run, untilLive, untilStatus } from './deploy.ts'

const SECRET = 'the value of a secret'
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

type Credentials = (auth0: LocalAuth0) => { clientSecret: string } | { clientAssertionSigningKey: string }

const CREDENTIALS: Readonly<Record<string, Credentials>> = {
  'a client secret': ({ client }) => ({ clientSecret: client.secret }),
  'a private key': () => ({ clientAssertionSigningKey: keys.privateKey }),
}

for (const [title, credentials] of Object.entries(CREDENTIALS)) {
  describe(`local Auth0: node-auth0 with ${title}`, () => {
    let auth0: LocalAuth0
    let actions: ManagementClient['actions']
    let agent: Agent
    before(async () => {
      auth0 = await startAuth0({ buildMs: 4, clientPublicKey: keys.publicKey })
      agent = new Agent({ connect: { ca: auth0.certificate } })
      actions = new ManagementClient({
        domain: auth0.domain,
        clientId: auth0.client.id,
        ...credentials(auth0),
        fetch: (input, init) => fetchThrough(String(input), { ...sendable(init), dispatcher: agent }),
      }).actions
    })
    afterEach(() => {
      auth0.faults.clear()
    })
    after(async () => {
      await agent.close()
      await auth0.close()
    })

    it('asks for one token, and uses it for every call', async () => {
      await actions.list()
      await actions.triggers.list()
      const asked = auth0.requests.filter(({ path }) => path === '/oauth/token')
      assert.deepEqual(asked, [{ method: 'POST', path: '/oauth/token', status: 200 }])
    })

    it('creates an Action, reads it, changes it and deletes it, and never sees the value of a secret', async () => {
      const name = freshName()
      const created = await actions.create({
        name,
        supported_triggers: [{ id: 'post-login', version: 'v3' }],
        code: handler('console.log(1)'),
        dependencies: [{ name: 'axios', version: '1.21.1' }],
        runtime: 'node22',
        secrets: [{ name: 'KEY', value: SECRET }],
      })
      const id = idOf(created)
      const changed = await actions.update(id, { code: handler('console.log(2)') })
      const read = await actions.get(id)
      assert.deepEqual([read.name, read.supported_triggers, read.runtime], [name, postLogin, 'node22'])
      assert.deepEqual(read.dependencies, [{ name: 'axios', version: '1.21.1' }])
      assert.deepEqual([read.code, changed.code], [handler('console.log(2)'), handler('console.log(2)')])
      assert.deepEqual(
        read.secrets?.map((secret) => secret.name),
        ['KEY'],
      )
      assert.ok(!JSON.stringify([created, changed, read]).includes(SECRET))
      await actions.delete(id)
      await assert.rejects(async () => actions.get(id), Management.NotFoundError)
    })

    it('lists Actions page by page, the oldest first', async () => {
      const before = await actions.list()
      const ids: string[] = []
      for (let n = 0; n < 5; n += 1) ids.push(await create(auth0))
      const seen: unknown[] = []
      for await (const { id } of await actions.list({ per_page: 2 })) seen.push(id)
      assert.deepEqual(seen, [...before.data.map(({ id }) => id), ...ids])
    })

    it('lists Actions by trigger, name, deployment and origin', async () => {
      const name = freshName()
      const draft = await create(auth0, { name })
      const other = await create(auth0, { supported_triggers: [{ id: 'credentials-exchange' }] })
      const deployed = await create(auth0)
      await deploy(auth0, deployed)
      const installed = auth0.installFromMarketplace(freshName())
      const listed = async (filter: Management.ListActionsRequestParameters) => {
        const found = (await actions.list(filter)).data.map(({ id }) => id)
        return [draft, other, deployed, installed].filter((id) => found.includes(id))
      }
      assert.deepEqual(await listed({ actionName: name }), [draft])
      assert.deepEqual(await listed({ triggerId: 'credentials-exchange' }), [other])
      assert.deepEqual(await listed({ triggerId: 'post-login' }), [draft, deployed, installed])
      assert.deepEqual(await listed({ deployed: true }), [deployed, installed])
      assert.deepEqual(await listed({ installed: true }), [installed])
      assert.deepEqual(await listed({ installed: false }), [draft, other, deployed])
    })

    it('deploys a draft, lists the versions and goes back to the first', async () => {
      const id = await create(auth0, { code: '1', secrets: [{ name: 'KEY', value: SECRET }] })
      const first = await deployBySdk(id)
      await actions.update(id, { code: '2' })
      const second = await deployBySdk(id)
      const numbers: unknown[] = []
      for await (const { number, code } of await actions.versions.list(id, { per_page: 1 }))
        numbers.push([number, code])
      assert.deepEqual(numbers, [
        [2, '2'],
        [1, '1'],
      ])
      const version = await actions.versions.get(id, second)
      assert.deepEqual([version.code, version.deployed, version.action?.id], ['2', true, id])

      const back = await actions.versions.deploy(id, first)
      assert.deepEqual([back.number, back.code, back.action?.id], [3, '1', id])
      await untilLive(auth0, id, idOf(back))
      assert.deepEqual(await codes(id), { draft: '2', deployed: '1' })

      const again = await actions.versions.deploy(id, first, { update_draft: true })
      await untilLive(auth0, id, idOf(again))
      assert.deepEqual(await codes(id), { draft: '1', deployed: '1' })
      assert.ok(!JSON.stringify([version, back, again]).includes(SECRET))
    })

    it('knows every trigger that the tenant lists, and reads the bindings of each that it knows', async () => {
      const known: readonly string[] = Object.values(Management.ActionTriggerTypeEnum)
      const { triggers = [] } = await actions.triggers.list()
      assert.ok(triggers.some(({ id, version }) => id === 'post-login' && version === 'v3'))
      // mcp-tool is in recordings of the tenant, and not yet in the SDK.
      assert.deepEqual(
        triggers.map(({ id }) => String(id)).filter((id) => !known.includes(id)),
        ['mcp-tool'],
      )
      for (const id of Object.values(Management.ActionTriggerTypeEnum)) {
        assert.deepEqual((await actions.triggers.bindings.list(id)).data, [], id)
      }
    })

    it('binds Actions by id, by name and by binding, and lists them page by page in the order of execution', async () => {
      const [one, two] = [freshName(), freshName()]
      await run(auth0, { name: one, code: handler('console.log(1)') }, { name: two })
      const { bindings } = actions.triggers
      const [first, second] = (await bindings.list('post-login')).data
      await bindings.updateMany('post-login', {
        bindings: [
          { ref: { type: 'action_name', value: two }, display_name: 'Second' },
          { ref: { type: 'binding_id', value: first?.id ?? '' } },
          { ref: { type: 'action_id', value: second?.action?.id ?? '' }, display_name: 'Twice' },
        ],
      })
      const seen: unknown[] = []
      for await (const binding of await bindings.list('post-login', { per_page: 1 }))
        seen.push([binding.action?.name, binding.display_name, binding.trigger_id])
      assert.deepEqual(seen, [
        [two, 'Second', 'post-login'],
        [one, 'Bound', 'post-login'],
        [two, 'Twice', 'post-login'],
      ])
      await bindings.updateMany('post-login', { bindings: [] })
      assert.deepEqual([(await bindings.list('post-login')).data, auth0.bindings()], [[], []])
    })

    it('deletes a bound Action only by force', async () => {
      const [id = ''] = await run(auth0, handler(''))
      await assert.rejects(async () => actions.delete(id), refusal(409, /bound to a trigger/))
      await actions.delete(id, { force: true })
      assert.deepEqual(auth0.bindings(), [])
    })

    it('reads the execution of a sign-in without its console output', async () => {
      const name = freshName()
      await run(auth0, { name, code: handler(`console.log('${SECRET}'); throw new Error('broken')`) })
      await auth0.signIn(loginEvent())
      const { executions = [] } = Object(auth0.logs.entries.at(-1)?.details.actions)
      const execution = await actions.executions.get(String(executions[0]))
      assert.deepEqual([execution.trigger_id, execution.status], ['post-login', 'partial'])
      assert.deepEqual(
        execution.results?.map((result) => [result.action_name, result.error?.msg]),
        [[name, 'broken']],
      )
      assert.ok(!JSON.stringify(execution).includes(SECRET))
      await assert.rejects(async () => actions.executions.get('none'), Management.NotFoundError)
    })

    it('gets the errors of its documentation', async () => {
      await assert.rejects(
        async () => actions.create({ name: '', supported_triggers: [{ id: 'post-login' }] }),
        Management.BadRequestError,
      )
      await assert.rejects(async () => actions.versions.get(await create(auth0), 'none'), {
        name: 'NotFoundError',
      })
      const draft = await create(auth0, { dependencies: [{ name: 'no-such-module', version: '1.0.0' }] })
      await untilStatus(auth0, draft, 'failed')
      await assert.rejects(async () => actions.deploy(draft), Management.BadRequestError)
    })

    it('repeats a call that is refused for the rate limit', async () => {
      auth0.faults.add({ route: 'GET /actions/actions', times: 1, fault: { kind: 'answer', status: 429 } })
      auth0.requests.length = 0
      await actions.list()
      assert.deepEqual(
        auth0.requests.map(({ status }) => status),
        [429, 200],
      )
    })

    it('answers 404 to a test of an Action and to every call about an Action module; there are no modules', async () => {
      const id = await create(auth0)
      const { modules } = actions
      assert.deepEqual((await modules.list()).data, [])
      for (const call of [
        () => actions.test(id, { payload: {} }),
        () => modules.create({ name: 'shared', code: '' }),
        () => modules.get('none'),
        () => modules.update('none', {}),
        () => modules.delete('none'),
        () => modules.listActions('none'),
        () => modules.rollback('none', { module_version_id: 'none' }),
        () => modules.versions.list('none'),
        () => modules.versions.create('none'),
        () => modules.versions.get('none', 'none'),
      ])
        await assert.rejects(async () => call(), refusal(404, /Not Found/), String(call))
    })

    async function deployBySdk(id: string): Promise<string> {
      await untilStatus(auth0, id, 'built')
      const version = idOf(await actions.deploy(id))
      await untilLive(auth0, id, version)
      return version
    }

    async function codes(id: string) {
      const { code, deployed_version } = await actions.get(id)
      return { draft: code, deployed: deployed_version?.code }
    }
  })
}

function idOf({ id }: { readonly id?: string | undefined }): string {
  assert.ok(id)
  return id
}

function refusal(status: number, message: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof ManagementError)
    assert.equal(error.statusCode, status)
    assert.match(JSON.stringify(error.body), message)
    return true
  }
}

/** What the SDK puts into a request: never a stream. */
function sendable({ method = 'GET', headers, body, signal }: RequestInit = {}) {
  return {
    method,
    headers: Object.fromEntries(new Headers(headers)),
    body: typeof body === 'string' ? body : null,
    signal: signal ?? null,
  }
}
