import assert from 'node:assert/strict'
import { GitHub } from '../../../operations/ci/github.ts'
import { publishComment, publishReport, resolveReport } from '../../../operations/ci/publish.ts'
import { openPullRequest } from '../../../operations/ci/pull-request.ts'
import { Problem } from '../../../operations/problem.ts'
import { LocalGitHub } from './local-github.ts'

describe('what a workflow publishes', () => {
  let hub: LocalGitHub
  let github: GitHub
  let api: Readonly<Record<string, string>>

  beforeEach(async () => {
    hub = new LocalGitHub({ 'Pulumi.dev.yaml': 'before' })
    api = await hub.start()
    github = new GitHub(api)
  })
  afterEach(() => hub.close())

  const preview = (stack: string, text: string) => publishComment(github, { stack, text, pullRequest: 7 })
  const change = {
    path: 'Pulumi.dev.yaml',
    before: 'before',
    after: 'after',
    branch: 'rotate/dev-add-2',
    title: 'dev: add password 2',
    body: 'Why.',
  }

  it('is one comment for each environment, updated in its place', async () => {
    await preview('dev', 'one')
    await preview('prod', 'two')
    await preview('dev', 'three')
    assert.deepEqual(
      hub.comments.map(({ body }) => body.split('\n').at(-1)),
      ['three', 'two'],
    )
  })

  it('finds its comment behind a hundred others', async () => {
    for (let count = 0; count < 120; count++) hub.say(7, 'LGTM')
    await preview('dev', 'one')
    await preview('dev', 'two')
    assert.equal(hub.comments.length, 121)
    assert.match(hub.comments.at(-1)?.body ?? '', /two$/)
  })

  it('never takes a stranger’s comment for its own', async () => {
    const stranger = { user: { type: 'User' }, author_association: 'NONE' }
    hub.say(7, '<!-- backendless-login preview dev -->\nAll is well.', stranger)
    await preview('dev', 'one')
    assert.deepEqual(
      hub.comments.map(({ body }) => body.split('\n').at(-1)),
      ['All is well.', 'one'],
    )
  })

  it('is one report of drift for each environment, closed when the drift is gone', async () => {
    await resolveReport(github, 'dev')
    await publishReport(github, { stack: 'dev', text: 'one' })
    await publishReport(github, { stack: 'prod', text: 'two' })
    await publishReport(github, { stack: 'dev', text: 'three' })
    const seen = () => hub.issues.map(({ title, state, body }) => `${title} ${state} ${body.split('\n')[1]}`)
    assert.deepEqual(seen(), ['Drift of dev open three', 'Drift of prod open two'])
    await resolveReport(github, 'dev')
    assert.deepEqual(seen(), ['Drift of dev closed three', 'Drift of prod open two'])
    await publishReport(github, { stack: 'dev', text: 'four' })
    assert.equal(hub.issues.length, 3)
  })

  it('is a draft pull request that changes one file', async () => {
    const url = await openPullRequest(github, change)
    assert.equal(url, 'https://github.example/team/shop/pull/1')
    const [pull] = hub.pulls
    assert.deepEqual([pull?.head, pull?.base, pull?.draft], [change.branch, 'main', true])
    assert.equal(hub.branches.get(change.branch)?.get(change.path), 'after')
    assert.equal(hub.branches.get('main')?.get(change.path), 'before')
  })

  it('is not a draft if the repository has no drafts', async () => {
    hub.drafts = false
    await openPullRequest(github, change)
    assert.deepEqual([hub.pulls.length, hub.pulls[0]?.draft], [1, undefined])
  })

  it('proposes a step once, and not from a working tree that is behind', async () => {
    await openPullRequest(github, change)
    await assert.rejects(openPullRequest(github, change), /this step was proposed/)
    await assert.rejects(
      openPullRequest(github, { ...change, before: 'older' }),
      /differs from the one on main/,
    )
    assert.equal(hub.pulls.length, 1)
  })

  it('says what is missing without showing the token', async () => {
    const environment = { GITHUB_REPOSITORY: 'team/shop', GITHUB_TOKEN: 'no such token' }
    assert.throws(() => new GitHub({ ...environment, GITHUB_TOKEN: '' }), Problem)
    assert.throws(() => new GitHub({ ...environment, GITHUB_REPOSITORY: 'shop' }), Problem)
    const stranger = new GitHub({ ...environment, GITHUB_API_URL: api.GITHUB_API_URL })
    await assert.rejects(stranger.call('GET', '/issues'), ({ message }: Error) => {
      assert.match(message, /^GitHub answered 401 to GET \/issues: Bad credentials/)
      return !message.includes(environment.GITHUB_TOKEN)
    })
  })
})
