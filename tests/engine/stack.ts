// A stack: its settings, and the commands of its users.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { EndedPulumi } from './engine.ts'
import type { PulumiOptions, Workspace } from './workspace.ts'

const NAMESPACE = 'backendless-login'

/** The required settings. A setting is written as JSON, which is valid YAML. */
const complete = (name: string) => ({
  appId: randomUUID(),
  clients: ['TheShopsClientId'],
  actionName: `Backendless login (${name})`,
})

interface StatePassword {
  readonly urn: string
  readonly type: string
  readonly protect?: boolean
  readonly outputs: { readonly result?: { readonly plaintext: string } }
}

export class Stack {
  readonly name: string
  readonly apiKey = randomUUID()
  readonly #workspace: Workspace
  #settings: Readonly<Record<string, unknown>>

  private constructor(workspace: Workspace, name: string, settings: Readonly<Record<string, unknown>>) {
    this.name = name
    this.#workspace = workspace
    this.#settings = settings
    workspace.secrets.add(this.apiKey)
  }

  static async create(
    workspace: Workspace,
    name: string,
    settings: Readonly<Record<string, unknown>>,
  ): Promise<Stack> {
    const stack = new Stack(workspace, name, { ...complete(name), ...settings })
    succeeded(await workspace.pulumi(['stack', 'init', '--no-select', name]))
    stack.configure({})
    await stack.setSecret('apiKey', stack.apiKey)
    return stack
  }

  get actionName(): string {
    return this.setting('actionName')
  }

  setting(key: string): string {
    return String(this.#settings[key])
  }

  /** Changes settings that are not secret, as in an editor. Secrets are kept. */
  configure(settings: Readonly<Record<string, unknown>>): void {
    this.#settings = { ...this.#settings, ...settings }
    const kept = this.#workspace.file(this.#file)
    const lines = Object.entries(this.#settings).map(
      ([key, value]) => `  ${NAMESPACE}:${key}: ${JSON.stringify(value)}`,
    )
    const secrets = kept.match(/^ {2}backendless-login:apiKey:\n {4}secure: .*$/m)?.[0] ?? ''
    const salt = kept.match(/^encryptionsalt: .*$/m)?.[0] ?? ''
    this.#workspace.write(this.#file, [salt, 'config:', ...lines, secrets, ''].join('\n'))
  }

  /** @param path as for `pulumi config set --path`. */
  async setSecret(path: string, value: string): Promise<void> {
    const parameters = ['config', 'set', '--secret', '--path', path]
    succeeded(await this.#run(parameters, { input: value }))
  }

  /** Replaces `passwords`, and sets adopted values with `config set --secret`. */
  async adopt(entries: readonly { readonly id: string; readonly value?: string }[]): Promise<void> {
    this.configure({ passwords: entries.map(({ value: _, ...entry }) => entry) })
    for (const [index, { value }] of entries.entries()) {
      if (value !== undefined) await this.setSecret(`passwords[${index}].value`, value)
    }
  }

  preview(...flags: string[]): Promise<EndedPulumi> {
    return this.#run(['preview', ...flags])
  }

  up(...flags: string[]): Promise<EndedPulumi> {
    return this.#run(['up', '--yes', '--skip-preview', ...flags])
  }

  destroy(...flags: string[]): Promise<EndedPulumi> {
    return this.#run(['destroy', '--yes', '--skip-preview', ...flags])
  }

  unprotect(): Promise<EndedPulumi> {
    return this.#run(['state', 'unprotect', '--all', '--yes'])
  }

  output(...parameters: string[]): Promise<EndedPulumi> {
    const showsSecrets = parameters.includes('--show-secrets')
    return this.#run(['stack', 'output', ...parameters], { showsSecrets })
  }

  /** Returns the values of the generated passwords in the state. */
  async generatedPasswords(): Promise<unknown[]> {
    const passwords = await this.#passwordsInState('--show-secrets')
    return passwords.map(({ outputs }) => JSON.parse(outputs.result?.plaintext ?? 'null'))
  }

  /** Returns the ids of the protected passwords. */
  async protectedPasswords(): Promise<string[]> {
    const passwords = await this.#passwordsInState()
    return passwords
      .filter(({ protect }) => protect === true)
      .map(({ urn }) => urn.split('-password-').at(-1) ?? '')
      .sort()
  }

  async #passwordsInState(...flags: string[]): Promise<StatePassword[]> {
    const showsSecrets = flags.includes('--show-secrets')
    const { stdout } = succeeded(await this.#run(['stack', 'export', ...flags], { showsSecrets }))
    const state: { deployment: { resources?: StatePassword[] } } = JSON.parse(stdout)
    return (state.deployment.resources ?? []).filter(
      ({ type }) => type === 'random:index/randomPassword:RandomPassword',
    )
  }

  get #file(): string {
    return `Pulumi.${this.name}.yaml`
  }

  #run(parameters: readonly string[], options?: PulumiOptions): Promise<EndedPulumi> {
    return this.#workspace.pulumi([...parameters, '--stack', this.name], options)
  }
}

/** Asserts that the command succeeded; otherwise shows its output. */
export function succeeded(run: EndedPulumi): EndedPulumi {
  assert.equal(run.exitCode, 0, `${run.command}\n${run.output}`)
  return run
}

/** Asserts that the command refused; otherwise shows its output. */
export function refused(run: EndedPulumi): EndedPulumi {
  assert.notEqual(run.exitCode, 0, `${run.command}\n${run.output}`)
  return run
}
