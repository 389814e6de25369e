// The JSON of Actions, versions and bindings, field by field as recorded from Auth0. No secret value gets in here.
import type { Action, Secret, Trigger, Version } from './action.ts'

export interface Binding {
  readonly id: string
  readonly triggerId: string
  readonly action: Action
  readonly displayName: string
  readonly createdAt: string
  readonly updatedAt: string
}

export function actionShape(action: Action) {
  return {
    ...actionHead(action),
    code: action.code,
    dependencies: action.dependencies,
    runtime: action.runtime,
    status: action.status,
    secrets: secretShapes(action.secrets),
    ...versionsOf(action),
    all_changes_deployed: action.allChangesDeployed,
  }
}

export function versionShape(version: Version) {
  return {
    id: version.id,
    code: version.code,
    dependencies: version.dependencies,
    deployed: version.deployed,
    number: version.number,
    built_at: version.createdAt,
    secrets: secretShapes(version.secrets),
    status: 'built',
    created_at: version.createdAt,
    updated_at: version.updatedAt,
    runtime: version.runtime,
    supported_triggers: version.triggers.map(triggerShape),
  }
}

/** The answer to a deploy call: the version as it was asked for, before it runs. */
export function deployShape(action: Action, version: Version) {
  const { built_at: _, ...shape } = versionShape(version)
  return { ...shape, deployed: false, action: { ...actionHead(action), all_changes_deployed: false } }
}

export function bindingShape(binding: Binding) {
  return {
    id: binding.id,
    trigger_id: binding.triggerId,
    action: { ...actionHead(binding.action), ...versionsOf(binding.action), all_changes_deployed: false },
    created_at: binding.createdAt,
    updated_at: binding.updatedAt,
    display_name: binding.displayName,
  }
}

function actionHead(action: Action) {
  return {
    id: action.id,
    name: action.name,
    supported_triggers: action.triggers.map(triggerShape),
    created_at: action.createdAt,
    updated_at: action.updatedAt,
  }
}

function versionsOf({ deployedVersion: version }: Action) {
  if (!version) return {}
  return {
    current_version: {
      id: version.id,
      code: version.code,
      runtime: version.runtime,
      status: 'BUILT',
      number: version.number,
      build_time: version.createdAt,
      created_at: version.createdAt,
      updated_at: version.updatedAt,
    },
    deployed_version: versionShape(version),
  }
}

function secretShapes(secrets: readonly Secret[]) {
  return secrets.map(({ name, updatedAt }) => ({ name, updated_at: updatedAt }))
}

function triggerShape({ id, version }: Trigger) {
  return { id, version }
}
