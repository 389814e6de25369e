// A proxy in front of a server that passes connections through, except for the nth one.
import net from 'node:net'
import { MARKER } from './fault.ts'

/**
 * `close`: refuses this connection and all later ones. `ignore`: never answers on it; `ignoreAll`: on any connection.
 * `through`: passes it to another server on this machine.
 */
export type ConnectionFault =
  | { readonly kind: 'close' | 'ignoreAll' | 'ignore' | 'plainText' | 'cutHandshake' }
  | { readonly kind: 'through'; readonly port: number }

export interface FaultyProxy {
  readonly port: number
  close(): void
}

/** `at` counts connections from 0. */
export async function startFaultyProxy(
  target: number,
  at: number,
  behaviour: ConnectionFault,
): Promise<FaultyProxy> {
  const sockets = new Set<net.Socket>()
  const track = (socket: net.Socket) => {
    sockets.add(socket)
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const forward = (socket: net.Socket, port: number) => {
    const onward = track(net.connect({ port, host: '127.0.0.1' }))
    socket.pipe(onward).pipe(socket)
  }
  let connections = 0
  const server = net.createServer((socket) => {
    track(socket)
    const nth = connections++
    // The next connection comes as soon as this one is answered, and must be refused.
    if (behaviour.kind === 'close' && nth + 1 === at) server.close()
    if (nth === at || behaviour.kind === 'ignoreAll') handleConnection(socket, behaviour, forward)
    else forward(socket, target)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  if (behaviour.kind === 'close' && at === 0) server.close()
  return {
    port: address.port,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function handleConnection(
  socket: net.Socket,
  behaviour: ConnectionFault,
  forward: (socket: net.Socket, port: number) => void,
): void {
  switch (behaviour.kind) {
    case 'close':
    case 'ignore':
    case 'ignoreAll':
      // Keeps reading to detect when the client closes the connection.
      socket.resume()
      return
    case 'plainText':
      socket.end(`HTTP/1.1 400 ${MARKER}\r\nconnection: close\r\n\r\n${MARKER}`)
      return
    case 'cutHandshake':
      socket.once('data', () => socket.resetAndDestroy())
      return
    case 'through':
      forward(socket, behaviour.port)
      return
    default:
      behaviour satisfies never
  }
}
