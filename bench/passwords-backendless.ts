// A Backendless with many users, in a process of its own, so that only the command is measured.

import { startBackendless } from '@backendless-login/local-backendless'
import { type Password, userPassword } from '../actions/backendless-login/password.ts'
import { Secret } from '../actions/backendless-login/secret.ts'

/** `onOld`: number of users who are still on the older password. */
export interface UsersOrder {
  readonly users: number
  readonly onOld: number
  readonly current: string
  readonly older: string
}

process.once('message', async ({ users, onOld, current, older }: UsersOrder) => {
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
