import { existsSync, readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileFunction } from 'node:vm'
import { RunError } from '@pulumi/pulumi'
import { type BuiltAction, built, EXTERNAL } from './action-build.ts'
import type { BundledSettings } from './deployed-settings.ts'

/** Auth0's limit for the code of an Action. */
const LARGEST_BUNDLE = 100_000

/** The runtime that the code is built for. */
export const RUNTIME = 'node22'

const ROOT = packageRoot()

export interface Bundle {
  /** CommonJS, readable; at most 100,000 bytes. */
  readonly code: string
  /** With the exact versions of package.json, which Auth0 installs. */
  readonly dependencies: readonly { readonly name: string; readonly version: string }[]
}

/**
 * The Action as one CommonJS file, with the settings as a constant at its top. The same input gives the same bytes on
 * any machine.
 * @throws RunError if the result is too large, leaves another module outside, does not parse, or has no native async
 * handler.
 */
export function bundleAction(settings: BundledSettings, build: BuiltAction | Error = built): Bundle {
  if (build instanceof Error) throw build
  const { version, dependencies } = readPackage()
  const code = `${header(version, settings)}\n${build.code}`
  check(code, build.imports)
  return { code, dependencies: EXTERNAL.map((name) => ({ name, version: exactVersion(name, dependencies) })) }
}

function header(version: string, settings: BundledSettings): string {
  return [
    `// Backendless login for Auth0 ${version}. Deployed by Pulumi: an edit here is lost at the next \`pulumi up\` that updates the Action, or that has --refresh.`,
    `const SETTINGS = ${JSON.stringify(settings, null, 2)};`,
  ].join('\n')
}

function check(code: string, imports: BuiltAction['imports']): void {
  const bytes = Buffer.byteLength(code)
  if (bytes > LARGEST_BUNDLE) {
    throw new RunError(
      `The Action's code has ${bytes} bytes, and Auth0 takes ${LARGEST_BUNDLE}. Import less in actions/.`,
    )
  }
  const outside = imports.filter((path) => !EXTERNAL.includes(path) && !isBuiltin(path))
  if (outside.length > 0) {
    throw new RunError(
      `The Action imports ${outside.join(', ')}, which would not be there in Auth0. Only ${EXTERNAL.join(', ')} stays outside the bundle.`,
    )
  }
  if (handlerKind(code) !== 'AsyncFunction') {
    throw new RunError(
      'The Action exports no native async function onExecutePostLogin, the only handler that Auth0 takes. Export it as `export async function onExecutePostLogin(event, api)`.',
    )
  }
}

/** Returns the constructor's name of the exported handler, which is what Auth0 checks. */
function handlerKind(code: string): string | undefined {
  const module: { exports: { onExecutePostLogin?: unknown } } = { exports: {} }
  const require = createRequire(import.meta.url)
  parse(code)(module, module.exports, (name: string) => (isBuiltin(name) ? require(name) : ANYTHING))
  const handler = module.exports.onExecutePostLogin
  return typeof handler === 'function' ? handler.constructor.name : undefined
}

/** Auth0 does not parse the code when it builds an Action: with a syntax error, every sign-in would fail. */
function parse(code: string): ReturnType<typeof compileFunction> {
  try {
    return compileFunction(code, ['module', 'exports', 'require'], { filename: 'action.js' })
  } catch (error) {
    // The first line of a syntax error's stack is its position.
    const [position = 'action.js'] = error instanceof Error ? (error.stack ?? '').split('\n') : []
    throw new RunError(
      `The Action's code does not parse, and every sign-in would fail: ${error instanceof Error ? error.message : error} (${position}). Correct the source in actions/. If this is the installed package, install it again.`,
    )
  }
}

/** Replaces an external module while the exports are checked: loading axios would take longer than everything else. */
const ANYTHING: object = new Proxy(() => ANYTHING, { get: () => ANYTHING, apply: () => ANYTHING })

interface Package {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
}

function readPackage(): Package {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
}

/** The folder with package.json: one folder up, or two from the compiled copy in `dist`. */
function packageRoot(): string {
  const up = fileURLToPath(new URL('..', import.meta.url))
  return existsSync(join(up, 'package.json')) ? up : join(up, '..')
}

function exactVersion(name: string, dependencies: Package['dependencies']): string {
  const version = dependencies[name]
  if (!version || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new RunError(`package.json must pin ${name} to an exact version: Auth0 installs what stands there.`)
  }
  return version
}
