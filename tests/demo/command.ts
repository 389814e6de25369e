// Runs a command of this project like a user, with a temporary folder and a process group of its own.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface EndedCommand {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The files left in its temporary folder. */
  readonly files: readonly string[]
  /** True if a process of its group is alive. */
  readonly processes: boolean
}

/**
 * `interruptAfter`: sends a SIGINT to the command, not to its group, once it has printed this. `environment`: added to that
 * of the tests.
 */
export function run(
  file: string,
  args: readonly string[] = [],
  interruptAfter?: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<EndedCommand> {
  const folder = mkdtempSync(join(tmpdir(), 'demo-test-'))
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd: root,
      env: { ...process.env, TMPDIR: folder, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let stdout = ''
    let stderr = ''
    let interrupted = false
    const watch = () => {
      if (interruptAfter === undefined || interrupted || !(stdout + stderr).includes(interruptAfter)) return
      interrupted = true
      child.kill('SIGINT')
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      watch()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      watch()
    })
    child.once('error', reject)
    child.once('close', (code) => {
      const files = readdirSync(folder)
      rmSync(folder, { recursive: true, force: true })
      resolve({ code, stdout, stderr, files, processes: isAlive(child.pid) })
    })
  })
}

// A zombie (state Z) is not alive.
function isAlive(group: number | undefined): boolean {
  const lines = execFileSync('ps', ['-A', '-o', 'pgid=,stat='], { encoding: 'utf8' }).trim().split('\n')
  return lines
    .map((line) => line.trim().split(/\s+/))
    .some(([id, state]) => Number(id) === group && !state?.startsWith('Z'))
}
