// Differences of Auth0's token endpoint from the library's: it accepts JSON too, and has other error messages.
import { IncomingMessage } from 'node:http'
import { bodyOf } from './form.ts'
import type { Context, Middleware } from './middleware.ts'

const UNKNOWN_REFRESH_TOKEN = {
  error: 'invalid_grant',
  error_description: 'Unknown or invalid refresh token.',
}

export const tokenEndpoint: Middleware = async (ctx, next) => {
  const forTokens = ctx.path === '/oauth/token' || ctx.path === '/oauth/revoke'
  if (!forTokens || ctx.method !== 'POST') return next()
  let grantType: unknown
  if (ctx.is('application/json')) {
    const fields = fieldsOf(await bodyOf(ctx.req))
    if (!fields) {
      ctx.status = 400
      ctx.body = { error: 'invalid_request', error_description: 'The body is no JSON object.' }
      return
    }
    grantType = fields.get('grant_type')
    sendAsForm(ctx, fields.toString())
  }
  await next()
  grantType ??= grantTypeOf(ctx)
  // By these words the SDKs distinguish an invalid refresh token from another failure.
  if (grantType === 'refresh_token' && errorOf(ctx.body) === 'invalid_grant') {
    ctx.status = 403
    ctx.body = UNKNOWN_REFRESH_TOKEN
  }
}

function fieldsOf(json: string): URLSearchParams | undefined {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value !== 'object' || value === null) return undefined
    return new URLSearchParams(
      Object.fromEntries(Object.entries(value).map(([name, field]) => [name, String(field)])),
    )
  } catch {
    return undefined
  }
}

/** The library reads only forms. */
function sendAsForm(ctx: Context, form: string): void {
  const request = new IncomingMessage(ctx.req.socket)
  Object.assign(request, { method: ctx.req.method, url: ctx.req.url })
  Object.assign(ctx.req.headers, {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(form)),
  })
  request.headers = ctx.req.headers
  // Without this, the end of the request would close the connection.
  request.complete = true
  request.push(form)
  request.push(null)
  ctx.req = request
}

function grantTypeOf(ctx: Context): unknown {
  const oidc: unknown = Reflect.get(ctx, 'oidc')
  const params: unknown = typeof oidc === 'object' && oidc !== null ? Reflect.get(oidc, 'params') : undefined
  return typeof params === 'object' && params !== null ? Reflect.get(params, 'grant_type') : undefined
}

function errorOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : undefined
}
