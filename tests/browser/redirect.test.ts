// An application that calls Backendless at each load, while its users are signed in without a user token.
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { fillSignInForm, order, useBrowser, type Visitor } from './browser.ts'

const APPLICATION = fileURLToPath(new URL('application/main.ts', import.meta.url))

interface ApplicationPage {
  readonly page: Page
  /** Number of redirects to the tenant, and of silent sign-ins. */
  readonly signIns: { redirects: number; silent: number }
}

describe('user-token.ts, when a sign-in is skipped', function () {
  this.timeout(60_000)
  let script = ''

  before(async () => {
    const { outputFiles } = await build({
      entryPoints: [APPLICATION],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      logLevel: 'silent',
    })
    script = outputFiles[0]?.text ?? ''
  })

  /** Opens the application in place of the demo's page, in a browser with a signed-in user. */
  async function openAs({ page, demo }: Visitor, email: string): Promise<ApplicationPage> {
    const signIns = { redirects: 0, silent: 0 }
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (pathname === '/authorize' && request.frame() === page.mainFrame()) signIns.redirects++
      else if (pathname === '/authorize' || request.postData()?.includes('grant_type=refresh_token'))
        signIns.silent++
    })
    await page.route(`${demo.url}/page.js`, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: script }),
    )
    await page.goto(demo.url)
    await fillSignInForm(page, email)
    await page.locator('output:not(:empty)').waitFor()
    return { page, signIns }
  }

  async function reload(page: Page): Promise<string> {
    await page.reload()
    const output = page.locator('output:not(:empty)')
    await output.waitFor()
    // A further redirect would have begun by now.
    await page.waitForTimeout(300)
    await output.waitFor()
    return output.innerText()
  }

  describe('with a reason', () => {
    const browser = useBrowser({ onFailure: 'skip', unverified: 'skip' })

    for (const [why, who, behaviour, code] of [
      ['Backendless is down', 'ada@example.com', 'down', 'unavailable'],
      ['the address is not verified', 'dora@example.com', 'well', 'email_unverified'],
    ] as const) {
      it(`shows it and redirects no second time: ${why}`, async () => {
        const visitor = await browser.visit()
        await order(visitor.demo, '/behaviour', { behaviour })
        const { page, signIns } = await openAs(visitor, who)
        assert.match(
          await page.locator('output').innerText(),
          new RegExp(`^NoUserTokenError: ${code}, \\w{6}$`),
        )
        assert.equal(signIns.redirects, 1)
        // Each load has one silent sign-in of the SDK itself, which checks the session.
        for (let load = 1; load <= 3; load++) {
          signIns.silent = 0
          assert.match(await reload(page), new RegExp(`^NoUserTokenError: ${code}, \\w{6}$`))
          assert.deepEqual(signIns, { redirects: 1, silent: 1 })
        }
      })
    }

    it('works again once Backendless is back, at the first load that brings a token', async () => {
      const visitor = await browser.visit()
      await order(visitor.demo, '/behaviour', { behaviour: 'down' })
      const { page, signIns } = await openAs(visitor, 'ada@example.com')
      await order(visitor.demo, '/behaviour', { behaviour: 'well' })
      // The Action's circuit breaker stays open for some seconds.
      // Both listed users with a verified address have a row from the start.
      let shown = ''
      for (let load = 1; load <= 20 && shown !== 'rows: 2'; load++) shown = await reload(page)
      assert.equal(shown, 'rows: 2')
      assert.equal(signIns.redirects, 1)
    })
  })

  describe('without a reason', () => {
    const browser = useBrowser({ clients: ['AnotherClientId'] })

    it('signs in once, then fails at each load: the client is not listed', async () => {
      const visitor = await browser.visit()
      const { page, signIns } = await openAs(visitor, 'ada@example.com')
      for (let load = 1; load <= 3; load++) {
        assert.equal(await reload(page), 'NoUserTokenError: undefined, undefined')
        assert.equal(signIns.redirects, 1)
      }
      await page.getByRole('button', { name: 'Sign in again' }).click()
      await page.waitForURL(`${visitor.demo.url}/**`)
      await page.locator('output:not(:empty)').waitFor()
      assert.equal(signIns.redirects, 2)
    })
  })
})
