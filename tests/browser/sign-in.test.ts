// Signing in on the demo's page, with the unmodified SDKs of Auth0 and Backendless.
import assert from 'node:assert/strict'
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

const REQUESTS = '#activity-list .request'

describe('the page, signing in', function () {
  this.timeout(90_000)
  const browser = useBrowser()

  /** Returns the page's summary of the last execution. */
  const summary = ({ page }: Visitor) => page.locator('.execution .summary').first().innerText()

  async function rowNoteOf({ page }: Visitor): Promise<string> {
    return page.locator('#note').inputValue()
  }

  it('signs a new user up in two requests, and in again with one', async () => {
    const visitor = await browser.visit()
    const { page, complaints } = visitor
    await signUpAs(visitor, 'new@example.com')
    assert.match(
      await statusOf(page),
      /^You are signed in as new@example.com, with a Backendless user token\.$/,
    )
    assert.match(await summary(visitor), /^Sign-in: token \(ok\), 2 requests, /)
    await signOut(visitor)
    await signInAs(visitor, 'new@example.com', 'any password of theirs')
    assert.match(await summary(visitor), /^Sign-in: token \(ok\), one request, /)
    assert.deepEqual(complaints, [])
  })

  it('reads and writes the user’s own row with the token', async () => {
    const visitor = await browser.visit()
    const { page } = visitor
    await signInAs(visitor, 'ada@example.com')
    await page.getByLabel('A note in your row').fill('Remember the milk')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await page.reload()
    await settled(page, visitor.demo)
    await page.locator('#row-list').getByText('Remember the milk').waitFor()
    assert.equal(await rowNoteOf(visitor), 'Remember the milk')
    assert.deepEqual(visitor.complaints, [])
  })

  it('finds the row of o’brien', async () => {
    const visitor = await browser.visit()
    await signInAs(visitor, "o'brien@example.com")
    assert.match(await statusOf(visitor.page), /with a Backendless user token/)
    await visitor.page.locator('#row-list').getByText("o'brien@example.com").waitFor()
    assert.deepEqual(visitor.complaints, [])
  })

  for (const [who, code, sentence] of [
    ['dora@example.com', 'email_unverified', /^Denied\. Please verify your e-mail address/],
    ['nadia', 'email_missing', /^Denied\. Your account has no usable e-mail address/],
  ] as const) {
    it(`says why ${who} is denied, and lets the next one in`, async () => {
      const visitor = await browser.visit()
      const { page } = visitor
      await signInAs(visitor, who)
      assert.match(await statusOf(page), sentence)
      assert.match(
        await page.locator('#detail').innerText(),
        new RegExp(`^Code ${code}, reference [A-Z2-9]{6}`),
      )
      await signOut(visitor)
      await signInAs(visitor, 'ada@example.com')
      assert.match(await statusOf(page), /You are signed in as Ada/)
      assert.deepEqual(visitor.complaints, [])
    })
  }

  it('tells a blocked user so, without running the Action', async () => {
    const visitor = await browser.visit()
    const before = await visitor.page.locator('.execution').count()
    await signInAs(visitor, 'bob@example.com')
    assert.match(await statusOf(visitor.page), /^You are not signed in\. .*blocked/i)
    assert.equal(await visitor.page.locator('.execution').count(), before)
  })

  for (const [behaviour, code] of [
    ['down', 'unavailable'],
    ['refusing', 'misconfigured'],
  ] as const) {
    it(`denies while Backendless is ${behaviour}, and lets in after that`, async () => {
      const visitor = await browser.visit()
      const { page, demo } = visitor
      await page.locator(`input[value="${behaviour}"]`).check()
      await signInAs(visitor, 'ada@example.com')
      assert.match(await statusOf(page), /^Denied\. /)
      assert.match(await page.locator('#detail').innerText(), new RegExp(`^Code ${code}, `))
      assert.match(await page.locator(REQUESTS).first().innerText(), /POST \/users\/login/)
      await page.locator('input[value="well"]').check()
      await page.locator('#sign-in').click()
      await settled(page, demo)
      assert.match(await statusOf(page), /^You are signed in as Ada, with a Backendless user token/)
      assert.deepEqual(visitor.complaints, [])
    })
  }

  it('waits for a slow Backendless', async () => {
    const visitor = await browser.visit()
    await order(visitor.demo, '/behaviour', { behaviour: 'slow' })
    await signInAs(visitor, 'ada@example.com')
    assert.match(await statusOf(visitor.page), /with a Backendless user token/)
    assert.notEqual(await shownToken(visitor.page), undefined)
  })

  it('denies a user whose password was changed in Backendless', async () => {
    const visitor = await browser.visit()
    const { page } = visitor
    await signUpAs(visitor, 'victim@example.com')
    await page.locator('#change-password').click()
    await page.getByText('Done. Your token still works').waitFor()
    await signOut(visitor)
    await signInAs(visitor, 'victim@example.com', 'any password of theirs')
    assert.match(await page.locator('#detail').innerText(), /^Code password_mismatch, /)
  })
})
