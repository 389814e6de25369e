// The arguments of the component. Types only, so that a program that uses the package needs no types of our dependencies.
import type * as pulumi from '@pulumi/pulumi'
import type { Settings } from '../actions/backendless-login/settings.ts'

type OptionalSettings = Omit<Settings, 'clients' | 'passwords'>

/** The arguments of the component: the keys of the configuration, with the same defaults and the same rules. */
export interface BackendlessLoginArgs
  extends Readonly<Partial<{ [Key in keyof OptionalSettings]: OptionalSettings[Key] | undefined }>> {
  /** Id of the Backendless application. */
  readonly appId: pulumi.Input<string>
  /** API key of the Backendless application; the REST key suffices. Pulumi keeps it as a secret even if it is not passed as one. */
  readonly apiKey: pulumi.Input<string>
  /** Client ids of the applications whose users get a token; `['*']` is every application of the tenant. */
  readonly clients: readonly string[]
  /** Newest first; the first is current. At most three are not retired. Default: `[{ id: '1' }]`, a generated password. */
  readonly passwords?: readonly PasswordArgs[] | undefined
  /** The Action's name in Auth0, unique in the tenant, of 1 to 100 characters. Default: `Backendless login`. */
  readonly actionName?: string | undefined
}

/** One password. `value` and `perUser` of an id never change: a preview refuses that. */
export interface PasswordArgs {
  /** 1 to 20 of a-z, 0-9 and -. */
  readonly id: string
  /** A password that exists already. Default: 64 random letters and digits. */
  readonly value?: pulumi.Input<string> | undefined
  /**
   * True: Backendless gets a password derived for each user. False: it gets this one, the same for everybody. Default: true
   * for a generated password, false for one with a `value`.
   */
  readonly perUser?: boolean | undefined
  /** True: the Action no longer knows the password. The value stays in the state until the entry is removed. Default: false. */
  readonly retired?: boolean | undefined
}
