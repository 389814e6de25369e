import { Action } from '@pulumi/auth0/action.js'
import { TriggerAction } from '@pulumi/auth0/triggerAction.js'
import * as pulumi from '@pulumi/pulumi'
import { API_KEY_SECRET, APP_ID_SECRET, passwordSecret } from '../actions/backendless-login/settings.ts'
import type { BackendlessLoginArgs } from './backendless-login-args.ts'
import { bundleAction, RUNTIME } from './bundle.ts'
import { completeArgs } from './complete-args.ts'
import { warningsOf } from './config-rules.ts'
import { guardDeployedPasswords } from './deployed-passwords.ts'
import { declarePassword } from './password.ts'
import { inUse } from './passwords-schema.ts'
import { settingsOf } from './settings.ts'

/**
 * A post-login Action that gives every user who signs in through Auth0 a Backendless user token: its passwords, the
 * deployed Action, and its place at the end of the trigger. Bindings of other Actions are left alone.
 *
 * @throws RunError, before anything is declared, if an argument is not usable or the Action's code cannot be built.
 */
export class BackendlessLogin extends pulumi.ComponentResource {
  readonly actionId: pulumi.Output<string>
  readonly actionName: pulumi.Output<string>
  /** The deployed version of the Action. */
  readonly versionId: pulumi.Output<string>
  readonly claim: pulumi.Output<string>
  /** Secret: password id → value, to be stored in a vault. */
  readonly passwords: pulumi.Output<Record<string, string>>
  /** The Action's place in the trigger. Order it and other bindings of the program with `dependsOn`. */
  readonly binding: TriggerAction

  constructor(name: string, args: BackendlessLoginArgs, options?: pulumi.ComponentResourceOptions) {
    const complete = completeArgs(name, args)
    const { appId, apiKey, actionName, claim, passwords } = complete
    const bundleFor = (id: string) => bundleAction(settingsOf({ ...complete, appId: id }))
    // Fails here if the code cannot be built. That does not depend on the id, which may not be known yet.
    const { dependencies } = bundleFor('')
    super('backendless-login:index:BackendlessLogin', name, {}, options)

    for (const warning of warningsOf(complete)) pulumi.log.warn(warning, this)
    const valuesInUse = inUse(passwords).map((password) => ({
      id: password.id,
      value: declarePassword(name, password, this),
    }))
    const action = new Action(
      name,
      {
        name: actionName,
        runtime: RUNTIME,
        deploy: true,
        supportedTriggers: { id: 'post-login', version: 'v3' },
        // The id may be a secret, but the code contains only its fingerprint.
        code: pulumi.unsecret(pulumi.output(appId).apply((id) => bundleFor(id).code)),
        dependencies: dependencies.map((dependency) => ({ ...dependency })),
        secrets: [
          { name: APP_ID_SECRET, value: pulumi.secret(appId) },
          { name: API_KEY_SECRET, value: pulumi.secret(apiKey) },
          ...valuesInUse.map(({ id, value }) => ({ name: passwordSecret(id), value })),
        ],
      },
      { parent: this, hooks: guardDeployedPasswords(name, passwords, this) },
    )
    // Declared after the Action, so that an entry stays protected if its retirement is refused.
    const retiredValues = passwords
      .filter(({ retired }) => retired)
      .map((password) => ({ id: password.id, value: declarePassword(name, password, this, action) }))
    // Appends. A TriggerActions (plural) would own the trigger and unbind every other team's Action.
    this.binding = afterTheOneBefore(
      (dependsOn) =>
        new TriggerAction(
          name,
          { trigger: 'post-login', actionId: action.id, displayName: actionName },
          { parent: this, dependsOn },
        ),
    )

    this.actionId = action.id
    this.actionName = action.name
    this.versionId = action.versionId
    this.claim = pulumi.output(claim)
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

/** The last binding that was declared, by stack: a process may run several programs. */
const lastBindings = new WeakMap<pulumi.Resource, TriggerAction>()

/**
 * Declares a binding that waits for the one declared before it. The provider reads the trigger's bindings and writes
 * them back with one more: if two did so at once, one would be lost, and a removed one would come back.
 */
function afterTheOneBefore(declare: (dependsOn: pulumi.Resource[]) => TriggerAction): TriggerAction {
  const stack = pulumi.runtime.getStackResource()
  const before = stack && lastBindings.get(stack)
  const binding = declare(before ? [before] : [])
  if (stack) lastBindings.set(stack, binding)
  return binding
}
