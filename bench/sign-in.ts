// The duration of a sign-in, against the requests that it needs and against the former rule.
import { randomUUID } from 'node:crypto'
import type { EventOverrides } from '@backendless-login/local-auth0'
import { deployedAction, withToken } from './action.ts'
import { alternate, type Measurement, row, timed } from './measure.ts'
import { openNetwork, type ServerIdentity } from './network.ts'
import { Requests, signInAsTheRuleDid } from './requests.ts'

const ROUNDS = 30
/** Repetitions per round, except for the rule, which takes longer. */
const REPEATED = 4
/** Rounds in which connections open and the engine compiles hot code. */
const WARM_UP_ROUNDS = 3

const AS_NEAR_AS_CAN_BE = { atMost: 1.05 }
const THAN_THE_RULE = { atMost: 0.35 }

export async function knownUser(identity: ServerIdentity): Promise<Measurement[]> {
  const [ours, bare, rule] = await race(identity, false, async (requests, email) => requests.login(email))
  return [
    row(
      { name: 'known/bare', what: 'known user / one bare request', unit: 'ms', goal: AS_NEAR_AS_CAN_BE },
      ours,
      bare,
    ),
    row(
      { name: 'known/rule', what: "known user / the rule's two requests", unit: 'ms', goal: THAN_THE_RULE },
      ours,
      rule,
    ),
  ]
}

export async function newUser(identity: ServerIdentity): Promise<Measurement[]> {
  const [ours, bare, rule] = await race(identity, true, async (requests, email) => {
    await requests.register(email)
    await requests.login(email)
  })
  return [
    row(
      { name: 'first/bare', what: 'first sign-in / two bare requests', unit: 'ms', goal: AS_NEAR_AS_CAN_BE },
      ours,
      bare,
    ),
    row(
      {
        name: 'first/rule',
        what: "first sign-in / the rule's three requests",
        unit: 'ms',
        goal: THAN_THE_RULE,
      },
      ours,
      rule,
    ),
  ]
}

async function race(
  identity: ServerIdentity,
  isNew: boolean,
  send: (requests: Requests, email: string) => Promise<unknown>,
): Promise<[number[], number[], number[]]> {
  const network = await openNetwork(identity, 1)
  const [warm, newEach] = [new Requests(network, 'warm'), new Requests(network, 'new each')]
  const signIn = deployedAction(network)()
  const emailOf = () => (isNew ? `${randomUUID()}@example.com` : (network.emails[0] ?? ''))
  const ours = async () => withToken(await signIn(eventOf(emailOf(), isNew)))
  const bare = () => timed(() => send(warm, emailOf()))
  const rule = () => timed(() => signInAsTheRuleDid(newEach, emailOf()))
  try {
    await alternate([ours, bare, rule], WARM_UP_ROUNDS)
    const samples: [number[], number[], number[]] = [[], [], []]
    for (let round = 0; round < ROUNDS; round += 1) {
      const [a, b] = await alternate([ours, bare], REPEATED)
      samples[0].push(...a)
      samples[1].push(...b)
      samples[2].push(await rule())
    }
    return samples
  } finally {
    warm.close()
    network.close()
  }
}

function eventOf(email: string, isNew: boolean): EventOverrides {
  return isNew
    ? { stats: { logins_count: 1 }, user: { email, created_at: new Date().toISOString() } }
    : { user: { email } }
}
