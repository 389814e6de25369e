// A project folder for one suite, with a state of its own, so that the working tree does not change.
import { randomUUID } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { type Auth0Options, type LocalAuth0, startAuth0 } from '@backendless-login/local-auth0'
import { leaveOut } from '../leave-out.ts'
import { type EndedPulumi, engineProblem, PROJECT_ROOT, runPulumiCommand } from './engine.ts'
import { Stack } from './stack.ts'

/** The files that `pulumi` needs. They are links, which Node follows to resolve imports. */
export const PROJECT_FILES = [
  'Pulumi.yaml',
  'index.ts',
  'package.json',
  'actions',
  'provisioning',
  'node_modules',
]
const STATE = 'state'

export interface PulumiOptions {
  readonly input?: string
  /** Added to the environment of the workspace. */
  readonly environment?: Readonly<Record<string, string>>
  /** True: the command shows secrets, so its output is not searched for them. */
  readonly showsSecrets?: boolean
}

/** A tenant, a workspace whose provider uses it, and everything that was printed there. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'engine-'))
  readonly auth0: LocalAuth0
  readonly runs: EndedPulumi[] = []
  /** Values that must not appear in plain text. */
  readonly secrets = new Set<string>()
  /** The environment of every command: state and tenant. */
  readonly environment: Readonly<Record<string, string>>

  private constructor(auth0: LocalAuth0) {
    this.auth0 = auth0
    const passphrase = randomUUID()
    this.environment = {
      ...auth0.environment,
      PULUMI_BACKEND_URL: `file://${join(this.folder, STATE)}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
    }
    this.secrets.add(passphrase).add(auth0.apiToken)
    mkdirSync(join(this.folder, STATE))
    for (const name of PROJECT_FILES) symlinkSync(join(PROJECT_ROOT, name), join(this.folder, name))
  }

  static async open(options: Pick<Auth0Options, 'clientPublicKey'> = {}): Promise<Workspace> {
    // The clock runs ahead of the versions, because `npm run passwords` waits until one is a minute old.
    const auth0 = await startAuth0({ now: () => Date.now() + 2 * 60_000, ...options })
    try {
      return new Workspace(auth0)
    } catch (error) {
      await auth0.close()
      throw error
    }
  }

  async pulumi(parameters: readonly string[], options: PulumiOptions = {}): Promise<EndedPulumi> {
    const environment = { ...this.environment, ...options.environment }
    const run = await runPulumiCommand(parameters, { ...options, cwd: this.folder, environment })
    if (!options.showsSecrets) this.runs.push(run)
    this.#learnPasswords()
    return run
  }

  /** An empty stack with a complete configuration. */
  stack(name: string, settings: Readonly<Record<string, unknown>> = {}): Promise<Stack> {
    return Stack.create(this, name, settings)
  }

  file(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8')
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text)
  }

  /** Searches every place for secrets: settings, state, its history and backups, and all output. */
  leaks(): string[] {
    const settings = readdirSync(this.folder).filter((name) => /^Pulumi\..+\.yaml$/.test(name))
    const state = readdirSync(join(this.folder, STATE), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.folder, join(entry.parentPath, entry.name)))
    const texts = [
      ...[...settings, ...state].map((name) => ({ place: name, text: this.file(name) })),
      ...this.runs.map(({ command, output }) => ({ place: `the output of ${command}`, text: output })),
    ]
    const secrets = [...this.secrets]
    return texts
      .filter(({ text }) => secrets.some((secret) => text.includes(secret)))
      .map(({ place }) => place)
  }

  async close(): Promise<void> {
    await this.auth0.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #learnPasswords(): void {
    for (const { name, deployed } of this.auth0.actions()) {
      for (const secret of deployed?.secrets ?? []) {
        const value = secret.startsWith('PASSWORD_') ? this.auth0.secretOf(name, secret) : undefined
        if (value) this.secrets.add(value)
      }
    }
  }
}

/**
 * Opens a workspace for the surrounding suite and closes it at the end. Without an engine, the suite is pending and says why;
 * with CI=true it fails.
 */
export function useWorkspace(options?: Parameters<typeof Workspace.open>[0]): () => Workspace {
  let workspace: Workspace | undefined
  before(async function () {
    this.timeout(300_000)
    const problem = await engineProblem()
    if (problem === undefined) {
      workspace = await Workspace.open(options)
      return
    }
    leaveOut(this, `There is no Pulumi engine: ${problem}`)
  })
  after(() => workspace?.close())
  return () => {
    if (!workspace) throw new Error('The suite has not begun')
    return workspace
  }
}
