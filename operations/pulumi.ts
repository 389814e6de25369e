import { spawn } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Problem } from './problem.ts'

const PULUMI = fileURLToPath(new URL('../node_modules/.bin/pulumi', import.meta.url))

export interface PulumiPlace {
  /** The folder with Pulumi.yaml. */
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
}

/**
 * The JSON that a reading command of Pulumi answers for a stack.
 * @throws Problem with what to do where the CLI, the stack, the login or the passphrase is missing.
 */
export async function askPulumi(
  command: readonly string[],
  stack: string,
  { folder, environment }: PulumiPlace,
): Promise<unknown> {
  const parameters = [...command, '--json', '--show-secrets', '--stack', stack, '--non-interactive']
  const { code, stdout, stderr } = await runPulumi([...parameters, '--color', 'never'], {
    folder,
    environment,
  })
  if (code !== 0) throw new Problem(explain(stack, command.join(' '), stderr))
  try {
    return JSON.parse(stdout)
  } catch {
    throw new Problem(
      `\`pulumi ${command.join(' ')}\` answered no JSON. Try it by hand, without --show-secrets.`,
    )
  }
}

export interface PulumiRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command of Pulumi to its end, whatever its exit code is. `echo` gets its output as it comes. */
export function runPulumi(
  parameters: readonly string[],
  { folder, environment }: PulumiPlace,
  echo: (text: string) => void = () => {},
): Promise<PulumiRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(PULUMI, parameters, {
      cwd: folder,
      // The CLI's wrapper takes the first Node of the path: let it be this one.
      env: {
        ...environment,
        PATH: `${dirname(process.execPath)}${delimiter}${environment.PATH ?? ''}`,
        PULUMI_SKIP_UPDATE_CHECK: 'true',
      },
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
      reject(new Problem('Pulumi is not installed in this folder. Run `npm ci`, then try again.')),
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
