// Actions from Auth0's Marketplace. They are installed in the dashboard; no call of the Management API creates one.
import { randomUUID } from 'node:crypto'
import { type Action, addVersion, emptyAction, type Integration, timestamp } from './action.ts'

/** Returns an Action of the Marketplace, deployed from the start. */
export function installedAction(name: string, code: string): Action {
  const integration = { id: upperUuid(), name, installedId: upperUuid(), createdAt: timestamp() }
  const action = emptyAction(upperUuid(), name, integration)
  action.triggers = [{ id: 'post-login', version: 'v3' }]
  const version = addVersion(action, { ...action, code })
  version.deployed = true
  action.liveVersion = version
  action.status = 'built'
  action.allChangesDeployed = true
  return action
}

export function integrationShape({ id, name, installedId, createdAt }: Integration) {
  return {
    installed_integration_id: installedId,
    integration: {
      id,
      catalog_id: name.toLowerCase().replaceAll(/\W+/g, '-'),
      url_slug: name.toLowerCase().replaceAll(/\W+/g, '-'),
      name,
      feature_type: 'action',
      created_at: createdAt,
      updated_at: createdAt,
    },
  }
}

function upperUuid(): string {
  return randomUUID().toUpperCase()
}
