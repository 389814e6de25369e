// Assigns console output to the execution that wrote it, even if several executions of an instance overlap.
import { AsyncLocalStorage } from 'node:async_hooks'
import { Console } from 'node:console'
import { Writable } from 'node:stream'

/** Runs executions, and passes the console output of each to `write`. */
export class AttributedConsole {
  readonly console: Console
  readonly #execution = new AsyncLocalStorage<number>()

  constructor(write: (execution: number, text: string) => void) {
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk, _encoding, done) => {
        const execution = this.#execution.getStore()
        if (execution !== undefined) write(execution, String(chunk))
        done()
      },
    })
    this.console = new Console({ stdout: stream, stderr: stream, colorMode: false })
  }

  run<Result>(execution: number, body: () => Promise<Result>): Promise<Result> {
    return this.#execution.run(execution, body)
  }
}
