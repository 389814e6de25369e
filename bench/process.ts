// The process of one measure. It trusts the certificate of the local Backendless.
import { coldStart } from './cold.ts'
import { faults } from './faults.ts'
import { load } from './load.ts'
import type { Row } from './measure.ts'
import type { Identity } from './network.ts'
import { owned } from './owned.ts'
import { preview, program } from './program.ts'
import { firstSignIn, knownUser } from './sign-in.ts'

export interface Order {
  readonly measure: string
  readonly identity: Identity
}

const MEASURES: Readonly<Record<string, (identity: Identity) => Promise<Row[]>>> = {
  known: knownUser,
  first: firstSignIn,
  owned,
  cold: coldStart,
  load,
  faults,
  program,
  preview,
}

process.once('message', async ({ measure, identity }: Order) => {
  const rows = await MEASURES[measure]?.(identity)
  process.send?.(rows, () => process.disconnect())
})
