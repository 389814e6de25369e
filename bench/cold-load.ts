// The program of a new process that loads one module and reports how long that took. Bundled by cold.ts, so that Node strips no types.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { lazyModule, type Program } from '@backendless-login/local-auth0/host'

process.once('message', ({ program, bundle }: { program: Program; bundle: boolean }) => {
  const require = createRequire(join(program.root, 'action.js'))
  const began = performance.now()
  if (bundle) lazyModule(program, console)()
  else require('axios')
  process.send?.(performance.now() - began, () => process.disconnect())
})
