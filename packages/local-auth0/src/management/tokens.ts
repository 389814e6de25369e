// Access tokens of the Management API, and the client that may request them.
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Assertions } from './assertions.ts'
import { ApiError } from './errors.ts'

export const ACTION_SCOPES = ['create:actions', 'read:actions', 'update:actions', 'delete:actions'] as const
/** The scopes of the tenant's own client and token: to deploy, and to read logs and users. */
export const OPERATOR_SCOPES = [...ACTION_SCOPES, 'read:logs', 'read:users'] as const
export type Scope = (typeof OPERATOR_SCOPES)[number] | 'update:users'

const LIFETIME_SECONDS = 86_400

interface Credentials {
  readonly id: string
  readonly secret: string
}

/** A client with a public key may sign a JWT instead of sending its secret. */
interface Client extends Credentials {
  /** PEM. */
  readonly publicKey?: string | undefined
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export class Tokens {
  readonly #scopes = new Map<string, readonly string[]>()

  issue(scopes: readonly string[]): string {
    const token = jwt({ scope: scopes.join(' ') })
    this.#scopes.set(token, scopes)
    return token
  }

  /** Returns route options that refuse requests whose token lacks the scope. */
  need(scope: Scope) {
    return { onRequest: async (request: FastifyRequest) => this.check(request.headers.authorization, scope) }
  }

  /** @throws ApiError 401 without a good token, 403 if the token lacks the scope. */
  check(authorization: string | undefined, scope: Scope): void {
    const token = authorization?.match(/^Bearer\s+(\S+)$/i)?.[1]
    if (token === undefined) throw new ApiError(401, 'Missing authentication')
    const scopes = this.#scopes.get(token)
    if (scopes === undefined) throw new ApiError(401, 'Invalid token', 'invalid_token')
    if (!scopes.includes(scope)) {
      throw new ApiError(403, `Insufficient scope, expected any of: ${scope}`, 'insufficient_scope')
    }
  }
}

/** `POST /oauth/token`: client credentials in a Basic header or in the body, as JSON or as a form. */
export function managementTokenEndpoint(
  server: FastifyInstance,
  tokens: Tokens,
  client: Client,
  domain: () => string,
): void {
  const assertions = new Assertions(client, () => `https://${domain()}/`)
  server.post('/oauth/token', async (request, reply) => {
    const body: Record<string, unknown> = isRecord(request.body) ? request.body : {}
    const given = basicCredentials(request.headers.authorization) ?? {
      id: body.client_id,
      secret: body.client_secret,
    }
    if (body.grant_type !== 'client_credentials') {
      return reply.code(403).send(oauthError('unsupported_grant_type', 'Unsupported grant type'))
    }
    const known =
      body.client_assertion_type === ASSERTION_TYPE
        ? await assertions.accepts(String(body.client_assertion))
        : given.id === client.id && given.secret === client.secret
    if (!known) {
      return reply.code(401).send(oauthError('access_denied', 'Unauthorized'))
    }
    if (body.audience !== `https://${domain()}/api/v2/`) {
      return reply
        .code(403)
        .send(oauthError('access_denied', `Service not enabled within domain: ${body.audience}`))
    }
    return reply.send({
      access_token: tokens.issue(OPERATOR_SCOPES),
      scope: OPERATOR_SCOPES.join(' '),
      expires_in: LIFETIME_SECONDS,
      token_type: 'Bearer',
    })
  })
}

/** Returns a token in the form of a JWT, like Auth0's, so that a client may read its scopes. The signature is random and never checked. */
function jwt(claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  return [encode({ alg: 'RS256', typ: 'JWT' }), encode(claims), randomBytes(32).toString('base64url')].join(
    '.',
  )
}

function basicCredentials(authorization: string | undefined): Credentials | undefined {
  const encoded = authorization?.match(/^Basic\s+(\S+)$/i)?.[1]
  if (encoded === undefined) return undefined
  const parts = Buffer.from(encoded, 'base64').toString().split(':')
  try {
    const [id = '', secret = ''] = parts.map(decodeURIComponent)
    return { id, secret }
  } catch {
    return { id: '', secret: '' }
  }
}

function oauthError(error: string, description: string) {
  return { error, error_description: description }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
