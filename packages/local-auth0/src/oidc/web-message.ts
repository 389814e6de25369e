import { randomBytes } from 'node:crypto'
import type Provider from 'oidc-provider'

/**
 * Adds `response_mode=web_message`, by which a page in a hidden frame or a popup hands the answer to the page that opened
 * it: so the SDKs sign in silently. An error is an answer too, and no failure of the frame: its status is 200.
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

/** JSON that cannot end the script it stands in. */
function inScript(json: string): string {
  return json.replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
