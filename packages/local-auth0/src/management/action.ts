// An Action of the tenant: one draft, and the versions that were deployed from it.
import { randomInt, randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Dependency, pinned } from '../dependencies.ts'
import type { ActionCreation, ActionPatch } from './bodies.ts'
import { currentVersion } from './triggers.ts'

const MAX_VERSIONS = 50

export interface Secret {
  readonly name: string
  readonly value: string
  readonly updatedAt: string
}

export interface Trigger {
  readonly id: string
  readonly version: string
}

export type Status = 'pending' | 'building' | 'retrying' | 'built' | 'failed'

/** The content from which a version is made. */
export interface Draft {
  code: string
  dependencies: readonly Dependency[]
  runtime: string
  secrets: readonly Secret[]
}

export interface Version extends Readonly<Draft> {
  readonly id: string
  readonly number: number
  readonly triggers: readonly Trigger[]
  readonly createdAt: string
  updatedAt: string
  /** `built` from the start, unless the version was requested together with its draft. */
  status: Status
  /** As the API shows it. A deployment takes a moment. */
  deployed: boolean
}

/** An entry of the Marketplace's catalogue, as the Management API shows it. */
export interface Integration {
  readonly id: string
  readonly name: string
  readonly installedId: string
  readonly createdAt: string
}

export interface Action extends Draft {
  readonly id: string
  name: string
  triggers: readonly Trigger[]
  readonly createdAt: string
  updatedAt: string
  status: Status
  /** True if the draft equals the version deployed last. */
  allChangesDeployed: boolean
  readonly versions: Version[]
  /** The version whose deployment was requested last. */
  deployedVersion?: Version
  /** The version that runs. Equal to `deployedVersion` once the deployment is done. */
  liveVersion?: Version
  /** Present if the Action was installed from the Marketplace. */
  readonly integration?: Integration
}

/** Returns an Action without a draft. */
export function emptyAction(id: string, name: string, integration?: Integration): Action {
  const now = timestamp()
  const action: Action = {
    id,
    name,
    triggers: [],
    createdAt: now,
    updatedAt: now,
    code: '',
    dependencies: [],
    runtime: 'node22',
    secrets: [],
    status: 'pending',
    allChangesDeployed: false,
    versions: [],
  }
  return integration ? { ...action, integration } : action
}

export function newAction(body: ActionCreation): Action {
  const action = emptyAction(randomUUID(), body.name)
  change(action, body)
  return action
}

/**
 * Changes the draft: fields that the body lacks are kept, `[]` clears a list. A body that changes nothing does not change
 * `allChangesDeployed`, but the draft is built again.
 */
export function change(action: Action, body: ActionPatch): void {
  const now = timestamp()
  const before = contentOf(action)
  if (body.name !== undefined) action.name = body.name
  if (body.supported_triggers !== undefined) {
    action.triggers = body.supported_triggers.map(({ id, version }) => ({
      id,
      version: version ?? currentVersion(id),
    }))
  }
  if (body.code !== undefined) action.code = body.code
  if (body.dependencies !== undefined) action.dependencies = body.dependencies.map(pinned)
  if (body.runtime !== undefined) action.runtime = body.runtime
  if (body.secrets !== undefined) action.secrets = secretsAfter(action.secrets, body.secrets, now)
  action.updatedAt = now
  action.status = 'pending'
  if (!isDeepStrictEqual(contentOf(action), before)) action.allChangesDeployed = false
}

/** Returns the content of a new version, without times. */
function contentOf({ name, triggers, code, dependencies, runtime, secrets }: Action) {
  const modules = dependencies.map((dependency) => [dependency.name, dependency.version])
  const values = secrets.map((secret) => [secret.name, secret.value])
  return { name, triggers, code, modules, runtime, values }
}

/** Existing secrets keep their order, and new ones follow. A secret that comes with a value gets a new time. */
function secretsAfter(
  before: readonly Secret[],
  sent: NonNullable<ActionPatch['secrets']>,
  now: string,
): readonly Secret[] {
  const place = (name: string) => {
    const index = before.findIndex((secret) => secret.name === name)
    return index < 0 ? before.length : index
  }
  return sent
    .toSorted((one, other) => place(one.name) - place(other.name))
    .map(({ name, value }) => {
      const old = before[place(name)]
      return old && value === undefined ? old : { name, value: value ?? '', updatedAt: now }
    })
}

/** Adds a version, which does not run yet. With more than 50 versions, the oldest that is not in use is removed. */
export function addVersion(action: Action, content: Readonly<Draft>, status: Status = 'built'): Version {
  const now = timestamp()
  const version: Version = {
    id: randomUUID(),
    number: (action.versions.at(-1)?.number ?? 0) + 1,
    code: content.code,
    dependencies: content.dependencies.map(({ name, version }) => ({ name, version })),
    runtime: content.runtime,
    secrets: content.secrets,
    triggers: action.triggers,
    createdAt: now,
    updatedAt: now,
    status,
    deployed: false,
  }
  action.versions.push(version)
  action.deployedVersion = version
  if (action.versions.length > MAX_VERSIONS) {
    const unused = action.versions.findIndex((each) => each !== version && each !== action.liveVersion)
    action.versions.splice(unused, 1)
  }
  return version
}

/** Like `2026-05-29T10:45:58.888947671Z`: Auth0 sends nanoseconds. */
export function timestamp(): string {
  return new Date().toISOString().replace('Z', `${String(randomInt(1_000_000)).padStart(6, '0')}Z`)
}
