import { randomInt } from 'node:crypto'
import * as pulumi from '@pulumi/pulumi'
import type { MockResourceArgs, MockResourceResult } from '@pulumi/pulumi/runtime/index.js'
import { z } from 'zod'
import { applyAction, bindAction } from './action.ts'
import type { ManagementApi } from './management-api.ts'
import type { State } from './messages.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Strict: an input that the program declares one day must not be dropped in silence. */
const passwordInputs = z.strictObject({
  length: z.int().positive(),
  special: z.literal(false),
  keepers: z.record(z.string(), z.string()).default({}),
})

/** Applies each resource that the program declares, and writes down in `state` what exists. */
export class Resources {
  readonly #api: ManagementApi
  readonly #state: State

  constructor(api: ManagementApi, state: State) {
    this.#api = api
    this.#state = state
  }

  /** @throws Error where the tenant refuses, or the resource is of a type or shape that is not known here. */
  async apply({ type, name, custom, id, inputs: sent }: MockResourceArgs): Promise<MockResourceResult> {
    if (!custom) return { id: undefined, state: sent }
    const inputs = revealed(sent)
    if (id) throw new Error(`${type} ${name} imports ${id}, which the embedded deployer cannot.`)
    switch (type) {
      case 'random:index/randomPassword:RandomPassword':
        return this.#password(name, inputs)
      case 'auth0:index/action:Action': {
        const applied = await applyAction(this.#api, inputs, this.#state.actions[name], (created) => {
          this.#state.actions[name] = created
        })
        return { id: applied.id, state: { ...sent, versionId: applied.versionId } }
      }
      case 'auth0:index/triggerAction:TriggerAction':
        return { id: await bindAction(this.#api, inputs), state: sent }
      default:
        throw new Error(`The program declares ${name}, a ${type}, which the embedded deployer does not know.`)
    }
  }

  #password(name: string, inputs: unknown): MockResourceResult {
    const { length, special, keepers } = passwordInputs.parse(inputs)
    const kept = this.#state.passwords[name]
    // As the engine does: passwords are protected, and a changed keeper would replace them.
    if (kept && kept.keepers !== JSON.stringify(keepers)) {
      throw new Error(`${name} is protected, and its changed keepers would replace it.`)
    }
    const result = kept?.result ?? randomText(length)
    this.#state.passwords[name] = { result, keepers: JSON.stringify(keepers) }
    return { id: 'none', state: { length, special, keepers, result } }
  }
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

/** Secrets arrive in Pulumi's envelope, wherever in the inputs they stand. */
function revealed(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value)) return revealed(pulumi.runtime.unwrapRpcSecret(value))
  if (Array.isArray(value)) return value.map(revealed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]))
}
