// An Action as the tenant keeps it: one draft, and the versions that were deployed from it.
import { randomInt, randomUUID } from 'node:crypto'
import { type Dependency, pinned } from '../dependencies.ts'
import type { ActionCreation, ActionPatch } from './bodies.ts'

const maxVersions = 50

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

/** What a version is made from. */
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
  /** Does it run? A deployment takes a moment. */
  deployed: boolean
}

export interface Action extends Draft {
  readonly id: string
  name: string
  triggers: readonly Trigger[]
  readonly createdAt: string
  updatedAt: string
  status: Status
  /** Is the draft what was deployed last? */
  allChangesDeployed: boolean
  readonly versions: Version[]
  /** Asked for last. */
  deployedVersion?: Version
  /** Runs now; the same, as soon as the deployment is done. */
  liveVersion?: Version
}

export function newAction(body: ActionCreation): Action {
  const now = timestamp()
  const action: Action = {
    id: randomUUID(),
    name: body.name,
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
  change(action, body)
  return action
}

/** Changes the draft: what the body lacks is kept, `[]` clears. */
export function change(action: Action, body: ActionPatch): void {
  const now = timestamp()
  if (body.name !== undefined) action.name = body.name
  if (body.supported_triggers !== undefined) {
    action.triggers = body.supported_triggers.map(({ id, version }) => ({ id, version: version ?? 'v3' }))
  }
  if (body.code !== undefined) action.code = body.code
  if (body.dependencies !== undefined) action.dependencies = body.dependencies.map(pinned)
  if (body.runtime !== undefined) action.runtime = body.runtime
  if (body.secrets !== undefined) {
    const before = action.secrets
    action.secrets = body.secrets.map(({ name, value }) => {
      const old = before.find((secret) => secret.name === name)
      if (old && (value === undefined || value === old.value)) return old
      return { name, value: value ?? '', updatedAt: now }
    })
  }
  action.updatedAt = now
  action.allChangesDeployed = false
  action.status = 'pending'
}

/** Adds a version, which does not run yet. Of more than 50 the oldest that is not in use goes. */
export function addVersion(action: Action, content: Readonly<Draft>): Version {
  const now = timestamp()
  const version: Version = {
    id: randomUUID(),
    number: (action.versions.at(-1)?.number ?? 0) + 1,
    code: content.code,
    dependencies: content.dependencies,
    runtime: content.runtime,
    secrets: content.secrets,
    triggers: action.triggers,
    createdAt: now,
    updatedAt: now,
    deployed: false,
  }
  action.versions.push(version)
  action.deployedVersion = version
  if (action.versions.length > maxVersions) {
    const unused = action.versions.findIndex((each) => each !== version && each !== action.liveVersion)
    action.versions.splice(unused, 1)
  }
  return version
}

/** Like `2026-05-29T10:45:58.888947671Z`: Auth0 sends nanoseconds. */
export function timestamp(): string {
  return new Date().toISOString().replace('Z', `${String(randomInt(1_000_000)).padStart(6, '0')}Z`)
}
