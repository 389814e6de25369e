/** Returns why this base address is not usable; `undefined` if it is. */
export function serverUrlProblem(address: string): string | undefined {
  if (!URL.canParse(address) || /[\s\\]/.test(address)) return 'is not a URL'
  const url = new URL(address)
  if (!/^https?:\/\//.test(address)) return 'must begin with https://'
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return 'must begin with https://: passwords and the API key travel to it (http is for loopback only)'
  }
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or a password'
  if (/[?#]/.test(address)) return 'must end with its path: no ? and no #'
  return undefined
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
