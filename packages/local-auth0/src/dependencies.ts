// npm modules of Actions: those that Node finds from this package, in place of a registry.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A module an Action declares, at exactly one version. */
export interface Dependency {
  readonly name: string
  readonly version: string
  /** Shown until the module is installed. Nothing is downloaded from it. */
  readonly registry_url?: string | undefined
}

const PACKAGE_NAME = /^(@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*$/

/** The folder from which the modules of Actions are found, in its own node_modules or those of a folder above. */
export const MODULES_ROOT = dirname(fileURLToPath(import.meta.url))

const { resolve } = createRequire(import.meta.url)

/** Auth0 replaces `latest` by a concrete version when the Action is saved. */
export function pinned(dependency: Dependency): Dependency {
  if (dependency.version !== 'latest') return dependency
  const folder = folderOf(dependency.name)
  return { ...dependency, version: (folder && versionIn(folder)) ?? 'latest' }
}

/** True if this module is installed at exactly this version and is not a native module. */
export function isAvailable({ name, version }: Dependency): boolean {
  const folder = folderOf(name)
  return folder !== undefined && versionIn(folder) === version && !existsSync(join(folder, 'binding.gyp'))
}

function folderOf(name: string): string | undefined {
  if (!PACKAGE_NAME.test(name)) return undefined
  const folders = resolve.paths(name) ?? []
  return folders
    .map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, 'package.json')))
}

function versionIn(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) return undefined
    return typeof manifest.version === 'string' ? manifest.version : undefined
  } catch {
    return undefined
  }
}
