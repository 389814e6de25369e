// A step of `npm run build`: puts the finished code of the Action into the package in place of the module that builds it.
// A program that uses the package then needs no esbuild, and may be CommonJS: `require` takes no module that waits.
import { writeFileSync } from 'node:fs'
import { built, EXTERNAL } from './action-build.ts'

if (built instanceof Error) throw built

const module = [
  `export const EXTERNAL = ${JSON.stringify(EXTERNAL)}`,
  `export const built = ${JSON.stringify(built, null, 2)}`,
  '',
]
writeFileSync(new URL('../dist/provisioning/action-build.js', import.meta.url), module.join('\n'))
