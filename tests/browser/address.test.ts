// An address changes, and changes hands, on the demo's page. Nobody gets another user's row.
import assert from 'node:assert/strict'
import { screenshot, settled, signInAs, signUpAs, statusOf, useBrowser, type Visitor } from './browser.ts'

describe('the page, when an address changes', function () {
  this.timeout(60_000)
  const browser = useBrowser()
  const summary = ({ page }: Visitor) => page.locator('.execution .summary').first().innerText()
  const rowId = async ({ page }: Visitor) => {
    const term = page.locator('#row-list dt', { hasText: /^objectId$/ })
    return term.locator('xpath=following-sibling::dd[1]').innerText()
  }

  async function signUpAndChangeAddress(visitor: Visitor, email: string): Promise<string> {
    await signUpAs(visitor, email)
    const row = await rowId(visitor)
    await visitor.page.locator('#change-address').click()
    await visitor.page.getByText('now, and verified. Refresh the tokens').waitFor()
    return row
  }

  async function signInAsNewcomer({ page, demo }: Visitor): Promise<void> {
    await page.locator('#take-address').click()
    await page.locator('#sign-in-newcomer').click()
    await page.getByLabel('Password', { exact: true }).first().fill('let-me-in')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await settled(page, demo)
  }

  it('lets the row follow its owner, and gives the next holder a row of their own', async () => {
    const visitor = await browser.visit()
    const { page } = visitor
    const row = await signUpAndChangeAddress(visitor, 'nina@example.com')
    await page.locator('#refresh').click()
    await page.locator('#row-list').getByText('nina.2@example.com').waitFor()
    assert.match(await summary(visitor), /^Refresh: token \(renamed\), 3 requests/)
    assert.equal(await rowId(visitor), row)
    await page.locator('#account-metadata').getByText('"identity": "nina.2@example.com"').waitFor()
    await screenshot(page, 'renamed')

    await signInAsNewcomer(visitor)
    assert.match(
      await statusOf(page),
      /^You are signed in as nina@example.com, with a Backendless user token/,
    )
    // Nina's first sign-in, and the newcomer's.
    const signUps = page.locator('.execution .summary', { hasText: /^Sign-in: token \(ok\), 2 requests/ })
    await signUps.nth(1).waitFor()
    await page.locator('#row-list').getByText('nina@example.com').first().waitFor()
    assert.notEqual(await rowId(visitor), row)
    assert.deepEqual(visitor.complaints, [])
  })

  it('refuses the next holder while the row still has the address, and then lets the row follow', async () => {
    const visitor = await browser.visit()
    const { page, demo } = visitor
    const row = await signUpAndChangeAddress(visitor, 'olga@example.com')
    await signInAsNewcomer(visitor)
    assert.match(await statusOf(page), /^Denied\. Your e-mail address belongs to another account/)
    assert.match(await page.locator('#detail').innerText(), /^Code owner_mismatch, /)
    assert.equal(await page.locator('#row').isVisible(), false)
    const entry = page.locator('.execution .entry', { hasText: 'description “owner_mismatch: ' }).first()
    assert.match(await entry.innerText(), /type f \(failed login\) · client Web shop · user olga@example.com/)

    await page.locator('#sign-in-other').click()
    await page.getByLabel('E-mail address or username').fill('olga.2@example.com')
    await page.getByLabel('Password', { exact: true }).first().fill('any password of theirs')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await settled(page, demo)
    await page
      .locator('.execution .summary', { hasText: /^Sign-in: token \(renamed\), 3 requests/ })
      .waitFor()
    assert.equal(await rowId(visitor), row)
    assert.deepEqual(visitor.complaints, [])
  })

  it('lets a repaired row be opened again', async () => {
    const visitor = await browser.visit()
    const { page } = visitor
    await signInAs(visitor, 'ada@example.com')
    await page.locator('#change-password').click()
    await page.getByText('Done. Your token still works').waitFor()
    await page.locator('#repair').click()
    await page.getByText('Done. The row of ada@example.com').waitFor()
    await page.locator('#refresh').click()
    await page
      .locator('.execution .summary', { hasText: /^Refresh: token \(ok\), one request/ })
      .first()
      .waitFor()
  })
})
