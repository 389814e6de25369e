import http from 'node:http'
import https from 'node:https'

/** The error code for an unexpected 101 answer, in the form of the codes of Node's HTTP parser. */
const SWITCHED = 'HPE_UNEXPECTED_UPGRADE'

/**
 * Sends a request as Node does, but fails on a 101 answer. Node would close the connection without an error, and the request
 * would wait until it times out.
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
