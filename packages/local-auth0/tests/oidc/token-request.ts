import type { Running } from './tenant.ts'

/** Returns the status and the body of the token endpoint's answer. */
export async function token(running: Running, fields: Readonly<Record<string, string>>, json = false) {
  const response = await fetch(`${running.tenant.url}/oauth/token`, {
    method: 'POST',
    body: json ? JSON.stringify(fields) : new URLSearchParams(fields),
    headers: { 'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded' },
  })
  const body: Record<string, unknown> = JSON.parse(await response.text())
  return { status: response.status, body }
}
