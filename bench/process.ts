// The process of one measure. It trusts the certificate of the local Backendless.
import { coldStart } from './cold.ts'
import { faults } from './faults.ts'
import { load } from './load.ts'
import type { Measurement } from './measure.ts'
import type { ServerIdentity } from './network.ts'
import { owned } from './owned.ts'
import { previewTime, program } from './program.ts'
import { knownUser, newUser } from './sign-in.ts'

export interface MeasureOrder {
  readonly measure: string
  readonly identity: ServerIdentity
}

const MEASURES: Readonly<Record<string, (identity: ServerIdentity) => Promise<Measurement[]>>> = {
  known: knownUser,
  first: newUser,
  owned,
  cold: coldStart,
  load,
  faults,
  program,
  preview: previewTime,
}

process.once('message', async ({ measure, identity }: MeasureOrder) => {
  const rows = await MEASURES[measure]?.(identity)
  process.send?.(rows, () => process.disconnect())
})
