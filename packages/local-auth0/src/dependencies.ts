// npm modules of Actions: those in this project's node_modules, in place of a registry.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A module an Action declares, at exactly one version. */
export interface Dependency {
  readonly name: string
  readonly version: string
  /** Shown until the module is installed. Nothing is downloaded from it. */
  readonly registry_url?: string | undefined
}

const packageName = /^(@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*$/

/** The folder whose node_modules holds the modules. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '../../..')

/** Auth0 replaces `latest` by a concrete version when the Action is saved. */
export function pinned(dependency: Dependency): Dependency {
  if (dependency.version !== 'latest') return dependency
  return { ...dependency, version: installedVersion(dependency.name) ?? 'latest' }
}

/** True if this module is installed at exactly this version and is not a native module. */
export function isAvailable({ name, version }: Dependency): boolean {
  return (
    installedVersion(name) === version && !existsSync(join(projectRoot, 'node_modules', name, 'binding.gyp'))
  )
}

function installedVersion(name: string): string | undefined {
  if (!packageName.test(name)) return undefined
  try {
    const manifest: unknown = JSON.parse(
      readFileSync(join(projectRoot, 'node_modules', name, 'package.json'), 'utf8'),
    )
    if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) return undefined
    return typeof manifest.version === 'string' ? manifest.version : undefined
  } catch {
    return undefined
  }
}
