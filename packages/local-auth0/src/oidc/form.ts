import type { IncomingMessage } from 'node:http'

// Much more than a form or a token request needs.
const MAX_BYTES = 64 * 1024

/** Returns the body as text. @throws Error if it is too long. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > MAX_BYTES) throw new Error('The body of the request is too long.')
    chunks.push(part)
  }
  return Buffer.concat(chunks).toString()
}
