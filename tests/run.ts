// Runs the tests in several processes at once, and afterwards those that measure time, in two processes. `quick` leaves out
// tests that start processes.
import { type ChildProcess, spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import Mocha from 'mocha'
import { engineProblem, PROJECT_ROOT } from './engine/engine.ts'

const ALL = ['packages/*/tests/**/*.test.ts', 'tests/**/*.test.ts']
/** They wait for Pulumi most of the time. */
const ENGINE = ['tests/engine/*.test.ts', 'tests/docs/readme.test.ts', 'tests/docs/runbook.test.ts']
/** They measure time, and need a core each. */
const TIMED = [
  'tests/actions/faults/matrix.test.ts',
  'tests/actions/faults/reach.test.ts',
  'tests/actions/faults/time.test.ts',
  'tests/bench/*.test.ts',
]
/** They start no process, which tests/no-process.ts makes sure of. */
const QUICK = [
  'packages/local-backendless/tests/*.test.ts',
  'tests/actions/*.test.ts',
  'tests/actions/hostile/*.test.ts',
  'tests/provisioning/complete-args.test.ts',
  'tests/provisioning/config.test.ts',
  'tests/provisioning/stack-file.test.ts',
]
const NOT_QUICK = [
  'tests/actions/deployed.test.ts',
  'tests/actions/outage.test.ts',
  'tests/actions/rotation.test.ts',
  'tests/actions/hostile/event.test.ts',
  'tests/actions/hostile/identities.test.ts',
  'tests/actions/hostile/log.test.ts',
]
const TIMEOUT_MS = 60_000
/** More would make them wait for each other on two cores. Fewer would leave a core idle, since many wait for something else. */
const JOBS = 4
const TIMED_JOBS = 2

interface Outcome {
  readonly passed: number
  readonly failed: number
  /** The suites that were left out, with the reason in their titles. */
  readonly pending: readonly string[]
}

/** @throws Error if a pattern matches nothing: its file was renamed. */
function files(patterns: readonly string[]): string[] {
  const found = patterns.map((pattern) => globSync(pattern, { cwd: PROJECT_ROOT }))
  const unmatched = patterns.filter((_, at) => found[at]?.length === 0)
  if (unmatched.length > 0) throw new Error(`tests/run.ts names ${unmatched.join(', ')}: no such file.`)
  return [...new Set(found.flat())].sort()
}

function run(paths: readonly string[], options: Mocha.MochaOptions): Promise<Outcome> {
  const mocha = new Mocha({ timeout: TIMEOUT_MS, forbidOnly: true, ...options })
  for (const path of paths) mocha.addFile(join(PROJECT_ROOT, path))
  const pending = new Set<string>()
  const ready = options.parallel ? Promise.resolve() : mocha.loadFilesAsync()
  return ready.then(
    () =>
      new Promise((resolve) => {
        const runner = mocha.run((failed) =>
          resolve({ passed: runner.stats?.passes ?? 0, failed, pending: [...pending] }),
        )
        runner.on('pending', (test) => pending.add(test.parent?.fullTitle() ?? test.title))
      }),
  )
}

/** Types, lint and the workflows. */
function check(): Promise<boolean> {
  const npm: ChildProcess = spawn('npm', ['run', '--silent', 'check'], {
    cwd: PROJECT_ROOT,
    stdio: 'inherit',
  })
  return new Promise((resolve, reject) => npm.on('error', reject).on('close', (code) => resolve(code === 0)))
}

async function quick(): Promise<readonly Outcome[]> {
  const left = new Set(files(NOT_QUICK))
  const require = [join(PROJECT_ROOT, 'tests/no-process.ts')]
  return [
    await run(
      files(QUICK).filter((file) => !left.has(file)),
      { parallel: true, jobs: JOBS, require },
    ),
  ]
}

async function everything(): Promise<readonly Outcome[]> {
  const problem = await engineProblem()
  // The processes of the tests need not ask again.
  process.env.ENGINE_PROBLEM = problem ?? ''
  const [timed, engine] = [files(TIMED), files(ENGINE)]
  const others = files(ALL).filter((file) => !timed.includes(file) && !engine.includes(file))
  return [
    await run([...engine, ...others], { parallel: true, jobs: JOBS }),
    await run(timed, { parallel: true, jobs: TIMED_JOBS }),
  ]
}

// Node then compiles a file once, and not in every process.
process.env.NODE_COMPILE_CACHE ??= join(PROJECT_ROOT, 'node_modules/.cache/compiled')
const began = performance.now()
const checked = process.argv[2] === 'quick' ? Promise.resolve(true) : check()
const outcomes = await (process.argv[2] === 'quick' ? quick() : everything())
const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + count(one), 0)
const pending = outcomes.flatMap((outcome) => outcome.pending)
for (const suite of pending) console.log(`not run: ${suite}`)
const [failed, clean] = [sum((outcome) => outcome.failed), await checked]
console.log(
  [
    `${sum(({ passed }) => passed)} tests passed, ${failed} failed, ${pending.length} suites not run`,
    ...(process.argv[2] === 'quick' ? [] : [`types, lint and workflows ${clean ? 'in order' : 'FAILED'}`]),
    `${Math.round((performance.now() - began) / 1000)} s`,
  ].join('; '),
)
process.exit(failed === 0 && clean ? 0 : 1)
