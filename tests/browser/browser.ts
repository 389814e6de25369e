// A real browser with the page of `npm run demo`.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { type LiveDemo, type LiveOptions, startLiveDemo } from '../../demo/live.ts'
import { leaveOut } from '../leave-out.ts'

const SCREENSHOTS = fileURLToPath(new URL('screenshots/', import.meta.url))
const DEBIAN = '/usr/bin/chromium'

/** Without these, Chromium looks for hosts on the Internet at its start. As root, it has no sandbox. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

export interface Visitor {
  readonly page: Page
  readonly demo: LiveDemo
  /** Errors in the browser's console, and uncaught errors. */
  readonly complaints: string[]
}

export interface VisitorOptions {
  readonly viewport?: { readonly width: number; readonly height: number }
}

/**
 * Starts one demo and one browser for a suite, and opens a visitor without cookies for each test. Without a browser the suite
 * is pending, with the reason; under CI it fails. `config`: settings that replace those of the demo.
 */
export function useBrowser(config: NonNullable<LiveOptions['config']> = {}): {
  visit(options?: VisitorOptions): Promise<Visitor>
  readonly demo: LiveDemo
} {
  let browser: Browser | undefined
  let demo: LiveDemo | undefined
  const contexts: BrowserContext[] = []

  before(async function () {
    this.timeout(60_000)
    const found = await launch()
    if (typeof found === 'string') leaveOut(this, found)
    browser = found
    demo = await startLiveDemo({ port: 0, signal: new AbortController().signal, config })
  })
  afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())))
  after(() => Promise.all([browser?.close(), demo?.close()]))

  const running = (): LiveDemo => {
    if (!demo) throw new Error('The demo is not running.')
    return demo
  }
  return {
    get demo() {
      return running()
    },
    async visit(options = {}) {
      if (!browser) throw new Error('The browser is not running.')
      await order(running(), '/behaviour', { behaviour: 'well' })
      const context = await browser.newContext({ ...options, reducedMotion: 'reduce' })
      contexts.push(context)
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(running().url)
      await page.locator('#sign-in').waitFor()
      return { page, demo: running(), complaints }
    },
  }
}

/** Sends a command of the page. */
export async function order({ url }: LiveDemo, path: string, body: object): Promise<void> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  assert.equal(response.status, 200, await response.text())
}

/** Signs in with the form of the tenant, and waits until the page is back. */
export async function signInAs(
  { page, demo }: Visitor,
  email: string,
  password = 'let-me-in',
): Promise<void> {
  await page.locator('#sign-in').click()
  await fillSignInForm(page, email, password)
  await settled(page, demo)
}

/** Fills in the form of the tenant. */
export async function fillSignInForm(page: Page, email: string, password = 'let-me-in'): Promise<void> {
  await page.getByLabel('E-mail address or username').fill(email)
  await page.getByLabel('Password', { exact: true }).first().fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

export async function signUpAs(
  { page, demo }: Visitor,
  email: string,
  { verified = true }: { readonly verified?: boolean } = {},
): Promise<void> {
  await page.locator('#sign-up').click()
  const form = page.locator('form', { has: page.locator('#new-email') })
  if (!(await form.isVisible())) await page.getByText('Sign up', { exact: true }).first().click()
  await page.locator('#new-email').fill(email)
  await page.locator('#new-password').fill('any password of theirs')
  await form.getByRole('checkbox').setChecked(verified)
  await form.getByRole('button', { name: 'Sign up' }).click()
  await settled(page, demo)
}

export async function signOut({ page }: Visitor): Promise<void> {
  await page.locator('#sign-out').click()
  await page.locator('#status').getByText('You are signed out.').waitFor()
}

/** Waits until the page is back and shows the result. */
export async function settled(page: Page, { url }: LiveDemo): Promise<void> {
  await page.waitForURL(`${url}/**`)
  await page.locator('#status:not([data-kind="busy"])').waitFor()
}

export function statusOf(page: Page): Promise<string> {
  return page.locator('#status').innerText()
}

/** Returns the user token of the ID token, which the page highlights. */
export async function shownToken(page: Page): Promise<string | undefined> {
  const token = page.locator('#claim-list .token')
  return (await token.count()) === 0 ? undefined : token.innerText()
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage: true })
}

/** Returns the browser, or why there is none. */
async function launch(): Promise<Browser | string> {
  const args = process.getuid?.() === 0 ? [...QUIET, '--no-sandbox'] : QUIET
  if (existsSync(DEBIAN)) return chromium.launch({ executablePath: DEBIAN, args })
  for (const channel of ['chrome', 'msedge', 'chromium']) {
    try {
      return await chromium.launch({ channel, args })
    } catch {
      // Not installed. The next one may be.
    }
  }
  return 'no Chrome, Edge or Chromium is installed'
}
