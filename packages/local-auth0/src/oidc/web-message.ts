import { randomBytes } from 'node:crypto'
import type Provider from 'oidc-provider'

/**
 * Adds `response_mode=web_message`, which the SDKs use for silent sign-in: a page in a hidden frame or a popup passes the
 * answer to the page that opened it. The status is 200 even for an error, so that the frame loads.
 */
export function registerWebMessage(provider: Provider): void {
  provider.registerResponseMode('web_message', (ctx, redirectUri, response) => {
    const message = JSON.stringify({ type: 'authorization_response', response })
    const nonce = randomBytes(16).toString('base64url')
    ctx.status = 200
    ctx.type = 'html'
    ctx.set('content-security-policy', `default-src 'none'; script-src 'nonce-${nonce}'`)
    ctx.body = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Signing in</title></head>
<body><script nonce="${nonce}">
(window.opener || window.parent).postMessage(${inScript(message)}, ${inScript(JSON.stringify(new URL(redirectUri).origin))})
</script></body>
</html>
`
  })
}

/** Escapes JSON so that it cannot end the script that contains it. */
function inScript(json: string): string {
  return json.replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
