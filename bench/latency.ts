// A network with latency, in a process of its own: a TCP proxy that forwards each chunk after half a round trip. Loopback
// connects at once, so the first chunk also waits for the round trip of the connection. TLS handshakes are delayed too.
import { connect, createServer, type Socket } from 'node:net'

export type NetworkOrder =
  | { readonly kind: 'open'; readonly port: number; readonly roundTripMs: number }
  /** Refuses new connections and ends open ones until the next `accept`. */
  | { readonly kind: 'refuse' }
  | { readonly kind: 'accept' }

let target = 0
let roundTripMs = 0
let port = 0
const open = new Set<Socket>()

const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
  const service = connect({ host: '127.0.0.1', port: target, noDelay: true, allowHalfOpen: true })
  delay(client, service, roundTripMs)
  delay(service, client, 0)
  for (const [socket, other] of [
    [client, service],
    [service, client],
  ] as const) {
    open.add(socket)
    socket.on('error', () => other.resetAndDestroy())
    socket.on('close', () => {
      open.delete(socket)
      // Data that was sent before still arrives.
      setTimeout(() => other.destroy(), roundTripMs / 2)
    })
  }
})

/** @param connectMs the additional delay of the first chunk. */
function delay(from: Socket, to: Socket, connectMs: number): void {
  const underWay: (Buffer | undefined)[] = []
  let releaseAt = performance.now() + connectMs
  const send = (chunk: Buffer | undefined) => {
    underWay.push(chunk)
    const now = performance.now()
    releaseAt = Math.max(releaseAt, now)
    // Each timer releases the oldest chunk, so that chunks stay in order.
    setTimeout(
      () => {
        const next = underWay.shift()
        if (to.destroyed) return
        if (next) to.write(next)
        else to.end()
      },
      releaseAt - now + roundTripMs / 2,
    )
  }
  from.on('data', send)
  from.on('end', () => send(undefined))
}

function listen(): void {
  server.listen({ host: '127.0.0.1', port, backlog: 1024 }, () => {
    const address = server.address()
    port = typeof address === 'object' && address ? address.port : 0
    process.send?.({ port })
  })
}

process.on('message', (order: NetworkOrder) => {
  switch (order.kind) {
    case 'open':
      target = order.port
      roundTripMs = order.roundTripMs
      return listen()
    case 'accept':
      return listen()
    case 'refuse':
      server.close(() => process.send?.({ port }))
      for (const socket of open) socket.resetAndDestroy()
      return
    default:
      order satisfies never
  }
})
process.on('disconnect', () => process.exit())
