// `npm run golden`: records what the program declares. A reviewer checks the difference.
import { writeFile } from 'node:fs/promises'
import { ENVIRONMENTS } from './environments.ts'
import { golden, goldenFile } from './golden.ts'
import { record } from './recorded-resources.ts'

for (const [name, environment] of Object.entries(ENVIRONMENTS)) {
  await writeFile(goldenFile(name), golden(await record(environment)))
  console.log(`tests/provisioning/golden/${name}.json`)
}
