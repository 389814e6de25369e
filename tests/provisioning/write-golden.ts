// `npm run golden`: accepts what the program declares now. The difference is what a reviewer looks at.
import { writeFile } from 'node:fs/promises'
import { ENVIRONMENTS } from './environments.ts'
import { golden, goldenFile } from './golden.ts'
import { record } from './recorded-resources.ts'

for (const [name, environment] of Object.entries(ENVIRONMENTS)) {
  await writeFile(goldenFile(name), golden(await record(environment)))
  console.log(`tests/provisioning/golden/${name}.json`)
}
