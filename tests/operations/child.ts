// The command in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../engine/engine.ts'

const MAIN = join(PROJECT_ROOT, 'operations', 'passwords', 'main.ts')

interface EndedChild {
  /** Null if a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command to its end. `onStart` gets the process, and may end it earlier. */
export function command(
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
  onStart: (child: ChildProcess) => void = () => {},
): Promise<EndedChild> {
  return new Promise((resolve, reject) => {
    const { PATH, HOME, PULUMI_HOME } = process.env
    const env = { PATH, HOME, ...(PULUMI_HOME ? { PULUMI_HOME } : {}), ...environment }
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (text) => {
      stdout += text
    })
    child.stderr.on('data', (text) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    onStart(child)
  })
}
