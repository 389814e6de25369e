// Host names that resolve as a test says. The HTTP client and its sockets are real; only the look-up is replaced.
import dns from 'node:dns'

/** An error's code, or how many milliseconds the address takes. */
export type Resolution = 'ENOTFOUND' | 'EAI_AGAIN' | number

type Lookup = (hostname: string, options: dns.LookupOptions, callback: Callback) => void
type Callback = (error: Error | null, address?: string | dns.LookupAddress[], family?: number) => void

const ADDRESS = { address: '127.0.0.1', family: 4 }
const resolutions = new Map<string, (nth: number) => Resolution>()
const asked = new Map<string, number>()

/** Returns a name of this machine. `nth` counts its look-ups from 0. */
export function hostName(resolution: (nth: number) => Resolution): string {
  const name = `app-${resolutions.size}.backendless.invalid`
  resolutions.set(name, resolution)
  return name
}

/** Answers look-ups of these names during the surrounding suite. */
export function useTestNames(): void {
  let restore = () => {}
  before(() => {
    restore = resolveTestNames()
  })
  after(() => restore())
}

function resolveTestNames(): () => void {
  const real = dns.lookup
  const lookup: Lookup = (hostname, options, callback) => {
    const resolution = resolutions.get(hostname)
    if (!resolution) return void Reflect.apply(real, dns, [hostname, options, callback])
    const nth = asked.get(hostname) ?? 0
    asked.set(hostname, nth + 1)
    const outcome = resolution(nth)
    const late = typeof outcome === 'number' ? outcome : 0
    setTimeout(() => {
      if (typeof outcome === 'string') {
        callback(Object.assign(new Error(`getaddrinfo ${outcome} ${hostname}`), { code: outcome }))
      } else if (options.all) callback(null, [ADDRESS])
      else callback(null, ADDRESS.address, ADDRESS.family)
    }, late).unref()
  }
  Reflect.set(dns, 'lookup', lookup)
  return () => {
    Reflect.set(dns, 'lookup', real)
    resolutions.clear()
    asked.clear()
  }
}
