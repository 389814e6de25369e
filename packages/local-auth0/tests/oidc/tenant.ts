// The tenant of a suite, and an application that signs people in to it.
import { type LocalAuth0, startAuth0 } from '../../src/index.ts'
import { type Execution, type OpenTenant, openTenant } from '../../src/oidc/index.ts'
import { Visitor } from '../../src/visitor/index.ts'
import { handler, run } from '../deploy.ts'

export interface Running {
  readonly auth0: LocalAuth0
  readonly tenant: OpenTenant
  /** Every run of the trigger so far. */
  readonly executions: Execution[]
  close(): Promise<void>
}

export async function start(): Promise<Running> {
  const auth0 = await startAuth0({ buildMs: 4 })
  const tenant = await openTenant({ auth0 })
  const executions: Execution[] = []
  tenant.onExecution((execution) => executions.push(execution))
  return {
    auth0,
    tenant,
    executions,
    close: async () => {
      await Promise.all([tenant.close(), auth0.close()])
    },
  }
}

/** A claim that contains the flow in which the Action set it. */
export const claim = 'https://example.com/claim'

/**
 * Opens a tenant for the surrounding suite. Before each test, it binds an Action that sets `claim` in both tokens, opens a
 * visitor of the shop, and clears the executions.
 */
export function useTenant(): { readonly running: Running; readonly visitor: Visitor; flows(): string[] } {
  let running: Running | undefined
  let visitor: Visitor | undefined
  const begun = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The suite has not begun')
    return part
  }
  before(async () => {
    running = await start()
  })
  beforeEach(async () => {
    const { auth0, tenant, executions } = begun(running)
    await run(
      auth0,
      handler(`api.idToken.setCustomClaim('${claim}', event.transaction.protocol)
        api.accessToken.setCustomClaim('${claim}', 'for the API')`),
    )
    visitor = await Visitor.to(tenant)
    executions.length = 0
  })
  after(() => running?.close())
  return {
    get running() {
      return begun(running)
    },
    get visitor() {
      return begun(visitor)
    },
    flows: () => begun(running).executions.map(({ flow }) => flow),
  }
}
