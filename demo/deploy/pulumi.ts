import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parse, stringify } from 'yaml'
import { DeployError, type Deployment, type Outputs, PROJECT, STACK } from './deployment.ts'
import { type Ended, run } from './processes.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PROGRAM_FILES = ['Pulumi.yaml', 'package.json', 'index.ts', 'actions', 'provisioning', 'node_modules']

/**
 * Deploys the program with the Pulumi engine, with a stack of its own in a temporary folder: its state is gone when this
 * returns, so a tenant can be deployed to once. Takes the time of four commands of Pulumi, and one per secret.
 *
 * @throws DeployError with what Pulumi said; where its CLI is not there and cannot be downloaded, with a sentence on that.
 */
export async function deployWithPulumi(deployment: Deployment): Promise<Outputs> {
  const stack = await PulumiStack.create(deployment)
  try {
    return await stack.up(deployment)
  } finally {
    stack.remove()
  }
}

/** A stack in a temporary folder, which can be deployed to again and again until it is removed. */
export class PulumiStack {
  readonly #folder: string
  readonly #project: string
  readonly #environment: NodeJS.ProcessEnv
  readonly #secretConfig: Deployment['secretConfig']

  private constructor(folder: string, { auth0, secretConfig }: Deployment) {
    this.#folder = folder
    this.#project = prepareProject(folder)
    this.#environment = pulumiEnvironment(folder, auth0.environment)
    this.#secretConfig = secretConfig
  }

  /** @throws DeployError where the CLI is not there and cannot be downloaded. */
  static async create(deployment: Deployment): Promise<PulumiStack> {
    const { config, secretConfig, signal } = deployment
    const folder = mkdtempSync(join(tmpdir(), 'backendless-login-pulumi-'))
    try {
      const stack = new PulumiStack(folder, deployment)
      stack.#configure(config)
      await available(stack.#run(['version'], signal))
      await successful(stack.#run(['stack', 'init', STACK], signal))
      for (const [key, value] of Object.entries(secretConfig)) {
        await successful(stack.#run(['config', 'set', '--secret', key], signal, value))
      }
      return stack
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }

  /** What `up` would change, as `pulumi preview --diff` says it. @throws DeployError */
  async preview({ config, secretConfig, signal }: Deployment): Promise<string> {
    this.#configure(config, secretConfig)
    const { stdout } = await successful(this.#run(['preview', '--diff', '--color', 'never'], signal))
    return stdout.trim()
  }

  /** @throws DeployError */
  async up({ config, secretConfig, signal }: Deployment): Promise<Outputs> {
    this.#configure(config, secretConfig)
    await successful(this.#run(['up', '--yes', '--skip-preview', '--color', 'never'], signal))
    const { stdout } = await successful(this.#run(['stack', 'output', '--json', '--show-secrets'], signal))
    return JSON.parse(stdout)
  }

  /** With its state. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** Writes what is not secret. The secrets of a stack, once set, are kept as they are. */
  #configure(
    config: Deployment['config'],
    secretConfig: Deployment['secretConfig'] = this.#secretConfig,
  ): void {
    if (JSON.stringify(secretConfig) !== JSON.stringify(this.#secretConfig)) {
      throw new DeployError('The secrets of a stack in a temporary folder do not change.')
    }
    const file = join(this.#project, `Pulumi.${STACK}.yaml`)
    const kept = existsSync(file) ? parse(readFileSync(file, 'utf8')) : {}
    const secrets = Object.keys(secretConfig).map((key) => `${PROJECT}:${key}`)
    const secure = Object.entries(kept.config ?? {}).filter(([key]) => secrets.includes(key))
    writeFileSync(
      file,
      stringify({ ...kept, config: { ...prefixed(config), ...Object.fromEntries(secure) } }),
    )
  }

  #run(command: readonly string[], signal: AbortSignal | undefined, input?: string): Promise<Ended> {
    return run({
      file: join(ROOT, 'node_modules/.bin/pulumi'),
      arguments: [...command, '--non-interactive'],
      folder: this.#project,
      environment: this.#environment,
      signal,
      ...(input === undefined ? {} : { input }),
    })
  }
}

/** A folder of links: whatever Pulumi writes beside the program is written there. */
function prepareProject(folder: string): string {
  const project = join(folder, 'project')
  mkdirSync(project)
  for (const name of PROGRAM_FILES) symlinkSync(join(ROOT, name), join(project, name))
  return project
}

function pulumiEnvironment(folder: string, target: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const state = join(folder, 'state')
  mkdirSync(state)
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|AUTH0|NODE_OPTIONS)/.test(name))
  return {
    ...Object.fromEntries(inherited),
    ...target,
    // The program needs the Node that runs this, and Pulumi takes the first.
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
    PULUMI_HOME: prepareHome(folder),
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE: randomBytes(24).toString('base64url'),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  }
}

/** Pulumi's home with the installed CLI and plugins in it, and nothing else of the user's: no login, no selected stack. */
function prepareHome(folder: string): string {
  const home = join(folder, 'home')
  const installed = process.env.PULUMI_HOME ?? join(homedir(), '.pulumi')
  mkdirSync(home)
  for (const name of ['versions', 'plugins']) {
    // What the first use downloads belongs to the user, as after any `npx pulumi`.
    if (!existsSync(join(installed, name))) mkdirSync(join(installed, name), { recursive: true })
    symlinkSync(join(installed, name), join(home, name))
  }
  return home
}

function prefixed(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [`${PROJECT}:${key}`, value]))
}

async function available(command: Promise<Ended>): Promise<void> {
  const { code, stderr } = await command.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error) return { code: 1, stderr: error.message }
    throw error
  })
  if (code === 0) return
  const said = stderr.trim().split('\n').at(-1) ?? ''
  throw new DeployError(
    `The Pulumi CLI is not on this machine and could not be downloaded. \`npx pulumi version\` must work first. (${said})`,
  )
}

async function successful(command: Promise<Ended>): Promise<Ended> {
  const ended = await command
  if (ended.code === 0) return ended
  throw new DeployError(`${ended.stdout}\n${ended.stderr}`.trim())
}
