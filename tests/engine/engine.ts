// Runs the real `pulumi` command, without the developer's own Pulumi or Auth0 environment.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url))

const BIN = join(PROJECT_ROOT, 'node_modules', '.bin')
/** In milliseconds: long enough for a first download of the CLI, short enough for a network that does not answer. */
const LONGEST_COMMAND_MS = 90_000

/** One finished command. */
export interface EndedPulumi {
  readonly command: string
  readonly exitCode: number
  readonly stdout: string
  /** stdout and stderr, in the order of arrival. */
  readonly output: string
  readonly milliseconds: number
}

export interface RunOptions {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  readonly input?: string
}

export interface ProcessOptions {
  readonly cwd: string
  readonly environment: NodeJS.ProcessEnv
  readonly input?: string | undefined
  /** The name of the run. Default: the file and its parameters. */
  readonly title?: string
  readonly longestMs?: number
}

/** Runs `pulumi` to its end, whatever its exit code. */
export function runPulumiCommand(parameters: readonly string[], options: RunOptions): Promise<EndedPulumi> {
  return runProcess(join(BIN, 'pulumi'), ['--color', 'never', '--non-interactive', ...parameters], {
    ...options,
    environment: { ...ownEnvironment(), ...options.environment },
    title: `pulumi ${parameters.join(' ')}`,
  })
}

/** Runs a command of this project like its npm script, with only what Pulumi needs of the developer's environment. */
export function runCommand(
  main: string,
  parameters: readonly string[],
  options: ProcessOptions,
): Promise<EndedPulumi> {
  const { PATH, HOME, PULUMI_HOME, NODE_COMPILE_CACHE } = process.env
  return runProcess(process.execPath, [join(PROJECT_ROOT, main), ...parameters], {
    ...options,
    environment: { PATH, HOME, PULUMI_HOME, NODE_COMPILE_CACHE, ...options.environment },
  })
}

/** Runs a process and its child processes to their end. */
export function runProcess(
  file: string,
  parameters: readonly string[],
  { cwd, environment, input = '', title, longestMs = LONGEST_COMMAND_MS }: ProcessOptions,
): Promise<EndedPulumi> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    // In a process group of its own, because Pulumi starts an engine, which starts plugins, and all have to end with it.
    const child = spawn(file, parameters, { cwd, env: environment, detached: true })
    const timer = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), longestMs)
    let stdout = ''
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    // A command that reads no input may have ended before this is written.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({
        command: title ?? `${file} ${parameters.join(' ')}`,
        exitCode: code ?? 1,
        stdout,
        output: signal ? `${output}\n(ended by ${signal})` : output,
        milliseconds: performance.now() - began,
      })
    })
  })
}

// PULUMI_HOME is kept, because the CLI and its plugins are there. Node comes from this project, as under npx.
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => name === 'PULUMI_HOME' || !/^(PULUMI_|AUTH0_|SSL_CERT_|NODE_OPTIONS$)/.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}`,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  }
}

let problem: Promise<string | undefined> | undefined

/**
 * Returns why the engine cannot be used here; `undefined` if it can. Downloads first what is missing. tests/run.ts calls this
 * once for all processes, and passes the result as ENGINE_PROBLEM.
 */
export function engineProblem(): Promise<string | undefined> {
  const known = process.env.ENGINE_PROBLEM
  problem ??= known === undefined ? findProblem() : Promise.resolve(known || undefined)
  return problem
}

async function findProblem(): Promise<string | undefined> {
  const { dependencies } = readPackage()
  const commands = [
    ['version'],
    ...['random', 'auth0'].map((name) => [
      'plugin',
      'install',
      'resource',
      name,
      `v${dependencies[`@pulumi/${name}`]}`,
    ]),
  ]
  for (const parameters of commands) {
    const { exitCode, command, output } = await runPulumiCommand(parameters, {
      cwd: PROJECT_ROOT,
      environment: {},
    })
    if (exitCode !== 0) return `\`${command}\` fails: ${output.trim().split('\n').at(-1)}`
  }
  return undefined
}

/** Returns the versions that package.json pins. */
export function readPackage(): {
  readonly bin: { readonly 'backendless-login': string }
  readonly dependencies: Readonly<Record<string, string>>
} {
  return JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'))
}
