import type { PostLoginApi, PostLoginEvent } from './auth0.ts'
import { Budget } from './budget.ts'
import type { CircuitBreaker } from './circuit.ts'
import { BackendlessClient } from './client.ts'
import type { Trace } from './context.ts'
import { isInteractive } from './flow.ts'
import { gate } from './gates.ts'
import { logLine } from './log.ts'
import { changeOf, dayOf, type Memory, readMemory, type StoredMemory } from './memory.ts'
import {
  denyReason,
  type FailureCode,
  failure,
  isFailure,
  newReference,
  type Outcome,
  problemOf,
} from './outcomes.ts'
import { readCredentials } from './password.ts'
import { afterFailure, afterToken } from './remember.ts'
import { Secret } from './secret.ts'
import { problemClaim, type Settings } from './settings.ts'
import { signIn } from './sign-in.ts'
import { keepUp } from './upkeep.ts'

/** What all executions of one instance of the Action share. */
export interface Instance {
  readonly settings: Settings
  readonly circuit: CircuitBreaker
}

/** One execution: Auth0's arguments, and what the log line needs. */
interface Execution {
  readonly event: PostLoginEvent
  readonly api: PostLoginApi
  readonly budget: Budget
  readonly trace: Trace
}

/** How an execution ended. `stored` and `remembered`: the user's memory before and after it. */
interface End {
  readonly outcome: Outcome
  readonly stored?: StoredMemory | undefined
  readonly remembered?: Memory
}

/**
 * Runs one execution of the post-login trigger. It never throws: the user would see the message of an uncaught error.
 * It keeps nothing about a user after the call, because an instance runs several executions at the same time.
 */
export async function handlePostLogin(
  instance: Instance,
  event: PostLoginEvent,
  api: PostLoginApi,
): Promise<void> {
  const { settings } = instance
  const reference = newReference()
  const trace: Trace = { path: 'known', requests: 0, logins: 0 }
  const budget = new Budget(settings.budgetMs)
  let interactive = true
  let end: End
  try {
    interactive = isInteractive(event)
    end = await run(instance, { event, api, budget, trace }, interactive)
  } catch {
    end = { outcome: failure(settings, 'internal_error', interactive) }
  }
  const { outcome } = end
  ignoringErrors(() => console.log(logLine(outcome, reference, trace, budget.elapsedMs())))
  ignoringErrors(() => remember(api, end))
  if (!isFailure(outcome)) return
  const { kind, code } = outcome
  ignoringErrors(() =>
    kind === 'deny'
      ? api.access.deny(denyReason(code, reference))
      : api.idToken.setCustomClaim(problemClaim(settings.claim), problemOf(code, reference)),
  )
}

async function run(
  { settings, circuit }: Instance,
  { event, api, budget, trace }: Execution,
  interactive: boolean,
): Promise<End> {
  const now = Date.now()
  const today = dayOf(now)
  const credentials = readCredentials(settings, event.secrets ?? {})
  const stored = readMemory(settings, credentials?.appId, event.user)
  const memory = stored ?? {}
  const fail = (code: FailureCode): End => ({
    outcome: failure(settings, code, interactive),
    stored,
    remembered: afterFailure(memory, code, today),
  })

  const gated = gate(settings, event, stored, now)
  if (gated.kind === 'skip') return { outcome: gated }
  if (gated.kind === 'failure') return fail(gated.code)
  if (!credentials) return fail('misconfigured')
  const { identity, counts, brandNew } = gated
  const client = new BackendlessClient(settings.serverUrl, credentials)
  const user = new Secret(event.user ?? {})
  const context = {
    settings,
    client,
    credentials,
    budget,
    circuit,
    user,
    brandNew,
    counts,
    memory,
    today,
    trace,
  }
  const result = await signIn(context, identity)
  if (result.kind === 'failure') return fail(result.code)
  const unclaimed = await keepUp(context, result)
  api.idToken.setCustomClaim(settings.claim, result.session.userToken.reveal())
  const remembered = afterToken(context, result, identity, unclaimed)
  return { outcome: { kind: 'token', code: result.code }, stored, remembered }
}

/** Auth0 counts each write, so only a change is written. */
function remember(api: PostLoginApi, { stored, remembered }: End): void {
  const change = stored && remembered && changeOf(stored, remembered)
  if (stored && change !== undefined) api.user.setAppMetadata(stored.key, change)
}

/** For calls of Auth0's own functions. If one threw, the user would see the error's message. */
function ignoringErrors(act: () => void): void {
  try {
    act()
  } catch {}
}
