import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

let bundled: Uint8Array | undefined

/**
 * Writes the program of an instance as one JavaScript file, and returns its path. A process starts from it four times as
 * fast as from the TypeScript sources.
 */
export async function writeExecutable(folder: string): Promise<string> {
  bundled ??= bundle()
  const file = join(folder, 'instance.cjs')
  await writeFile(file, bundled)
  return file
}

function bundle(): Uint8Array {
  const [file] = buildSync({
    entryPoints: [fileURLToPath(new URL('process.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    write: false,
  }).outputFiles
  if (!file) throw new Error('esbuild gave no file.')
  return file.contents
}
