// The deployed Action, loaded as Auth0 loads it, in this process.
import { fileURLToPath } from 'node:url'
import { type EventOverrides, loginEvent } from '@backendless-login/local-auth0'
import { AttributedConsole, createApi, lazyModule } from '@backendless-login/local-auth0/host'
import type { Settings } from '../actions/backendless-login/settings.ts'
import { bundleAction } from '../provisioning/bundle.ts'
import { SETTINGS } from '../tests/settings.ts'
import type { Network } from './network.ts'

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The result of one sign-in. */
interface TimedSignIn {
  /** Duration of the handler. */
  readonly milliseconds: number
  readonly userToken: unknown
  /** The number of requests, from the log line. */
  readonly requests: number
  readonly log: string
}

export type SignIn = (overrides: EventOverrides) => Promise<TimedSignIn>

/** Returns a function that creates instances of the Action. Each has its own module state, as at Auth0. */
export function deployedAction(network: Network, settings: Partial<Settings> = {}): () => SignIn {
  const bundle = bundleAction({ ...SETTINGS, serverUrl: network.url, clients: ['*'], ...settings })
  const secrets = Object.freeze({
    BACKENDLESS_APP_ID: network.appId,
    BACKENDLESS_API_KEY: network.apiKey,
    PASSWORD_1: network.password,
  })
  return () => instance(bundle, secrets)
}

function instance(
  bundle: ReturnType<typeof bundleAction>,
  secrets: Readonly<Record<string, string>>,
): SignIn {
  const lines = new Map<number, string>()
  const attributed = new AttributedConsole((id, text) => lines.set(id, (lines.get(id) ?? '') + text))
  const handler = lazyModule({ ...bundle, root: PROJECT_ROOT }, attributed.console)()
  let executions = 0
  return async (overrides) => {
    const event = loginEvent(overrides)
    const { api, effects } = createApi(event, {})
    const argument = { ...event, secrets }
    const id = ++executions
    const began = performance.now()
    await attributed.run(id, () => handler(argument, api))
    const milliseconds = performance.now() - began
    const log = lines.get(id) ?? ''
    lines.delete(id)
    const requests = Number(/ requests=(\d+)/.exec(log)?.[1] ?? Number.NaN)
    return { milliseconds, userToken: effects.idToken[SETTINGS.claim], requests, log }
  }
}

/** @throws Error if the sign-in gave no token: a fast refusal must not count as a fast sign-in. */
export function withToken({ milliseconds, userToken, log }: TimedSignIn): number {
  if (typeof userToken !== 'string') throw new Error(`A sign-in gave no token: ${log}`)
  return milliseconds
}
