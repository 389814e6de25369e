import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { Agent, fetch as fetchThrough } from 'undici'
import { Problem } from '../problem.ts'

/**
 * `fetch` that also trusts the certificates of SSL_CERT_FILE, as the Pulumi provider does. Node's own `fetch` does not
 * read this variable.
 * @throws Problem if the file cannot be read.
 */
export function trustingFetch({ SSL_CERT_FILE: file }: NodeJS.ProcessEnv): typeof fetch {
  if (!file) return fetch
  const dispatcher = new Agent({ connect: { ca: [...rootCertificates, readCertificates(file)] } })
  // node-auth0 sends a URL and text, never a Request or a stream.
  return (input, { method = 'GET', headers, body, signal } = {}) =>
    fetchThrough(input instanceof Request ? input.url : input, {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      body: typeof body === 'string' ? body : null,
      signal: signal ?? null,
      dispatcher,
    })
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Problem('SSL_CERT_FILE names a file that cannot be read.')
  }
}
