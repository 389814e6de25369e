// What a run that was interrupted has counted so far, for `--resume`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { Problem } from '../problem.ts'
import { tallySchema } from './tally.ts'

const interruptedSchema = z.object({
  since: z.number(),
  checkpoint: z.string(),
  clients: z.array(z.string()),
  tally: tallySchema,
})

/** Counts and a place in the log; no address and no user. `since` is in milliseconds since 1970. */
export type Interrupted = z.infer<typeof interruptedSchema>

/** One file for each stack, below the folder where the command runs. */
export class Resumption {
  readonly #file: string

  constructor(folder: string, stack: string) {
    this.#file = join(folder, '.backendless-login', `outcomes-${stack.replaceAll('/', '.')}.json`)
  }

  /** @throws Problem if there is nothing to resume, or it was counted for other clients. */
  read(clients: readonly string[]): Interrupted {
    let content: unknown
    try {
      content = JSON.parse(readFileSync(this.#file, 'utf8'))
    } catch {
      throw new Problem('No run was interrupted here. Run it without --resume.')
    }
    const { data } = interruptedSchema.safeParse(content)
    if (data && data.clients.join('\n') === clients.join('\n')) return data
    throw new Problem(
      'The interrupted run counted for other clients, or its file is damaged. Run it without --resume.',
    )
  }

  write(interrupted: Interrupted): void {
    try {
      mkdirSync(dirname(this.#file), { recursive: true })
      writeFileSync(this.#file, JSON.stringify(interrupted))
    } catch {
      throw new Problem(`${this.#file} cannot be written, so an interruption would lose what was counted.`)
    }
  }

  remove(): void {
    rmSync(this.#file, { force: true })
  }
}
