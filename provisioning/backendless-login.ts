import { Action } from '@pulumi/auth0/action.js'
import { TriggerAction } from '@pulumi/auth0/triggerAction.js'
import * as pulumi from '@pulumi/pulumi'
import {
  API_KEY_SECRET,
  APP_ID_SECRET,
  passwordSecret,
  type Settings,
} from '../actions/backendless-login/settings.ts'
import { bundleAction, RUNTIME } from './bundle.ts'
import { guardDeployedPasswords } from './deployed-passwords.ts'
import { appIdFingerprint } from './fingerprint.ts'
import { declarePassword, type PasswordArgs } from './password.ts'

export interface BackendlessLoginArgs {
  /** The Action's name in Auth0; unique in the tenant. */
  readonly actionName: string
  /** Backendless application id. */
  readonly appId: pulumi.Input<string>
  /** Backendless API key; the REST key suffices. Kept as a secret whether or not it is one already. */
  readonly apiKey: pulumi.Input<string>
  /** Newest first; the first is current. */
  readonly passwords: readonly PasswordArgs[]
  /** Everything that is not secret and that the Action is to know, except the passwords. */
  readonly settings: Omit<Settings, 'passwords'>
}

/**
 * A post-login Action that gives every user who signs in through Auth0 a Backendless user token: its passwords, the
 * Action, deployed, and its place at the end of the trigger. The bindings of others are left alone.
 *
 * @throws RunError, before anything is declared, where the Action's code cannot be built.
 */
export class BackendlessLogin extends pulumi.ComponentResource {
  readonly actionId: pulumi.Output<string>
  readonly actionName: pulumi.Output<string>
  /** The deployed version of the Action. */
  readonly versionId: pulumi.Output<string>
  readonly claim: pulumi.Output<string>
  /** Secret: password id → value. What an operator puts in a vault. */
  readonly passwords: pulumi.Output<Record<string, string>>
  /** The Action's place in the trigger. A program that binds other Actions lets them wait for one another: `dependsOn`. */
  readonly binding: TriggerAction

  constructor(name: string, args: BackendlessLoginArgs, options?: pulumi.ComponentResourceOptions) {
    const bundleFor = (appId: string) =>
      bundleAction({
        appIdFingerprint: appIdFingerprint(appId),
        ...args.settings,
        passwords: args.passwords.filter(inUse).map(({ id, perUser }) => ({ id, perUser })),
      })
    // An id that is not known yet changes nothing about whether the code can be built.
    const { dependencies } = bundleFor('')
    super('backendless-login:index:BackendlessLogin', name, {}, options)

    const valuesInUse = args.passwords
      .filter(inUse)
      .map((password) => ({ id: password.id, value: declarePassword(name, password, this) }))
    const action = new Action(
      name,
      {
        name: args.actionName,
        runtime: RUNTIME,
        deploy: true,
        supportedTriggers: { id: 'post-login', version: 'v3' },
        // The id may be a secret; its fingerprint is none.
        code: pulumi.unsecret(pulumi.output(args.appId).apply((appId) => bundleFor(appId).code)),
        dependencies: dependencies.map((dependency) => ({ ...dependency })),
        secrets: [
          { name: APP_ID_SECRET, value: pulumi.secret(args.appId) },
          { name: API_KEY_SECRET, value: pulumi.secret(args.apiKey) },
          ...valuesInUse.map(({ id, value }) => ({ name: passwordSecret(id), value })),
        ],
      },
      { parent: this, hooks: guardDeployedPasswords(name, args.passwords, this) },
    )
    // After the Action, so that an entry stays protected if its retirement is refused.
    const retiredValues = args.passwords
      .filter(({ retired }) => retired)
      .map((password) => ({ id: password.id, value: declarePassword(name, password, this, action) }))
    // Appends. A TriggerActions (plural) would own the trigger and unbind every other team's Action.
    this.binding = afterTheOneBefore(
      (dependsOn) =>
        new TriggerAction(
          name,
          { trigger: 'post-login', actionId: action.id, displayName: args.actionName },
          { parent: this, dependsOn },
        ),
    )

    this.actionId = action.id
    this.actionName = action.name
    this.versionId = action.versionId
    this.claim = pulumi.output(args.settings.claim)
    this.passwords = pulumi.secret(
      Object.fromEntries([...valuesInUse, ...retiredValues].map(({ id, value }) => [id, value])),
    )
    this.registerOutputs({
      actionId: this.actionId,
      actionName: this.actionName,
      versionId: this.versionId,
      claim: this.claim,
      passwords: this.passwords,
    })
  }
}

function inUse({ retired }: Pick<PasswordArgs, 'retired'>): boolean {
  return !retired
}

/** The last binding that a program has declared, by its stack: a process may run several programs. */
const lastBindings = new WeakMap<pulumi.Resource, TriggerAction>()

/**
 * Declares a binding that waits for the one declared before it. The provider reads the trigger's bindings and writes
 * them back with its own: of two at once, one would be lost, and a removed one would come back.
 */
function afterTheOneBefore(declare: (dependsOn: pulumi.Resource[]) => TriggerAction): TriggerAction {
  const stack = pulumi.runtime.getStackResource()
  const before = stack && lastBindings.get(stack)
  const binding = declare(before ? [before] : [])
  if (stack) lastBindings.set(stack, binding)
  return binding
}
