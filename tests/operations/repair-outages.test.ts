// `--repair --all` while Backendless does not answer, or asks for fewer requests.
import assert from 'node:assert/strict'
import type { PasswordsReport } from '../../operations/passwords/report.ts'
import { PasswordsFixture } from './fixture.ts'

const THEIRS = 'a password that somebody else knows'

describe('npm run passwords -- --repair --all, where Backendless does not answer', () => {
  let fixture: PasswordsFixture

  beforeEach(async () => {
    fixture = await PasswordsFixture.open({ multipleLogins: true, maxConcurrentLogins: 100 })
    fixture.addUsers(4, THEIRS, 'user')
  })
  afterEach(() => fixture.close())

  async function repairAll(...args: readonly string[]): Promise<PasswordsReport> {
    const report = await fixture.start(
      ['--repair', '--all', ...args],
      {
        answer: fixture.app.appId,
        environment: { BACKENDLESS_CODERUNNER_KEY: fixture.app.keys.codeRunner },
      },
      () => {},
    )
    assert.ok(typeof report !== 'string')
    return report
  }

  const changes = () => fixture.app.requests.filter(({ method }) => method === 'PUT').length

  for (const [title, fault] of [
    ['a rate limit (999)', { kind: 'code', code: 999 }],
    ['a rate limit (429)', { kind: 'answer', status: 429 }],
    ['a proxy without a server (503)', { kind: 'answer', status: 503 }],
    ['no answer', { kind: 'reset' }],
  ] as const) {
    it(`sets the password again after ${title}`, async () => {
      fixture.app.faults.add({ route: 'PUT /users/*', nth: 2, times: 2, fault })
      const report = await repairAll('--concurrency', '1')
      assert.deepEqual([report.stopped, report.moved, report.failed, changes()], [undefined, 4, {}, 6])
    })

    it(`finds out by a login whether the password was set, after ${title} for long`, async () => {
      fixture.app.faults.add({ route: 'PUT /users/*', nth: 1, times: 3, fault: { ...fault, after: true } })
      fixture.app.faults.add({ route: 'PUT /users/*', nth: 4, times: 3, fault })
      const report = await repairAll('--concurrency', '1')
      assert.deepEqual([report.stopped, report.moved, report.canBeRetired], [undefined, 3, []])
      assert.deepEqual(Object.values(report.failed), [1])
      assert.match(Object.keys(report.failed)[0] ?? '', /^set_(refused_(999|429|503)|no_answer)$/)
    })
  }

  it('stops in an outage that affects only the change, and tries those again the next time', async () => {
    fixture.addUsers(20, THEIRS, 'more')
    const back = fixture.app.faults.add({
      route: 'PUT /users/*',
      nth: 3,
      times: 1e6,
      fault: { kind: 'answer', status: 502 },
    })
    const first = await repairAll('--concurrency', '1')
    assert.deepEqual([first.stopped?.code, first.moved, first.failed], ['unavailable', 2, {}])
    back()
    const report = await repairAll()
    assert.deepEqual([report.moved, report.failed, report.finished], [24, {}, true])
  })
})
