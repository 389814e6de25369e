// A step of `npm run build`: in the package, replaces the module that builds the Action by one with the built code. A program
// that uses the package then needs no esbuild, and may be CommonJS: `require` cannot load a module with a top-level await.
import { writeFileSync } from 'node:fs'
import { built, EXTERNAL } from './action-build.ts'

if (built instanceof Error) throw built

const module = [
  `export const EXTERNAL = ${JSON.stringify(EXTERNAL)}`,
  `export const built = ${JSON.stringify(built, null, 2)}`,
  '',
]
writeFileSync(new URL('../dist/provisioning/action-build.js', import.meta.url), module.join('\n'))
