// The user token over reloads, refreshes and rotations.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import {
  order,
  settled,
  shownToken,
  signInAs,
  signOut,
  signUpAs,
  statusOf,
  useBrowser,
  type Visitor,
} from './browser.ts'

describe('the page, staying signed in', function () {
  this.timeout(180_000)
  const browser = useBrowser()

  async function refresh(page: Page): Promise<void> {
    const line = page.locator('.execution .line').first()
    const before = await line.innerText()
    await page.locator('#refresh').click()
    await line.filter({ hasNotText: before }).waitFor()
    await page.locator('#status:not([data-kind="busy"])').waitFor()
  }

  async function rowCanBeWritten({ page }: Visitor, note: string): Promise<void> {
    await page.getByLabel('A note in your row').fill(note)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('#row-status').getByText('Saved.').waitFor()
  }

  async function deploy(page: Page, change: 'rotation' | 'skipRefresh'): Promise<string> {
    await page.locator(`[data-plan="${change}"]`).click()
    await page.locator(`[data-deploy="${change}"]`).waitFor()
    const plan = await page.locator(`[data-output="${change}"]`).innerText()
    await page.locator(`[data-deploy="${change}"]`).click()
    await page.locator(`[data-status="${change}"]`).getByText('Done.').waitFor()
    return plan
  }

  it('signs in silently after a reload, with a new token', async () => {
    const visitor = await browser.visit()
    const { page, demo } = visitor
    await signInAs(visitor, 'ada@example.com')
    const before = await shownToken(page)
    await page.reload()
    await settled(page, demo)
    assert.match(await page.locator('.execution .summary').first().innerText(), /^Silent sign-in: token/)
    const after = await shownToken(page)
    assert.ok(after !== undefined && after !== before)
    await rowCanBeWritten(visitor, 'after a reload')
    assert.deepEqual(visitor.complaints, [])
  })

  it('gets a new token with a refresh', async () => {
    const visitor = await browser.visit()
    const { page } = visitor
    await signInAs(visitor, 'ada@example.com')
    const before = await shownToken(page)
    await refresh(page)
    assert.match(
      await page.locator('.execution .summary').first().innerText(),
      /^Refresh: token \(ok\), one request/,
    )
    assert.notEqual(await shownToken(page), before)
    await rowCanBeWritten(visitor, 'after a refresh')
    assert.deepEqual(visitor.complaints, [])
  })

  it('keeps the token it has when a refresh fails, and signs nobody out', async () => {
    const visitor = await browser.visit()
    const { page, demo } = visitor
    await signInAs(visitor, 'ada@example.com')
    await order(demo, '/behaviour', { behaviour: 'down' })
    await refresh(page)
    assert.match(
      await page.locator('.execution .summary').first().innerText(),
      /^Refresh: skip \(unavailable\)/,
    )
    assert.match(await statusOf(page), /brought no user token: the one from before is kept/)
    await rowCanBeWritten(visitor, 'while it is down')
    await order(demo, '/behaviour', { behaviour: 'well' })
    await refresh(page)
    assert.match(await statusOf(page), /with a Backendless user token/)
    assert.deepEqual(visitor.complaints, [])
  })

  it('says why a tab without an earlier token gets none', async () => {
    const visitor = await browser.visit()
    await signInAs(visitor, 'ada@example.com')
    await order(visitor.demo, '/behaviour', { behaviour: 'down' })
    const tab = await visitor.page.context().newPage()
    await tab.goto(visitor.demo.url)
    await settled(tab, visitor.demo)
    assert.match(await statusOf(tab), /^Skipped\. You are signed in as Ada, without a user token\.$/)
    assert.match(await tab.locator('#detail').innerText(), /^Code unavailable, reference \w{6}, /)
  })

  it('keeps the token it has over reloads and refreshes with skipRefresh', async () => {
    const visitor = await browser.visit()
    const { page, demo } = visitor
    await signInAs(visitor, 'ada@example.com')
    assert.match(await deploy(page, 'skipRefresh'), /\+ {3}"skipRefresh": true/)
    try {
      await refresh(page)
      assert.match(
        await page.locator('.execution .summary').first().innerText(),
        /skip \(refresh_skipped\), no request/,
      )
      assert.match(await statusOf(page), /the one from before is kept/)
      await rowCanBeWritten(visitor, 'with skipRefresh')
      await page.reload()
      await settled(page, demo)
      assert.match(await statusOf(page), /the one from before is kept/)
      await rowCanBeWritten(visitor, 'with skipRefresh, reloaded')
    } finally {
      await deploy(page, 'skipRefresh')
    }
    assert.deepEqual(visitor.complaints, [])
  })

  it('signs in silently when Backendless does not know the token any more', async () => {
    const visitor = await browser.visit()
    const { page, demo } = visitor
    await signInAs(visitor, 'ada@example.com')
    const token = await shownToken(page)
    const config: { backendless: Record<'serverURL' | 'appId' | 'apiKey', string> } = JSON.parse(
      await (await fetch(`${demo.url}/config.json`)).text(),
    )
    const { serverURL, appId, apiKey } = config.backendless
    await fetch(`${serverURL}/${appId}/${apiKey}/users/logout`, { headers: { 'user-token': token ?? '' } })
    await rowCanBeWritten(visitor, 'with a token that was fetched meanwhile')
    assert.match(await statusOf(page), /You are signed in/)
    // The browser logs the refused request as an error.
    assert.equal(visitor.complaints.length, 1)
  })

  it('signs in over all five steps of a rotation, live, with the plan before each', async () => {
    const visitor = await browser.visit()
    const { page } = visitor
    await signUpAs(visitor, 'rotated@example.com')
    const again = async () => {
      await signOut(visitor)
      await signInAs(visitor, 'rotated@example.com', 'any password of theirs')
      return page.locator('.execution .summary').first().innerText()
    }
    assert.match(
      await deploy(page, 'rotation'),
      /^\+ create {2}RandomPassword {2}backendless-login-password-2/,
    )
    assert.match(await again(), /token \(ok\), one request/)
    assert.match(await deploy(page, 'rotation'), /^~ update {2}Action/)
    assert.match(await again(), /token \(moved\), 4 requests/)
    assert.match(await again(), /token \(ok\), one request/)
    assert.match(await deploy(page, 'rotation'), /Nothing is deployed by this step/)
    assert.match(await deploy(page, 'rotation'), /- PASSWORD_1/)
    assert.match(await again(), /token \(ok\), one request/)
    assert.match(await deploy(page, 'rotation'), /- delete {2}RandomPassword {2}backendless-login-password-1/)
    assert.match(await again(), /token \(ok\), one request/)
    assert.deepEqual(visitor.complaints, [])
  })
})
