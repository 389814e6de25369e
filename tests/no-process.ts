// Loaded by `npm run test:quick`: a test that starts a process fails, except for esbuild's own process.
import { ChildProcess } from 'node:child_process'

const start = Reflect.get(ChildProcess.prototype, 'spawn')

Reflect.set(ChildProcess.prototype, 'spawn', function (this: ChildProcess, options: { file: string }) {
  if (/esbuild/.test(options.file)) return Reflect.apply(start, this, [options])
  throw new Error(`A test of test:quick starts ${options.file}: leave its file out of it in tests/run.ts.`)
})
