// A reader of the documents, who types their commands into a shell, in a throw-away copy of the project that uses the local
// services.
import { cpSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type LocalBackendless, startBackendless } from '@backendless-login/local-backendless'
import { type EndedPulumi, PROJECT_ROOT, runProcess } from '../engine/engine.ts'
import { PROJECT_FILES, useWorkspace, type Workspace } from '../engine/workspace.ts'

const LONGEST_BLOCK_MS = 120_000
const BIN = join(PROJECT_ROOT, 'node_modules', '.bin')

/** Files that are not linked into the copy: they are linked already, belong to the repository, or are written to. */
const NOT_LINKED = new Set([...PROJECT_FILES, '.git', '.gitignore', 'Pulumi.dev.yaml', 'Pulumi.local.yaml'])

export interface Typing {
  /** The answers to a command's questions. */
  readonly input?: string
  /** The values that replace `<…>`. */
  readonly replace?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
}

export class Reader {
  readonly workspace: Workspace
  readonly backendless: LocalBackendless
  readonly #environment: Record<string, string>

  private constructor(workspace: Workspace, backendless: LocalBackendless) {
    this.workspace = workspace
    this.backendless = backendless
    for (const key of Object.values(backendless.keys)) workspace.secrets.add(key)
    for (const name of readdirSync(PROJECT_ROOT)) {
      if (!NOT_LINKED.has(name)) symlinkSync(join(PROJECT_ROOT, name), join(workspace.folder, name))
    }
    cpSync(join(PROJECT_ROOT, 'Pulumi.dev.yaml'), join(workspace.folder, 'Pulumi.dev.yaml'))
    const { HOME = '', PATH = '', PULUMI_HOME, NODE_COMPILE_CACHE } = process.env
    this.#environment = {
      HOME,
      PATH: `${BIN}${delimiter}${PATH}`,
      ...(PULUMI_HOME ? { PULUMI_HOME } : {}),
      ...(NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}),
      ...workspace.environment,
      // A person would answer yes. curl needs its own list of certificates.
      PULUMI_SKIP_CONFIRMATIONS: 'true',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      CURL_CA_BUNDLE: workspace.auth0.certificateFile,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Reader',
      GIT_AUTHOR_EMAIL: 'reader@example.com',
      GIT_COMMITTER_NAME: 'Reader',
      GIT_COMMITTER_EMAIL: 'reader@example.com',
    }
  }

  static async open(workspace: Workspace): Promise<Reader> {
    const backendless = await startBackendless({ multipleLogins: true, maxConcurrentLogins: 100 })
    const reader = new Reader(workspace, backendless)
    await reader.type('git init -q')
    writeFileSync(join(workspace.folder, '.git/info/exclude'), 'node_modules\nstate\n')
    return reader
  }

  /** Sets a variable for every further block. */
  export(name: string, value: string): void {
    this.#environment[name] = value
  }

  /** Runs a block as it is in the document. Rejects with its output if it fails. */
  async type(block: string, { input = '', replace = {}, environment = {} }: Typing = {}): Promise<string> {
    let commands = block
    for (const [place, value] of Object.entries(replace)) commands = commands.replaceAll(place, value)
    const unknown = commands.match(/<[a-z][a-z ]*>/)
    if (unknown) throw new Error(`Nothing was said to stand for ${unknown[0]}:\n${block}`)
    const run = await this.#bash(commands, input, { ...this.#environment, ...environment })
    if (run.exitCode !== 0) throw new Error(`Exit code ${run.exitCode} of\n${commands}\n${run.output}`)
    if (!commands.includes('--show-secrets')) this.workspace.runs.push(run)
    return run.output
  }

  /** Commits the folder, and returns the commit. */
  async commit(): Promise<string> {
    const output = await this.type('git add -A && git commit -q -m "A deployment" && git rev-parse HEAD')
    return output.trim()
  }

  close(): Promise<void> {
    return this.backendless.close()
  }

  /** With a socket as its input, bash would behave like a remote shell and read its start-up file. */
  #bash(command: string, input: string, environment: NodeJS.ProcessEnv): Promise<EndedPulumi> {
    return runProcess('bash', ['--norc', '-euo', 'pipefail', '-c', command], {
      cwd: this.workspace.folder,
      environment,
      input,
      title: command,
      longestMs: LONGEST_BLOCK_MS,
    })
  }
}

/** Opens a reader for the surrounding suite. Without an engine the suite is pending. */
export function useReader(): () => Reader {
  const workspace = useWorkspace()
  let reader: Reader | undefined
  before(async () => {
    reader = await Reader.open(workspace())
  })
  after(() => reader?.close())
  return () => {
    if (!reader) throw new Error('The suite has not begun')
    return reader
  }
}
