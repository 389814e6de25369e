// A browser without scripts, for one person: it keeps cookies with their paths, follows redirects and sends forms.

export interface Page {
  readonly status: number
  readonly url: string
  readonly html: string
}

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

export class Browser {
  readonly #origin: string
  #cookies: Cookie[] = []

  /** @param origin of the tenant. Redirects to other origins are not followed. */
  constructor(origin: string) {
    this.#origin = origin
  }

  get cookies(): readonly Cookie[] {
    return this.#cookies
  }

  /** Follows redirects within the tenant. Returns the page, or the address outside of it to which they lead. */
  async open(address: string | URL, form?: Readonly<Record<string, string>>): Promise<Page | URL> {
    let url = new URL(address)
    let body = form && new URLSearchParams(form)
    for (let redirects = 0; redirects < 10; redirects += 1) {
      if (url.origin !== this.#origin) return url
      const response = await fetch(url, {
        method: body ? 'POST' : 'GET',
        redirect: 'manual',
        headers: { cookie: this.#cookieHeader(url), 'user-agent': 'a test', 'accept-language': 'en-GB,en' },
        ...(body ? { body } : {}),
      })
      this.#keep(response.headers.getSetCookie(), url)
      const location = response.headers.get('location')
      const html = await response.text()
      if (location === null) return { status: response.status, url: url.href, html }
      url = new URL(location, url)
      body = undefined
    }
    throw new Error('The redirects never end.')
  }

  /** Opens an address and returns its page. @throws Error if it redirects to the application. */
  async page(address: string | URL, form?: Readonly<Record<string, string>>): Promise<Page> {
    const shown = await this.open(address, form)
    if (shown instanceof URL) throw new Error(`No page, but a redirect to ${shown}`)
    return shown
  }

  /** Opens an address and returns the callback to which it leads. @throws Error if it shows a page. */
  async callback(address: string | URL, form?: Readonly<Record<string, string>>): Promise<URL> {
    const shown = await this.open(address, form)
    if (shown instanceof URL) return shown
    throw new Error(`No redirect, but a page: ${shown.status} ${shown.html}`)
  }

  #cookieHeader({ pathname }: URL): string {
    const sent = this.#cookies.filter(({ path }) => pathname.startsWith(path))
    return sent.map(({ name, value }) => `${name}=${value}`).join('; ')
  }

  #keep(headers: readonly string[], url: URL): void {
    for (const header of headers) {
      const [pair = '', ...attributes] = header.split(/;\s*/)
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      const attribute = (wanted: string) =>
        attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1)
      const path = attribute('path') ?? url.pathname
      const gone = new Date(attribute('expires') ?? '9999-01-01').getTime() < Date.now()
      this.#cookies = this.#cookies.filter((other) => other.name !== name || other.path !== path)
      if (!gone) this.#cookies.push({ name, value, path })
    }
  }
}
