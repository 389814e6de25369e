// The Action's code without its settings. In the package, `write-packaged-action` has replaced this module by the finished
// code: so the package needs no esbuild and has no module with a top-level await.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ENTRY = 'actions/backendless-login/index.ts'

/** What is loaded from the Action's declared dependencies instead of being bundled. */
export const EXTERNAL: readonly string[] = ['axios']

export interface BuiltAction {
  /** CommonJS, which expects a constant SETTINGS above it. */
  readonly code: string
  /** Modules that stay outside. */
  readonly imports: readonly string[]
}

/** @throws esbuild's error. */
export async function buildAction(entry = ENTRY): Promise<BuiltAction> {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    // Auth0 takes only a native async function: what is older than ES2017 would be compiled away.
    target: 'node22',
    charset: 'utf8',
    legalComments: 'inline',
    external: [...EXTERNAL],
    logLevel: 'silent',
  })
  const [output] = Object.values(result.metafile.outputs)
  return { code: result.outputFiles[0]?.text ?? '', imports: (output?.imports ?? []).map(({ path }) => path) }
}

/**
 * Begins as this module is loaded, and knows no settings yet: esbuild works in a process of its own while Node loads the
 * rest of the program. What goes wrong is told to whoever asks for the bundle.
 */
export const built: BuiltAction | Error = await buildAction().catch((error: unknown) =>
  error instanceof Error ? error : new Error(String(error)),
)
