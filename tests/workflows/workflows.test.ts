import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { PROJECT_ROOT } from '../engine/engine.ts'
import { pinProblems, problemsIn } from './rules.ts'

const read = (name: string) => readFileSync(join(PROJECT_ROOT, '.github', name), 'utf8')
const names = readdirSync(join(PROJECT_ROOT, '.github/workflows')).map((name) => `workflows/${name}`)
const LOGIN = 'actions/state-login/action.yml'
const commit = 'a'.repeat(40)

/** A workflow with nothing wrong, and with one thing replaced. */
const sample = (from: string | RegExp = '', to = '') =>
  `on: { pull_request: {} }
permissions: {}
jobs:
  one:
    if: github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: dev-preview
    permissions: { contents: read, id-token: write }
    steps:
      - uses: actions/checkout@${commit} # v7.0.1
        with:
          persist-credentials: false
      - run: npm test
        env: { SECRET: '\${{ secrets.SECRET }}' }
`.replace(from, to)

describe('the workflows', () => {
  for (const name of names) {
    it(`find no objection: ${name}`, () => {
      assert.deepEqual(problemsIn(read(name)), [])
    })
  }

  it('pin the actions with which they log in', () => {
    assert.deepEqual(pinProblems(read(LOGIN)), [])
  })

  it('run nothing but npm, so that each step runs by hand', () => {
    const { scripts } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'))
    const runs = names.flatMap((name) => read(name).match(/(?<=run: ).*$/gm) ?? [])
    assert.ok(runs.length > 10)
    for (const run of runs) {
      assert.match(run, /^npm (ci$|test$|audit |run )/)
      const [, script] = run.match(/^npm run (?:--silent )?([\w:]+)/) ?? []
      if (script) assert.ok(scripts[script] !== undefined, `package.json has no script ${script}`)
    }
  })

  it('give every environment the same steps', () => {
    const { jobs } = parse(read('workflows/deploy.yml'))
    const steps = (job: object) => JSON.stringify(Reflect.get(job, 'steps'))
    assert.equal(steps(jobs.dev), steps(jobs.prod))
  })
})

describe('problemsIn, a workflow', () => {
  it('has no objection to a good one', () => {
    assert.deepEqual(problemsIn(sample()), [])
  })

  for (const [from, to, problem] of [
    ['pull_request:', 'pull_request_target:', /pull_request_target/],
    ['permissions: {}\n', '', /must be {} at the top/],
    ['permissions: {}', 'permissions: { contents: read }', /must be {} at the top/],
    [' id-token: write', ' packages: write', /may write packages/],
    [/ {4}permissions: .*\n/, '', /says no permissions/],
    [/ {4}timeout.*\n/, '', /no time limit/],
    ['ubuntu-24.04', 'self-hosted', /no fixed machine/],
    [/ {4}environment.*\n/, '', /secret without an environment/],
    [/ {4}if: .*\n/, '', /not skipped for forks/],
    [/ {8}with:\n.*\n/, '', /leaves the token/],
    ['npm test', `echo \${{ github.head_ref }}`, /expression into a command/],
    [`${commit} # v7.0.1`, 'v7', /not pinned/],
    [' # v7.0.1', '', /not pinned/],
    ['    steps:', `    env: { KEY: '\${{ secrets.KEY }}' }\n    steps:`, /every step/],
  ] as const) {
    it(`objects: ${problem.source}`, () => {
      assert.match(problemsIn(sample(from, to)).join('\n'), problem)
    })
  }
})
