// The Actions and bindings of the tenant, and the rules about them.
import { randomUUID } from 'node:crypto'
import { type Action, addVersion, change, newAction, timestamp, type Version } from './action.ts'
import type { ActionCreation, ActionPatch, BindingRequest } from './bodies.ts'
import type { Builds } from './builds.ts'
import { ApiError } from './errors.ts'
import { installedAction } from './marketplace.ts'
import type { Binding } from './shapes.ts'
import { checkBindable } from './triggers.ts'

const MAX_ACTIONS = 100
const MAX_BINDINGS = 20

export class Tenant {
  readonly actions = new Map<string, Action>()
  readonly #bindings = new Map<string, readonly Binding[]>()
  readonly #builds: Builds

  constructor(builds: Builds) {
    this.#builds = builds
  }

  create(body: ActionCreation): Action {
    this.#checkName(body.name)
    if (this.actions.size >= MAX_ACTIONS)
      throw new ApiError(403, `The tenant has ${MAX_ACTIONS} actions already.`)
    const action = newAction(body)
    this.actions.set(action.id, action)
    this.#buildDraft(action, body.deploy)
    return action
  }

  /** Adds an Action from the Marketplace. It can be bound like any other. */
  install(name: string, code: string): Action {
    const action = installedAction(name, code)
    this.actions.set(action.id, action)
    return action
  }

  /** @throws ApiError 404. An Action of the Marketplace is listed, but cannot be read or changed by its id. */
  action(id: string): Action {
    const action = this.actions.get(id)
    if (id === '') throw new ApiError(404, 'Not Found')
    if (!action || action.integration) throw new ApiError(404, 'That action does not exist.')
    return action
  }

  update(id: string, body: ActionPatch): Action {
    const action = this.action(id)
    if (body.name !== undefined) this.#checkName(body.name, action)
    change(action, body)
    this.#buildDraft(action, body.deploy)
    return action
  }

  /** With `force`, removes its bindings too. */
  delete(id: string, force: boolean): void {
    const action = this.action(id)
    const bound = [...this.#bindings.values()].flat().some((binding) => binding.action === action)
    if (bound && !force) throw new ApiError(409, 'Unable to delete an action bound to a trigger.')
    for (const [trigger, bindings] of this.#bindings) {
      this.#bindings.set(
        trigger,
        bindings.filter((binding) => binding.action !== action),
      )
    }
    this.actions.delete(id)
  }

  /** Deploys the draft as a new version. */
  deploy(id: string): { action: Action; version: Version } {
    const action = this.action(id)
    if (action.status !== 'built') {
      throw new ApiError(400, "A draft must be in the 'built' state before it can be deployed.")
    }
    const version = addVersion(action, action)
    action.allChangesDeployed = true
    this.#builds.deploy(action, version)
    return { action, version }
  }

  version(id: string, versionId: string): Version {
    const version = this.action(id).versions.find((each) => each.id === versionId)
    if (!version) throw new ApiError(404, 'That version does not exist.')
    return version
  }

  /** Rolls back: deploys a new version with the content of an older one. With `updateDraft`, the draft gets it too. */
  redeploy(id: string, versionId: string, updateDraft: boolean): { action: Action; version: Version } {
    const action = this.action(id)
    const older = this.version(id, versionId)
    const version = addVersion(action, older)
    if (updateDraft) {
      const { code, dependencies, runtime, secrets } = older
      Object.assign(action, { code, dependencies, runtime, secrets, status: 'built' })
    }
    action.allChangesDeployed = updateDraft
    this.#builds.deploy(action, version)
    return { action, version }
  }

  bindings(trigger: string): readonly Binding[] {
    return this.#bindings.get(trigger) ?? []
  }

  /** Replaces the whole list; every binding gets a new id. */
  bind(trigger: string, requests: readonly BindingRequest[]): readonly Binding[] {
    checkBindable(trigger)
    if (requests.length > MAX_BINDINGS)
      throw new ApiError(400, `At most ${MAX_BINDINGS} actions can be bound to a trigger.`)
    const now = timestamp()
    const bindings = requests.map(({ ref, display_name: displayName }): Binding => {
      const { action, displayName: before } = this.#referred(trigger, ref)
      if (!action) throw new ApiError(400, 'Trying to create a binding for an action that does not exist.')
      if (!action.triggers.some(({ id }) => id === trigger)) {
        throw new ApiError(400, 'Trying to create a binding between an incompatible action and trigger.')
      }
      if (!action.liveVersion) {
        throw new ApiError(400, 'Trying to create a binding for an action that has not been deployed.')
      }
      const base = { id: randomUUID(), triggerId: trigger, action, createdAt: now, updatedAt: now }
      return { ...base, displayName: displayName ?? before ?? (action.integration ? '' : action.name) }
    })
    this.#bindings.set(trigger, bindings)
    return bindings
  }

  #buildDraft(action: Action, deploy = false): void {
    if (!deploy) {
      this.#builds.build(action)
      return
    }
    const version = addVersion(action, action, 'pending')
    version.deployed = true
    action.allChangesDeployed = true
    this.#builds.build(action, version)
  }

  #referred(
    trigger: string,
    { type, value }: BindingRequest['ref'],
  ): { readonly action?: Action; readonly displayName?: string } {
    if (type === 'binding_id') return this.bindings(trigger).find(({ id }) => id === value) ?? {}
    const action = [...this.actions.values()].find(
      ({ id, name }) => (type === 'action_id' ? id : name) === value,
    )
    return action ? { action } : {}
  }

  #checkName(name: string, self?: Action): void {
    const other = [...this.actions.values()].find(named(name))
    if (other && other !== self) throw new ApiError(409, `An action with the name '${name}' already exists.`)
  }
}

function named(name: string): (action: Action) => boolean {
  return (action) => action.name === name
}
