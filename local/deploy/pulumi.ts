import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
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
  const { auth0, config, secretConfig, signal } = deployment
  const folder = mkdtempSync(join(tmpdir(), 'backendless-login-pulumi-'))
  try {
    const project = prepareProject(folder)
    // JSON is YAML; what is written here is not secret.
    writeFileSync(join(project, `Pulumi.${STACK}.yaml`), JSON.stringify({ config: prefixed(config) }))
    const environment = pulumiEnvironment(folder, auth0.environment)
    const pulumi = (command: string[], input?: string) =>
      run({
        file: join(ROOT, 'node_modules/.bin/pulumi'),
        arguments: [...command, '--non-interactive'],
        folder: project,
        environment,
        signal,
        ...(input === undefined ? {} : { input }),
      })

    await available(pulumi(['version']))
    await successful(pulumi(['stack', 'init', STACK]))
    for (const [key, value] of Object.entries(secretConfig)) {
      await successful(pulumi(['config', 'set', '--secret', key], value))
    }
    await successful(pulumi(['up', '--yes', '--skip-preview', '--color', 'never']))
    const { stdout } = await successful(pulumi(['stack', 'output', '--json', '--show-secrets']))
    return JSON.parse(stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
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
