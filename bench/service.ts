// The local Backendless over TLS, in a process of its own.
import { type Fault, startBackendless } from '@backendless-login/local-backendless'

export type ServiceOrder =
  | {
      readonly kind: 'open'
      readonly appId: string
      readonly apiKey: string
      readonly tls: { readonly key: string; readonly cert: string }
      readonly users: readonly { readonly email: string; readonly password: string }[]
    }
  /** Sets the fault of every further request. Absent: none. */
  | { readonly kind: 'fault'; readonly fault?: Fault }

let app: Awaited<ReturnType<typeof startBackendless>> | undefined

process.on('message', async (order: ServiceOrder) => {
  switch (order.kind) {
    case 'open': {
      app = await startBackendless({ appId: order.appId, keys: { rest: order.apiKey }, tls: order.tls })
      for (const user of order.users) app.addUser(user)
      process.send?.({ port: Number(new URL(app.url).port) })
      return
    }
    case 'fault':
      app?.faults.clear()
      if (order.fault) app?.faults.add({ route: '*', fault: order.fault })
      process.send?.({})
      return
    default:
      order satisfies never
  }
})
process.on('disconnect', () => process.exit())
// The list of requests is for tests; here it would only grow.
setInterval(() => {
  if (app) app.requests.length = 0
}, 1000)
