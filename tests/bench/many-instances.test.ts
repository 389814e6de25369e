// docs/availability.md has the results of the simulation.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { availabilityRows, simulate } from '../../bench/many-instances.ts'

describe('an outage on many instances', () => {
  it('holds as many executions as the table in docs/availability.md says', async () => {
    const page = await readFile(new URL('../../docs/availability.md', import.meta.url), 'utf8')
    const documented = page.match(/^\| \d+ \| \d+ \| .*$/gm)
    assert.deepEqual(documented, availabilityRows())
  })

  it('holds at most 80 executions at 100 sign-ins a second on one instance', () => {
    assert.ok(simulate(100, 1).mostInFlight <= 80)
  })
})
