// The parent's side of the process in which one deployed version runs.

import { type ChildProcess, fork } from 'node:child_process'
import { type Effects, type HandlerCall, type Reply, type Request, TIMEOUT_MESSAGE } from './messages.ts'
import type { Program } from './module.ts'

// Characters of console output that Auth0 keeps per Action.
const MAX_LOG_CHARACTERS = 256
// Time limit for the answer to a ping, after an execution timed out.
const PING_MS = 200
const ENDED_MESSAGE = 'The instance of the Action ended.'

export type Ended =
  | { readonly kind: 'completed'; readonly log: string; readonly effects: Effects }
  | { readonly kind: 'failed'; readonly log: string; readonly message: string }

interface Pending {
  log: string
  readonly end: (ended: { kind: 'completed'; effects: Effects } | { kind: 'failed'; message: string }) => void
}

export class Instance {
  readonly #child: ChildProcess
  readonly #pending = new Map<number, Pending>()
  readonly #onStray: (message: string) => void
  readonly #exited: Promise<void>
  #lastId = 0
  #retired = false
  #silence: NodeJS.Timeout | undefined
  /** Settles when executions can begin. The code has not run by then. */
  readonly ready: Promise<void>

  constructor(
    program: Program,
    executable: string,
    environment: Readonly<Record<string, string>>,
    onStray: (message: string) => void,
  ) {
    this.#onStray = onStray
    // File-system writes are disabled, as on node22. The Action does not get this process's environment, such as its
    // proxies or the flags of a test runner.
    this.#child = fork(executable, [], {
      execPath: process.execPath,
      execArgv: ['--permission', '--allow-fs-read=*', '--no-warnings'],
      env: { ...environment },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#child.on('error', () => {})
    this.#exited = new Promise((resolve) => this.#child.once('exit', () => resolve()))
    this.ready = new Promise((resolve) => {
      this.#child.on('message', (reply: Reply) => (reply.kind === 'ready' ? resolve() : this.#receive(reply)))
      this.#child.once('exit', () => {
        this.#retired = true
        clearTimeout(this.#silence)
        this.#failAll(ENDED_MESSAGE)
        resolve()
      })
    })
    this.#send({ kind: 'load', ...program })
  }

  get usable(): boolean {
    return !this.#retired
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Runs the handler once. Several executions may run at the same time. */
  execute(execution: HandlerCall, milliseconds: number): Promise<Ended> {
    const id = ++this.#lastId
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#killUnlessAlive()
        pending.end({ kind: 'failed', message: TIMEOUT_MESSAGE })
      }, milliseconds)
      const pending: Pending = {
        log: '',
        end: (ended) => {
          clearTimeout(timer)
          this.#pending.delete(id)
          resolve({ ...ended, log: pending.log.trimEnd() })
          if (this.#retired && this.#pending.size === 0) this.#child.kill('SIGKILL')
        },
      }
      this.#pending.set(id, pending)
      if (this.#child.connected) this.#send({ kind: 'execute', id, ...execution })
      else pending.end({ kind: 'failed', message: ENDED_MESSAGE })
    })
  }

  /** Ends the process once its executions have ended. It gets no new ones. */
  async retire(): Promise<void> {
    this.#retired = true
    if (this.#pending.size === 0) await this.kill()
  }

  async kill(): Promise<void> {
    this.#retired = true
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  #receive(reply: Exclude<Reply, { kind: 'ready' }>): void {
    switch (reply.kind) {
      case 'pong':
        clearTimeout(this.#silence)
        return
      case 'log': {
        const pending = this.#pending.get(reply.id)
        if (pending) pending.log = (pending.log + reply.text).slice(0, MAX_LOG_CHARACTERS)
        return
      }
      case 'completed':
        this.#pending.get(reply.id)?.end({ kind: 'completed', effects: reply.effects })
        return
      case 'failed':
        this.#pending.get(reply.id)?.end({ kind: 'failed', message: reply.message })
        return
      case 'stray':
        // Node would end the process, so its executions fail, and the next sign-in gets a new process.
        this.#onStray(reply.message)
        this.#retired = true
        this.#failAll(reply.message)
        this.#child.kill('SIGKILL')
        return
      default:
        reply satisfies never
    }
  }

  // A timed-out execution that only waits does not affect the others in its instance; one that blocks the process ends it.
  #killUnlessAlive(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => void this.kill(), PING_MS)
    this.#send({ kind: 'ping' })
  }

  #failAll(message: string): void {
    for (const pending of [...this.#pending.values()]) pending.end({ kind: 'failed', message })
  }

  #send(request: Request): void {
    this.#child.send(request, () => {})
  }
}
