import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../engine/engine.ts'
import { problemsIn } from './rules.ts'

const FOLDER = join(PROJECT_ROOT, '.github/workflows')
const names = readdirSync(FOLDER)
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
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
      - run: npm ci --ignore-scripts --workspaces=false
      - run: npm test
        env: { SECRET: '\${{ secrets.SECRET }}' }
  two:
    if: github.event.pull_request.head.repo.full_name == github.repository
    permissions: { contents: read }
    uses: ./.github/workflows/other.yml
    secrets: inherit
`.replace(from, to)

/** A reusable workflow with nothing wrong, and with one thing replaced. */
const reusable = (from: string | RegExp = '', to = '') =>
  sample('pull_request', 'workflow_call')
    .replace(/permissions: \{\}\n/, '')
    .replace(/ {4}permissions: .*\n/g, '')
    .replace(from, to)

describe('the workflows', () => {
  for (const name of names) {
    it(`have no problem: ${name}`, () => {
      assert.deepEqual(problemsIn(read(name)), [])
    })
  }

  it('run nothing but npm, so that each step runs by hand', () => {
    const { scripts } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'))
    const commands = names.flatMap((name) => read(name).match(/(?<=^ *(?:- )?(?:run: )?)npm .*$/gm) ?? [])
    const runs = names.flatMap((name) => read(name).match(/(?<=run: )[^|].*$/gm) ?? [])
    assert.deepEqual(
      runs.filter((run) => !commands.includes(run)),
      [],
    )
    assert.ok(commands.length > 15)
    for (const command of commands) {
      assert.match(command, /^npm (ci|test|audit|rebuild|run) ?/)
      const [, script] = command.match(/^npm run (?:--silent )?([\w:]+)/) ?? []
      if (script) assert.ok(scripts[script] !== undefined, `package.json has no script ${script}`)
    }
  })

  it('name the credentials once', () => {
    const places = names.flatMap((name) => read(name).match(/^ +AUTH0_CLIENT_SECRET:/gm) ?? [])
    assert.equal(places.length, 1)
  })
})

describe('problemsIn, a workflow', () => {
  it('finds no problem in a valid one', () => {
    assert.deepEqual(problemsIn(sample()), [])
    assert.deepEqual(problemsIn(reusable()), [])
  })

  for (const [from, to, problem] of [
    ['pull_request:', 'pull_request_target:', /pull_request_target/],
    ['permissions: {}\n', '', /must be {} at the top/],
    ['permissions: {}', 'permissions: { contents: read }', /must be {} at the top/],
    [' id-token: write', ' packages: write', /may write packages/],
    [/ {4}permissions: .*\n/, '', /one: says no permissions/],
    [/ {4}permissions: { contents: read }\n/, '', /two: says no permissions/],
    [/ {4}timeout.*\n/, '', /no time limit/],
    ['ubuntu-24.04', 'self-hosted', /no fixed machine/],
    [/ {4}environment.*\n/, '', /secret without an environment/],
    [/ {4}if: .*\n/, '', /one: is not skipped for forks/],
    [/ {4}if: .*\n(?=.*\n.*uses: \.)/, '', /two: is not skipped for forks/],
    [
      './.github/workflows/other.yml',
      `team/shop/.github/workflows/other.yml@${commit} # v1.0.0`,
      /elsewhere/,
    ],
    [/ {8}with:\n.*\n/, '', /leaves the token/],
    ['npm test', `echo \${{ github.head_ref }}`, /expression into a command/],
    [`${commit} # v7.0.1`, 'v7', /not pinned/],
    [' # v7.0.1', '', /not pinned/],
    ['    steps:', `    env: { KEY: '\${{ secrets.KEY }}' }\n    steps:`, /every step/],
    [' --ignore-scripts', '', /runs every install script/],
    [' --workspaces=false', '', /installs test services beside a token/],
  ] as const) {
    it(`finds: ${problem.source}`, () => {
      assert.match(problemsIn(sample(from, to)).join('\n'), problem)
    })
  }

  for (const [from, to, problem] of [
    ['workflow_call: {}', 'workflow_call: {}, push: {}', /also started otherwise/],
    ['    timeout', '    permissions: { contents: read }\n    timeout', /declares what its caller grants/],
  ] as const) {
    it(`finds in a reusable one: ${problem.source}`, () => {
      assert.match(problemsIn(reusable(from, to)).join('\n'), problem)
    })
  }
})
