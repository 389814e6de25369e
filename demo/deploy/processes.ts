// Commands in processes of their own, which may start further ones.
import { execFileSync, spawn } from 'node:child_process'

export interface Command {
  readonly file: string
  readonly arguments: readonly string[]
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  /** Written to the standard input, which no list of processes shows. */
  readonly input?: string
  readonly signal?: AbortSignal | undefined
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end. @throws the signal's reason where it is aborted, after all its processes were ended. */
export function run({
  file,
  arguments: list,
  folder,
  environment,
  input = '',
  signal,
}: Command): Promise<Ended> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    // Detached: a Ctrl-C in the terminal is ours to hand on, for the command would take its time.
    const child = spawn(file, list, { cwd: folder, env: environment, stdio: 'pipe', detached: true })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const abort = () => {
      if (child.pid !== undefined) endTree(child.pid)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort)
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.once('error', reject)
    child.once('close', (code) => {
      signal?.removeEventListener('abort', abort)
      resolve({ code, stdout, stderr })
    })
  })
}

/** Ends a process and everything that it started, also what has a process group of its own, as Pulumi's plugins do. */
function endTree(root: number): void {
  const tree = new Set([root])
  for (const [id, parent] of processes()) if (tree.has(parent)) tree.add(id)
  for (const id of tree) {
    try {
      process.kill(id, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Pairs of process and parent, parents first but for ids that wrapped around. */
function processes(): [number, number][] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  return lines
    .map((line): [number, number] => {
      const [id = 0, parent = 0] = line.trim().split(/\s+/).map(Number)
      return [id, parent]
    })
    .sort(([one], [other]) => one - other)
}
