import assert from 'node:assert/strict'
import { type EndedCommand, run } from './command.ts'

const demo = 'demo/main.ts'

const rows = [
  /ada@example\.com +new +token +2 +\d+ +\w{4}… +own row/,
  /ada@example\.com +again +token +1 +\d+ +\w{4}… +own row/,
  /o'brien@example\.com +new +token +2 +\d+ +\w{4}… +own row/,
  /dora@example\.com +address not verified +denied: email_unverified +0 +\d+$/,
  /grace@example\.com +the row is somebody else's +denied: password_mismatch +2 +\d+$/,
  /mallory@example\.com +new +token +2 +\d+ +\w{4}… +own row/,
  /heidi@example\.com +address taken by Mallory +denied: password_mismatch +2 +\d+$/,
  /mallory@example\.com +again +token +3 +\d+ +\w{4}… +own row/,
  /ada\.new@example\.com +Ada's new address +token: renamed +3 +\d+ +\w{4}… +own row/,
  /ada@example\.com +Ada's old address +token +2 +\d+ +\w{4}… +own row/,
  /ada\.new@example\.com +again +token +1 +\d+ +\w{4}… +own row/,
  /sms\|5551234 +no e-mail address +denied: email_missing +0 +\d+$/,
]

describe('npm run demo -- --check', () => {
  let ended: EndedCommand

  before(async () => {
    ended = await run(demo, ['--check'])
  })

  it('succeeds without an error message', () => {
    assert.equal(ended.stderr, '')
    assert.equal(ended.code, 0)
  })

  it('shows each sign-in with its outcome, in order', () => {
    const lines = ended.stdout.split('\n').filter((line) => /^ *\d+ +\S+ .* \d+( |$)/.test(line))
    rows.forEach((row, index) => {
      assert.match(lines[index] ?? '', row)
    })
  })

  it('fits into 110 columns', () => {
    for (const line of ended.stdout.split('\n')) assert.ok(line.length <= 110, line)
  })

  it('shows no key, no password and no whole token', () => {
    assert.doesNotMatch(ended.stdout, /[A-Za-z0-9-]{20,}/)
  })

  it('leaves no process and no file', () => {
    assert.equal(ended.processes, false)
    assert.deepEqual(ended.files, [])
  })

  it('ends at once on ctrl-c, and leaves no process and no file then either', async () => {
    const { code, stderr, files, processes } = await run(demo, ['--check'], 'Deploying')
    assert.deepEqual(
      { code, stderr, files, processes },
      { code: 130, stderr: '', files: [], processes: false },
    )
  })

  it('prints its help', async () => {
    const { code, stdout } = await run(demo, ['--help'])
    assert.equal(code, 0)
    assert.match(stdout, /--check +no page/)
  })

  it('says which option it does not know', async () => {
    const { code, stdout, stderr } = await run(demo, ['--frob'])
    assert.equal(code, 2)
    assert.equal(stdout, '')
    assert.equal(stderr, "Unknown option '--frob'. --help lists the options.\n")
  })
})
