// The JSON of Actions, versions and bindings, field by field as recorded from Auth0. It contains no secret values.
import type { Action, Secret, Trigger, Version } from './action.ts'
import { integrationShape } from './marketplace.ts'

export interface Binding {
  readonly id: string
  readonly triggerId: string
  readonly action: Action
  /** Left out if it is empty. */
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
    ...(action.integration ? integrationShape(action.integration) : {}),
    all_changes_deployed: action.allChangesDeployed,
  }
}

/** A version, read by itself or in the list of versions. */
export function versionShape(action: Action, version: Version) {
  return { ...bareVersion(version), action: ownerShape(action) }
}

/** The answer to a deploy call: the requested version, before it runs. */
export function deployShape(action: Action, version: Version) {
  const { built_at: _, ...shape } = versionShape(action, version)
  return { ...shape, deployed: false }
}

export function bindingShape(binding: Binding) {
  const { action, displayName } = binding
  return {
    id: binding.id,
    trigger_id: binding.triggerId,
    action: {
      ...actionHead(action),
      ...versionsOf(action),
      ...(action.integration ? integrationShape(action.integration) : {}),
      all_changes_deployed: false,
    },
    created_at: binding.createdAt,
    updated_at: binding.updatedAt,
    ...(displayName === '' ? {} : { display_name: displayName }),
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

function ownerShape(action: Action) {
  return { ...actionHead(action), all_changes_deployed: false }
}

function versionsOf({ deployedVersion: version, integration }: Action) {
  if (!version) return {}
  const { id, code, runtime, createdAt, updatedAt, number } = version
  const current = {
    id,
    code,
    runtime,
    status: version.status.toUpperCase(),
    ...(version.status === 'built' ? { build_time: createdAt } : {}),
    created_at: createdAt,
    updated_at: updatedAt,
  }
  const deployed = bareVersion(version)
  if (!integration) return { current_version: { ...current, number }, deployed_version: deployed }
  const { number: _, supported_triggers: __, ...shown } = deployed
  return { current_version: current, deployed_version: shown }
}

function bareVersion(version: Version) {
  return {
    id: version.id,
    code: version.code,
    dependencies: version.dependencies,
    deployed: version.deployed,
    number: version.number,
    ...(version.status === 'built' ? { built_at: version.createdAt } : {}),
    secrets: secretShapes(version.secrets),
    status: version.status,
    created_at: version.createdAt,
    updated_at: version.updatedAt,
    runtime: version.runtime,
    supported_triggers: version.triggers.map(triggerShape),
  }
}

function secretShapes(secrets: readonly Secret[]) {
  return secrets.map(({ name, updatedAt }) => ({ name, updated_at: updatedAt }))
}

function triggerShape({ id, version }: Trigger) {
  return { id, version }
}
