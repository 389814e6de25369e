// The cost of an owner column: a known user against one bare request, and a changed address against three.
import type { EventOverrides } from '@backendless-login/local-auth0'
import { deployedAction, withToken } from './action.ts'
import { alternate, type Measurement, row, timed } from './measure.ts'
import { type Network, openNetwork, type ServerIdentity } from './network.ts'
import { Requests } from './requests.ts'

const ROUNDS = 100
/** Rounds in which connections open, rows get their owner, and the engine compiles hot code. */
const WARM_UP_ROUNDS = 4
const GOAL = { atMost: 1.05 }
const OWNER_COLUMN = 'auth0Owner'

export async function owned(identity: ServerIdentity): Promise<Measurement[]> {
  const network = await openNetwork(identity, 3)
  const [known = '', ...renamed] = network.emails
  const requests = new Requests(network, 'warm')
  const signIn = deployedAction(network, { ownerColumn: OWNER_COLUMN })()
  const [ourAddress, bareAddress] = renamed.map(alternating)
  const contestants = [
    async () => withToken(await signIn(eventOf(network, known, known))),
    () => timed(() => requests.login(known)),
    async () => {
      const [from, to] = ourAddress?.() ?? ['', '']
      return withToken(await signIn(eventOf(network, to, from)))
    },
    () => timed(() => rename(requests, network, ...(bareAddress?.() ?? ['', '']))),
  ]
  try {
    await claim(network, signIn)
    await alternate(contestants, WARM_UP_ROUNDS)
    const [ours, bare, oursRenamed, bareRenamed] = await alternate(contestants, ROUNDS)
    return [
      row(
        {
          name: 'owned/bare',
          what: 'known user with an owner column / one bare request',
          unit: 'ms',
          goal: GOAL,
        },
        ours ?? [],
        bare ?? [],
      ),
      row(
        { name: 'renamed/bare', what: 'changed address / three bare requests', unit: 'ms', goal: GOAL },
        oursRenamed ?? [],
        bareRenamed ?? [],
      ),
    ]
  } finally {
    requests.close()
    network.close()
  }
}

/** Signs each user in once, which makes them the owner of their row. */
async function claim(network: Network, signIn: ReturnType<ReturnType<typeof deployedAction>>): Promise<void> {
  for (const email of network.emails) withToken(await signIn(eventOf(network, email, email)))
}

/** The event of a user whose row has the remembered address. All users have the default user id. */
function eventOf({ appId }: Network, email: string, remembered: string): EventOverrides {
  const key = `backendless_${appId.replaceAll('-', '_').toLowerCase()}`
  return { user: { email, app_metadata: { [key]: { identity: remembered } } } }
}

/** Returns a function that returns the present address and the next one, which alternate. */
function alternating(email: string): () => [string, string] {
  let addresses: [string, string] = [email, `other-${email}`]
  return () => {
    const [from, to] = addresses
    addresses = [to, from]
    return [from, to]
  }
}

async function rename(requests: Requests, network: Network, from: string, to: string): Promise<void> {
  const { objectId, 'user-token': token } = JSON.parse(await requests.login(from))
  await requests.update(objectId, token, { email: to, password: network.passwordOf(to) })
  await requests.login(to)
}
