import type { PostLoginApi, PostLoginEvent } from './auth0.ts'
import { Budget } from './budget.ts'
import type { CircuitBreaker } from './circuit.ts'
import { BackendlessClient } from './client.ts'
import type { SignInResult, Trace } from './context.ts'
import { isInteractive } from './flow.ts'
import { type Gate, gate } from './gates.ts'
import { logLine } from './log.ts'
import { denyReason, failure, isFailure, newReference, type Outcome, problemOf } from './outcomes.ts'
import { readCredentials } from './password.ts'
import { Secret } from './secret.ts'
import { problemClaim, type Settings } from './settings.ts'
import { signIn } from './sign-in.ts'

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
  const trace: Trace = { path: 'known', requests: 0, logins: 0 }
  let interactive = true
  let outcome: Outcome
  try {
    interactive = isInteractive(event)
    const gated = gate(settings, event, Date.now())
    const result = gated.kind === 'pass' ? await getToken(instance, event, gated, budget, trace) : gated
    switch (result.kind) {
      case 'token':
        api.idToken.setCustomClaim(settings.claim, result.userToken.reveal())
        outcome = { kind: 'token', code: result.code }
        break
      case 'failure':
        outcome = failure(settings, result.code, interactive)
        break
      case 'skip':
        outcome = result
        break
      default:
        throw result satisfies never
    }
  } catch {
    outcome = failure(settings, 'internal_error', interactive)
  }
  const end = outcome
  ignoringErrors(() => console.log(logLine(end, reference, trace, budget.elapsedMs())))
  if (!isFailure(end)) return
  const { kind, code } = end
  ignoringErrors(() =>
    kind === 'deny'
      ? api.access.deny(denyReason(code, reference))
      : api.idToken.setCustomClaim(problemClaim(settings.claim), problemOf(code, reference)),
  )
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
  return signIn({ settings, client, credentials, budget, circuit, user, brandNew, trace }, identity)
}

/** Where Auth0's own functions throw, nobody can be told, and what they throw would reach the user. */
function ignoringErrors(act: () => void): void {
  try {
    act()
  } catch {}
}
