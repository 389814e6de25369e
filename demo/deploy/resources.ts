import { randomInt } from 'node:crypto'
import * as pulumi from '@pulumi/pulumi'
import type { MockResourceArgs, MockResourceResult } from '@pulumi/pulumi/runtime/index.js'
import { z } from 'zod'
import { actionInputs, applyAction, bindAction } from './action.ts'
import type { ManagementApi } from './management-api.ts'
import type { DeployOrder, DeployState } from './messages.ts'
import { actionPlan } from './plan.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Strict: an unknown input is an error, not ignored. */
const passwordInputs = z.strictObject({
  length: z.int().positive(),
  special: z.literal(false),
  keepers: z.record(z.string(), z.string()).default({}),
})

/** An Action that does not exist yet has no id. */
const UNKNOWN = 'unknown'

/**
 * Applies each resource that the program declares, and records it in `state`. For a plan, it changes nothing. `plan`: the
 * changes that were made or planned.
 */
export class Resources {
  readonly plan: string[] = []
  readonly #api: ManagementApi
  readonly #state: DeployState
  readonly #applies: boolean
  readonly #declaredPasswords = new Set<string>()
  /** Values that the Action had before. */
  readonly #valuesInUse: ReadonlySet<string>

  constructor(api: ManagementApi, state: DeployState, work: DeployOrder['work']) {
    this.#api = api
    this.#state = state
    this.#applies = work === 'apply'
    const secrets = Object.values(state.actions).flatMap(({ inputs }) => inputs?.secrets ?? [])
    this.#valuesInUse = new Set(secrets.map(({ value }) => value))
  }

  /** @throws Error if the tenant refuses, or the type or an input of the resource is unknown here. */
  async apply({ type, name, custom, id, inputs: sent }: MockResourceArgs): Promise<MockResourceResult> {
    if (!custom) return { id: undefined, state: sent }
    const inputs = revealed(sent)
    if (id) throw new Error(`${type} ${name} imports ${id}, which the embedded deployer cannot.`)
    switch (type) {
      case 'random:index/randomPassword:RandomPassword':
        return this.#password(name, inputs)
      case 'auth0:index/action:Action':
        return this.#action(name, inputs, sent)
      case 'auth0:index/triggerAction:TriggerAction':
        if (!this.#state.bindings[name]) this.plan.push(`+ create  TriggerAction   ${name}`)
        if (!this.#applies) return { id: UNKNOWN, state: sent }
        this.#state.bindings[name] = true
        return { id: await bindAction(this.#api, inputs), state: sent }
      default:
        throw new Error(`The program declares ${name}, a ${type}, which the embedded deployer does not know.`)
    }
  }

  /**
   * Deletes the generated passwords that the program no longer declares.
   * @throws Error if one is still in use. The engine refuses that too, because such a password is protected.
   */
  deleteUndeclared(): void {
    const { passwords } = this.#state
    for (const [name, { result }] of Object.entries(passwords)) {
      if (this.#declaredPasswords.has(name)) continue
      if (this.#valuesInUse.has(result)) throw new Error(`${name} is in use: retire it before it is removed.`)
      this.plan.push(`- delete  RandomPassword  ${name}`)
      if (this.#applies) delete passwords[name]
    }
  }

  #password(name: string, inputs: unknown): MockResourceResult {
    const { length, special, keepers } = passwordInputs.parse(inputs)
    this.#declaredPasswords.add(name)
    const kept = this.#state.passwords[name]
    if (!kept) this.plan.push(`+ create  RandomPassword  ${name}`)
    // Changes of the keepers are ignored, as in the engine.
    const password = kept ?? { result: randomText(length), keepers }
    if (this.#applies) this.#state.passwords[name] = password
    return { id: 'none', state: { length, special, ...password } }
  }

  async #action(name: string, inputs: unknown, sent: unknown): Promise<MockResourceResult> {
    const parsed = actionInputs.parse(inputs)
    const { actions } = this.#state
    const before = actions[name]
    this.plan.push(...(actionPlan(name, before, parsed) ?? []))
    const state = { ...Object(sent), versionId: UNKNOWN }
    if (!this.#applies) return { id: before?.id ?? UNKNOWN, state }
    const applied = await applyAction(this.#api, parsed, before?.id, (created) => {
      actions[name] = { id: created }
    })
    actions[name] = { id: applied.id, inputs: parsed }
    return { id: applied.id, state: { ...state, versionId: applied.versionId } }
  }
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

/** Unwraps secrets anywhere in the inputs. */
function revealed(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value)) return revealed(pulumi.runtime.unwrapRpcSecret(value))
  if (Array.isArray(value)) return value.map(revealed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]))
}
