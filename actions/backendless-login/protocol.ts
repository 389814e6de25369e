import http from 'node:http'
import https from 'node:https'

/** An answer that switches to another protocol, which nobody asked for. The code is like those of Node's HTTP parser. */
const SWITCHED = 'HPE_UNEXPECTED_UPGRADE'

/**
 * Node's own way to send a request, but for 101: Node closes the connection then and tells nobody, so that the request
 * would wait until its time is over.
 */
export const plainHttp = {
  request(
    options: https.RequestOptions,
    onAnswer: (answer: http.IncomingMessage) => void,
  ): http.ClientRequest {
    const request = (options.protocol === 'https:' ? https : http).request(options, onAnswer)
    return request.once('upgrade', (_answer, socket) => {
      socket.destroy()
      request.emit('error', Object.assign(new Error(SWITCHED), { code: SWITCHED }))
    })
  },
}
