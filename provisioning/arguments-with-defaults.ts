import type { BackendlessLoginArgs, PasswordArgs } from './backendless-login-args.ts'
import type { Config } from './config-schema.ts'

/** A password with its defaults. */
export type CompletePassword = PasswordArgs & Pick<Config['passwords'][number], 'perUser' | 'retired'>

/** The arguments of the component with their defaults. */
export type CompleteArgs = Omit<Config, 'appId' | 'apiKey' | 'passwords'> &
  Pick<BackendlessLoginArgs, 'appId' | 'apiKey'> & { readonly passwords: readonly CompletePassword[] }
