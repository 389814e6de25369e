// A Backendless with many users, in a process of its own: what the bench measures is the command, not the service.

import { startBackendless } from '@backendless-login/local-backendless'
import { type Password, userPassword } from '../actions/backendless-login/password.ts'
import { Secret } from '../actions/backendless-login/secret.ts'

/** `onOld`: users who are on the older password still. */
export interface Order {
  readonly users: number
  readonly onOld: number
  readonly current: string
  readonly older: string
}

process.once('message', async ({ users, onOld, current, older }: Order) => {
  const app = await startBackendless({ multipleLogins: true, maxConcurrentLogins: 100 })
  const appId = new Secret(app.appId)
  for (let index = 0; index < users; index += 1) {
    const email = `user${index}@example.com`
    const value = new Secret(index < onOld ? older : current)
    const password: Password = { id: '1', perUser: true, value }
    app.addUser({
      email,
      password: userPassword(password, appId, new Secret(email)).reveal(),
      created: index,
    })
  }
  process.send?.({ url: app.url, appId: app.appId, apiKey: app.keys.rest })
})
process.once('disconnect', () => process.exit(0))
