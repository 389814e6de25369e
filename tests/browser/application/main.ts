// The smallest application that uses examples/client/user-token.ts: it calls Backendless at each load, and shows the result
// or the error. `redirect.test.ts` serves it in place of the demo's page.
import { createAuth0Client } from '@auth0/auth0-spa-js'
import Backendless from 'backendless'
import type { PageConfig } from '../../../demo/page-server.ts'
import { NoUserTokenError, UserToken } from '../../../examples/client/user-token.ts'

const config: PageConfig = await (await fetch('/config.json')).json()
const { serverURL, appId, apiKey } = config.backendless
Backendless.serverURL = serverURL
Backendless.initApp(appId, apiKey)

const signInAgain = document.createElement('button')
signInAgain.textContent = 'Sign in again'
const result = document.createElement('output')
document.body.replaceChildren(signInAgain, result)

const auth0 = await createAuth0Client({
  domain: config.domain,
  clientId: config.clientId,
  useRefreshTokens: true,
  useRefreshTokensFallback: true,
  authorizationParams: { redirect_uri: location.origin },
})
signInAgain.addEventListener('click', () => auth0.loginWithRedirect())
const userToken = new UserToken(auth0, { claim: config.claim })

const rows = () =>
  userToken.use(async (token) => {
    Backendless.UserService.setCurrentUser({ 'user-token': token })
    return Backendless.Data.of('Users').find()
  })

try {
  if (new URLSearchParams(location.search).has('state')) {
    await auth0.handleRedirectCallback()
    history.replaceState({}, '', '/')
  }
  // Two calls at once, as from two parts of a page.
  const [first] = await Promise.all([rows(), rows()])
  result.textContent = `rows: ${first.length}`
} catch (error) {
  const { code, reference } = error instanceof NoUserTokenError ? error : {}
  result.textContent = `${error instanceof Error ? error.name : error}: ${code}, ${reference}`
}
