// The Action's code without its settings. In the package, `write-packaged-action` replaces this module by the built code, so
// that the package needs no esbuild and has no module with a top-level await.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ENTRY = 'actions/backendless-login/index.ts'

/** Modules that are not bundled: Auth0 installs them as dependencies of the Action. */
export const EXTERNAL: readonly string[] = ['axios']

export interface BuiltAction {
  /** CommonJS, to be placed below a constant SETTINGS. */
  readonly code: string
  /** Modules that the code requires. */
  readonly imports: readonly string[]
}

/** @throws BuildFailure of esbuild if the source cannot be bundled. */
export async function buildAction(entry = ENTRY): Promise<BuiltAction> {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    // Auth0 accepts only a native async function, which a target below ES2017 would not keep.
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
 * The build starts when this module is loaded, because esbuild runs in its own process while Node loads the rest of the
 * program. An error is kept, and thrown by `bundleAction`.
 */
export const built: BuiltAction | Error = await buildAction().catch((error: unknown) =>
  error instanceof Error ? error : new Error(String(error)),
)
