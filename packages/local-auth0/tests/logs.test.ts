import assert from 'node:assert/strict'
import { type LocalAuth0, loginEvent, type PostLoginEvent, startAuth0 } from '../src/index.ts'
import { call } from './call.ts'
import { handler, run } from './deploy.ts'

const SECRET_LINE = 'a line that only Action Details show'

describe('local Auth0: tenant logs', () => {
  let auth0: LocalAuth0
  before(async () => {
    auth0 = await startAuth0({ buildMs: 4, triggerTimeoutMs: 200 })
    await run(
      auth0,
      handler(`console.log('${SECRET_LINE}')
        if (event.user.email === 'denied@example.com') return api.access.deny('no_entry: Please leave. Reference: K7Q2MX')
        if (event.user.email === 'broken@example.com') throw new Error('broken')
        if (event.user.email === 'slow@example.com') await new Promise(() => {})`),
    )
  })
  after(() => auth0.close())

  const signIn = (email: string, overrides: Partial<PostLoginEvent> = {}) =>
    auth0.signIn(loginEvent({ ...overrides, user: { user_id: `auth0|${email}`, email } }))
  const get = (path: string) => call(auth0, `GET ${path}`)
  const typesSince = async (logId: string) =>
    (await get(`/logs?from=${logId}&take=100`)).body.map(({ type }: { type: string }) => type)
  const newest = () => auth0.logs.entries.at(-1)?.log_id ?? '0'

  it('have the type of each flow’s success and failure', async () => {
    const start = newest()
    const flows: Partial<PostLoginEvent>[] = [
      {},
      { request: { ...loginEvent().request, query: { prompt: 'none' } } },
      { transaction: { protocol: 'oauth2-refresh-token' } },
      { transaction: { protocol: 'oauth2-password' } },
    ]
    for (const flow of flows) await signIn('ada@example.com', flow)
    for (const flow of flows) await signIn('denied@example.com', flow)
    assert.deepEqual(await typesSince(start), ['s', 'ssa', 'sertft', 'sepft', 'f', 'fsa', 'fertft', 'fepft'])
  })

  it('contain the reason of a denial as their description, which a search finds', async () => {
    await signIn('denied@example.com')
    const { body } = await get('/logs?q=description:*K7Q2MX&per_page=1&sort=date:-1')
    assert.match(body[0].description, /^no_entry: /)
    assert.equal(body[0].user_id, 'auth0|denied@example.com')
    assert.deepEqual((await get('/logs?q=description:K7Q2MX')).body, [])
  })

  it('distinguish an Action that failed from one that took too long', async () => {
    const start = newest()
    await signIn('broken@example.com')
    await signIn('slow@example.com')
    const { body } = await get(`/logs?from=${start}&take=100`)
    const failed = body.filter(({ type }: { type: string }) => type === 'actions_execution_failed')
    assert.deepEqual(
      failed.map(({ details }: { details: { error_class: string } }) => details.error_class),
      ['action_error', 'action_timeout'],
    )
    assert.equal(body.length, 4)
  })

  it('show the console lines only in the details of the execution', async () => {
    await signIn('ada@example.com')
    const { text, body } = await get('/logs?per_page=1')
    assert.ok(!text.includes(SECRET_LINE))
    const [id] = body[0].details.actions.executions
    const execution = await get(`/actions/executions/${id}`)
    assert.equal(execution.body.results[0].action_name, auth0.actions()[0]?.name)
    assert.ok(!execution.text.includes(SECRET_LINE))
    assert.equal(auth0.logs.execution(id)?.logs[0]?.text, SECRET_LINE)
  })

  it('are read by checkpoint to their end, in pages that link to the next one', async () => {
    const start = newest()
    for (let index = 0; index < 5; index += 1) await signIn('ada@example.com')
    const first = await get(`/logs?from=${start}&take=3&q=type:f`)
    const next = String(first.headers.link).match(/\/api\/v2(\/logs\?[^>]*)>; rel="next"/)?.[1] ?? ''
    const second = await get(next)
    assert.deepEqual([first.body.length, second.body.length], [3, 2])
    const last = String(second.headers.link).match(/from=(\d+)/)?.[1]
    assert.deepEqual([last, (await get(`/logs?from=${last}&take=3`)).body], [newest(), []])
  })

  it('are searched newest first, in at most 1,000 results', async () => {
    const { body } = await get('/logs?per_page=2&include_totals=true')
    assert.equal(body.logs[0].log_id, newest())
    assert.equal(body.total, auth0.logs.entries.length)
    assert.equal((await get('/logs?per_page=100&page=10')).status, 400)
    assert.equal((await get('/logs?per_page=101')).status, 400)
    assert.equal((await get('/logs?from=1&take=101')).status, 400)
  })

  it('need the scope read:logs', async () => {
    assert.equal((await call(auth0, 'GET /logs', undefined, auth0.tokenWith(['read:actions']))).status, 403)
  })
})
