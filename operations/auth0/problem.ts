import { ManagementError } from 'auth0/management'
import { Problem } from '../problem.ts'

/** Why Auth0 gave no usable answer. */
export type Obstacle = 'unreachable' | 'credentials' | 'scope' | 'absent' | 'trouble'

/** A Problem with the tenant; `obstacle` lets a command decide whether it can go on without the answer. */
export class TenantProblem extends Problem {
  readonly obstacle: Obstacle

  constructor(obstacle: Obstacle, sentence: string) {
    super(sentence)
    this.obstacle = obstacle
  }
}

/** What a refused request was for, to name it in the message. */
export interface Purpose {
  /** The scope that the request needs. */
  readonly scope: 'read:actions' | 'read:logs' | 'read:users'
  /** What a 404 means. */
  readonly absent: string
}

/** @param error as node-auth0 throws it. The result never holds Auth0's own message. */
export function requestProblem(error: unknown, domain: string, { scope, absent }: Purpose): TenantProblem {
  const status = statusOf(error)
  switch (status) {
    case undefined:
      return unreachable(domain)
    case 401:
      return new TenantProblem(
        'credentials',
        'Auth0 refused the token: AUTH0_API_TOKEN is wrong or has expired.',
      )
    case 403:
      return new TenantProblem('scope', `The Auth0 token lacks the scope ${scope}.`)
    case 404:
      return new TenantProblem('absent', absent)
    default:
      return new TenantProblem('trouble', `Auth0 answered ${status}. Try again later.`)
  }
}

/** The same for a request for a token. */
export function tokenProblem(error: unknown, domain: string): TenantProblem {
  const status = statusOf(error)
  // node-auth0 reports 408 for a request that timed out.
  if (status === undefined || status === 408) return unreachable(domain)
  if (status === 429 || status >= 500) {
    return new TenantProblem('trouble', `Auth0 answered ${status}. Try again later.`)
  }
  return new TenantProblem(
    'credentials',
    `Auth0 refused AUTH0_CLIENT_ID with its secret or private key (status ${status}).`,
  )
}

function statusOf(error: unknown): number | undefined {
  return error instanceof ManagementError ? error.statusCode : undefined
}

function unreachable(domain: string): TenantProblem {
  return new TenantProblem('unreachable', `Auth0 at ${domain} cannot be reached. Is AUTH0_DOMAIN right?`)
}
