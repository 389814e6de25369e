import { spawn } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { Problem } from '../problem.ts'

export interface PulumiPlace {
  /** The folder with Pulumi.yaml. */
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
}

/**
 * Runs a Pulumi command that reads from a stack, and returns the JSON that it prints, secrets in plain text.
 * @throws Problem with what to do if the CLI, the stack, the login or the passphrase is missing.
 */
export async function askPulumi(
  command: 'config' | 'stack export',
  stack: string,
  place: PulumiPlace,
): Promise<unknown> {
  // `stack export` always prints JSON, and does not know the flag.
  const json = command === 'config' ? ['--json'] : []
  const flags = [...json, '--show-secrets', '--stack', stack, '--non-interactive', '--color', 'never']
  const { code, stdout, stderr } = await runPulumi([...command.split(' '), ...flags], place)
  if (code !== 0) throw new Problem(explain(stack, command, stderr))
  try {
    return JSON.parse(stdout)
  } catch {
    throw new Problem(`\`pulumi ${command}\` printed no JSON. Run it by hand, without --show-secrets.`)
  }
}

export interface PulumiRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a Pulumi command to its end, whatever its exit code is: the CLI in the project's node_modules, or else the one in
 * PATH. `echo` receives its output as it comes.
 * @throws Problem if there is no CLI.
 */
export function runPulumi(
  parameters: readonly string[],
  { folder, environment }: PulumiPlace,
  echo: (text: string) => void = () => {},
): Promise<PulumiRun> {
  return new Promise((resolve, reject) => {
    // The npm package `pulumi` starts the first Node in PATH, so this Node is put first.
    const path = [join(folder, 'node_modules', '.bin'), dirname(process.execPath), environment.PATH ?? '']
    const child = spawn('pulumi', parameters, {
      cwd: folder,
      env: { ...environment, PATH: path.join(delimiter), PULUMI_SKIP_UPDATE_CHECK: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      echo(text)
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      echo(text)
      stderr += text
    })
    child.once('error', () =>
      reject(
        new Problem(
          'The Pulumi CLI is not installed. Run `npm ci` in this folder, or install it, then try again.',
        ),
      ),
    )
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** Pulumi's own texts, seen with 3.259.0, and what to do. */
const EXPLANATIONS: readonly (readonly [RegExp, (stack: string) => string])[] = [
  [
    /no stack named|stack .* not found/i,
    (stack) =>
      `There is no stack ${stack} where Pulumi is logged in. \`npx pulumi stack ls\` lists what there is.`,
  ],
  [
    /passphrase|decrypt/i,
    (stack) =>
      `The secrets of stack ${stack} cannot be read: set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the stack's passphrase, or log in to the provider that encrypted them.`,
  ],
  [
    /PULUMI_ACCESS_TOKEN|pulumi login|not logged in|unauthorized|logged in/i,
    () =>
      'Pulumi is not logged in. Run `npx pulumi login`, or set PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL.',
  ],
  [
    /no Pulumi project|no Pulumi\.yaml|project file/i,
    () => 'There is no Pulumi.yaml here. Run this in the folder of the project.',
  ],
]

function explain(stack: string, command: string, stderr: string): string {
  const known = EXPLANATIONS.find(([pattern]) => pattern.test(stderr))
  if (known) return known[1](stack)
  return `\`pulumi ${command} --stack ${stack}\` failed. Run it by hand to see why; it must work first.`
}
