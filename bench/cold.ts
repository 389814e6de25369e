// The cost of a cold start: the first sign-in of a new instance waits until the code is loaded.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { bundleAction } from '../provisioning/bundle.ts'
import { SETTINGS } from '../tests/settings.ts'
import { alternate, type Measurement, row } from './measure.ts'

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url))

const ROUNDS = 30
/** Auth0's limit for the code of an Action. */
const LARGEST_BUNDLE = 100_000

export async function coldStart(): Promise<Measurement[]> {
  const bundle = bundleAction(SETTINGS)
  const folder = mkdtempSync(join(tmpdir(), 'bench-cold-'))
  try {
    const file = join(folder, 'load.cjs')
    buildSync({
      entryPoints: [fileURLToPath(new URL('cold-load.ts', import.meta.url))],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node22',
      outfile: file,
    })
    const load = async (loadBundle: boolean) => {
      const child = fork(file, { execArgv: ['--no-warnings'] })
      child.send({ program: { ...bundle, root: PROJECT_ROOT }, bundle: loadBundle })
      const ended = once(child, 'exit')
      const [milliseconds]: number[] = await once(child, 'message')
      await ended
      return milliseconds ?? Number.NaN
    }
    await load(true)
    const [ours, axios] = await alternate([() => load(true), () => load(false)], ROUNDS)
    return [
      row(
        { name: 'cold/axios', what: "load the bundle / require('axios')", unit: 'ms', goal: { atMost: 1.1 } },
        ours,
        axios,
      ),
      ...weight(bundle.code),
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The size of the bundle against Auth0's limit, and the bytes of it that come from actions/. */
function weight(code: string): Measurement[] {
  const bytes = Buffer.byteLength(code)
  return [
    row(
      { name: 'weight/limit', what: "the bundle / Auth0's limit", unit: 'bytes', goal: { atMost: 1 } },
      bytes,
      LARGEST_BUNDLE,
    ),
    row(
      { name: 'weight/ours', what: 'bytes of it from actions/', unit: 'bytes' },
      bytesFrom('actions/', code),
      bytes,
    ),
  ]
}

/** esbuild names the source file of each part in a comment line. */
function bytesFrom(folder: string, code: string): number {
  const parts = code.split(/^(?=\/\/ [\w@./-]+\.[cm]?[jt]s$)/m)
  return parts
    .filter((part) => part.startsWith(`// ${folder}`))
    .reduce((sum, part) => sum + Buffer.byteLength(part), 0)
}
