// Auth0 on this machine: the Management API for Actions over HTTPS, and the host that runs deployed Actions. The OpenID
// provider for sign-ins is oidc/index.ts.
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type Certificate, makeCertificate } from './certificate.ts'
import { FaultRules } from './faults.ts'
import { writeExecutable } from './host/executable.ts'
import { InstancePool } from './host/pool.ts'
import type { Auth0Options, LocalAuth0, StoredAction } from './local-auth0.ts'
import { TenantLogs } from './logs/tenant-logs.ts'
import type { Action } from './management/action.ts'
import { Builds } from './management/builds.ts'
import { logRoutes } from './management/log-routes.ts'
import { actionRoutes } from './management/routes.ts'
import { createServer, type RecordedRequest } from './management/server.ts'
import { Tenant } from './management/tenant.ts'
import { managementTokenEndpoint, OPERATOR_SCOPES, Tokens } from './management/tokens.ts'
import { userRoutes } from './management/user-routes.ts'
import { PostLoginTrigger } from './trigger.ts'
import { UserDirectory } from './users/directory.ts'

export { type Certificate, makeCertificate } from './certificate.ts'
export { type EventOverrides, loginEvent, type PostLoginEvent } from './event.ts'
export type { Fault, FaultRule, Faults } from './faults.ts'
export type { StrayError } from './host/pool.ts'
export type { Auth0Options, LocalAuth0, StoredAction } from './local-auth0.ts'
export type { LogEntry } from './logs/entry.ts'
export type { ActionExecution, TenantLogs } from './logs/tenant-logs.ts'
export type { RecordedRequest } from './management/server.ts'
export type { TriggerResult } from './trigger.ts'
export type { UserChange, UserDirectory, UserProfile } from './users/directory.ts'

// For all Actions of the trigger together (docs: limitations).
const DEFAULT_TRIGGER_TIMEOUT_MS = 20_000
const DEFAULT_BUILD_MS = 30

export async function startAuth0(options: Auth0Options = {}): Promise<LocalAuth0> {
  const certificate = await makeCertificate()
  const faults = new FaultRules()
  const requests: RecordedRequest[] = []
  const tokens = new Tokens()
  const client = { id: 'local-deploy-client', secret: randomBytes(24).toString('base64url') }
  const pool = new InstancePool(await writeExecutable(certificate.folder), options.hostEnvironment ?? {})
  const bound = () => tenant.bindings('post-login').map(({ action }) => action)
  const endUnused = () =>
    void pool.retain(new Set(bound().flatMap(({ liveVersion }) => liveVersion?.id ?? [])))
  const builds = new Builds(options.buildMs ?? DEFAULT_BUILD_MS, faults, endUnused)
  const tenant = new Tenant(builds)
  const logs = new TenantLogs(options.now ?? Date.now)
  const directory = new UserDirectory()
  const trigger = new PostLoginTrigger(pool, options.triggerTimeoutMs ?? DEFAULT_TRIGGER_TIMEOUT_MS)

  const server = createServer({ certificate, faults, requests, now: options.now ?? Date.now })
  let domain = ''
  managementTokenEndpoint(server, tokens, { ...client, publicKey: options.clientPublicKey }, () => domain)
  await server.register(
    async (api) => {
      actionRoutes(api, tenant, tokens, endUnused)
      logRoutes(api, logs, tokens, () => domain)
      userRoutes(api, directory, tokens)
    },
    { prefix: '/api/v2' },
  )
  domain = `localhost:${await listen(server, options.port ?? 0, certificate)}`

  const apiToken = tokens.issue(OPERATOR_SCOPES)
  return {
    domain,
    certificateFile: certificate.file,
    certificate: certificate.certificate,
    apiToken,
    client,
    environment: { AUTH0_DOMAIN: domain, AUTH0_API_TOKEN: apiToken, SSL_CERT_FILE: certificate.file },
    requests,
    faults,
    strayErrors: pool.strayErrors,
    actions: () => [...tenant.actions.values()].map(storedAction),
    secretOf: (actionName, secretName) =>
      [...tenant.actions.values()]
        .find(({ name }) => name === actionName)
        ?.liveVersion?.secrets.find(({ name }) => name === secretName)?.value,
    installFromMarketplace: (name, code = 'exports.onExecutePostLogin = async () => {}') =>
      tenant.install(name, code).id,
    bindings: () =>
      tenant.bindings('post-login').map(({ action, displayName }) => ({ actionId: action.id, displayName })),
    tokenWith: (scopes) => tokens.issue(scopes),
    logs,
    directory,
    signIn: async (event) => {
      const login = options.tenant ? { ...event, tenant: { ...event.tenant, id: options.tenant } } : event
      const result = await trigger.run(bound(), login)
      logs.signedIn(login, result)
      directory.signedIn(login, result.appMetadata)
      return result
    },
    restartHosts: () => pool.restart(),
    close: async () => {
      builds.close()
      await Promise.all([server.close(), pool.close(), certificate.remove()])
    },
  }
}

// On the loopback address only. `localhost` may resolve to ::1 first; clients fall back to 127.0.0.1.
async function listen(
  server: ReturnType<typeof createServer>,
  port: number,
  certificate: Certificate,
): Promise<number> {
  try {
    await server.listen({ host: '127.0.0.1', port })
  } catch (error) {
    await certificate.remove()
    throw error
  }
  const address = server.server.address()
  return isAddressInfo(address) ? address.port : port
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}

function storedAction(action: Action): StoredAction {
  const { id, name, code, runtime, dependencies, secrets, status, liveVersion: live } = action
  const stored = {
    id,
    name,
    code,
    runtime,
    dependencies,
    secrets: secrets.map((secret) => secret.name),
    status,
  }
  if (!live) return stored
  const deployed = {
    id: live.id,
    number: live.number,
    code: live.code,
    secrets: live.secrets.map((s) => s.name),
  }
  return { ...stored, deployed }
}
