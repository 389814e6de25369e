// The page's main states in light and dark mode and on a phone: screenshots and accessibility.
import assert from 'node:assert/strict'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { order, screenshot, settled, signInAs, useBrowser, type Visitor } from './browser.ts'

const DESKTOP = { width: 1280, height: 900 }
const PHONE = { width: 360, height: 740 }

const LOOKS = {
  light: { colorScheme: 'light', viewport: DESKTOP },
  dark: { colorScheme: 'dark', viewport: DESKTOP },
  phone: { colorScheme: 'light', viewport: PHONE },
} as const

/** Brings a page on which nobody is signed in to this state. */
const STATES: Readonly<Record<string, (visitor: Visitor) => Promise<unknown>>> = {
  'signed-out': async () => {},
  'sign-in-form': async ({ page }) => {
    await page.locator('#sign-in').click()
    await page.locator('#username').waitFor()
  },
  token: async (visitor) => {
    await signInAs(visitor, 'ada@example.com')
    await visitor.page.locator('#row-list dd').first().waitFor()
    await visitor.page.locator('[data-plan="rotation"]').click()
    await visitor.page.locator('[data-deploy="rotation"]').waitFor()
  },
  denied: (visitor) => signInAs(visitor, 'dora@example.com'),
  down: async (visitor) => {
    await order(visitor.demo, '/behaviour', { behaviour: 'down' })
    await visitor.page.reload()
    await settled(visitor.page, visitor.demo)
    await signInAs(visitor, 'ada@example.com')
  },
  kept: async (visitor) => {
    await signInAs(visitor, "o'brien@example.com")
    await order(visitor.demo, '/behaviour', { behaviour: 'refusing' })
    await visitor.page.locator('#refresh').click()
    await visitor.page.locator('#status[data-kind="kept"]').waitFor()
    await visitor.page.locator('#row-list dd').first().waitFor()
  },
}

describe('the page, to the eye and the ear', function () {
  this.timeout(90_000)
  const browser = useBrowser()

  for (const [state, reach] of Object.entries(STATES)) {
    it(`has no accessibility violation, light, dark and on a phone: ${state}`, async () => {
      const visitor = await browser.visit()
      const { page } = visitor
      await reach(visitor)
      for (const [look, { colorScheme, viewport }] of Object.entries(LOOKS)) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize(viewport)
        await screenshot(page, `${state}-${look}`)
        const { violations } = await new AxeBuilder({ page }).analyze()
        assert.deepEqual(
          violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          [],
          look,
        )
        assert.ok(await fits(page), `${look}: the page is wider than the screen`)
      }
    })
  }

  it('can be used with the keyboard alone', async () => {
    const visitor = await browser.visit({ viewport: DESKTOP })
    const { page, demo } = visitor
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate<string>('document.activeElement.id'), 'sign-in')
    await page.keyboard.press('Enter')
    await page.locator('#username:focus').waitFor()
    await page.keyboard.type('ada@example.com')
    await page.keyboard.press('Tab')
    await page.keyboard.type('let-me-in')
    await page.keyboard.press('Enter')
    await settled(page, demo)
    await page.locator('#status[data-kind="good"]').waitFor()
    assert.deepEqual(visitor.complaints, [])
  })
})

function fits(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')
}
