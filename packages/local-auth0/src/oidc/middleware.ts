import type Provider from 'oidc-provider'

/** Runs before the provider's own routes. */
export type Middleware = Parameters<Provider['use']>[0]
export type Context = Parameters<Middleware>[0]
