import type { Trace } from './attempts.ts'
import type { PostLoginApi, PostLoginEvent } from './auth0.ts'
import { Budget } from './budget.ts'
import type { CircuitBreaker } from './circuit.ts'
import { BackendlessClient } from './client.ts'
import { type Gate, gate, isInteractive } from './gates.ts'
import { logLine } from './log.ts'
import { denyReason, type FailureCode, newReference, type Outcome } from './outcomes.ts'
import { readCredentials } from './password.ts'
import { Secret } from './secret.ts'
import type { Settings } from './settings.ts'
import { type SignInResult, signIn } from './sign-in.ts'

/** What lives as long as an instance of the Action, over many executions. */
export interface Instance {
  readonly settings: Settings
  readonly circuit: CircuitBreaker
}

/**
 * One execution of the post-login trigger. It never throws: an uncaught error's message would be shown to the user.
 * Everything about the user lives in this call; an instance serves several at once.
 */
export async function handlePostLogin(
  instance: Instance,
  event: PostLoginEvent,
  api: PostLoginApi,
): Promise<void> {
  const { settings } = instance
  const budget = new Budget(settings.budgetMs)
  const reference = newReference()
  const trace: Trace = { path: 'known', requests: 0, tried: 0 }
  let interactive = true
  let outcome: Outcome
  try {
    interactive = isInteractive(event)
    const gated = gate(settings, event, Date.now())
    if (gated.kind === 'pass') {
      const result = await getToken(instance, event, gated, budget, trace)
      if (result.kind === 'token') {
        api.idToken.setCustomClaim(settings.claim, result.userToken.reveal())
        outcome = { kind: 'token', code: result.code }
      } else {
        outcome = afterFailure(settings, result.code, interactive)
      }
    } else {
      outcome = gated
    }
  } catch {
    outcome = afterFailure(settings, 'internal_error', interactive)
  }
  const end = outcome
  quietly(() => console.log(logLine(end, reference, trace, budget.elapsedMs())))
  if (end.kind === 'deny') quietly(() => api.access.deny(denyReason(end.code, reference)))
}

async function getToken(
  { settings, circuit }: Instance,
  event: PostLoginEvent,
  { identity, brandNew }: Extract<Gate, { kind: 'pass' }>,
  budget: Budget,
  trace: Trace,
): Promise<SignInResult> {
  const credentials = readCredentials(settings, event.secrets ?? {})
  if (!credentials) return { kind: 'failure', code: 'misconfigured' }
  const client = new BackendlessClient(settings.serverUrl, credentials)
  const user = new Secret(event.user ?? {})
  return signIn({ settings, client, credentials, budget, circuit, user, identity, brandNew, trace })
}

/** A refresh or a silent sign-in always goes on: the client keeps the token it has. */
function afterFailure({ onFailure }: Settings, code: FailureCode, interactive: boolean): Outcome {
  return interactive && onFailure === 'deny' ? { kind: 'deny', code } : { kind: 'skip', code }
}

/** Auth0's own functions refuse: there is nobody left to tell, and what is thrown would reach the user. */
function quietly(act: () => void): void {
  try {
    act()
  } catch {}
}
