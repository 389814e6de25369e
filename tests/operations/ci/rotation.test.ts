import assert from 'node:assert/strict'
import { parse } from 'yaml'
import { rotate } from '../../../operations/ci/rotate.ts'
import { nextStep } from '../../../operations/ci/rotation.ts'
import { Problem } from '../../../operations/problem.ts'

const STAYS = { moved: false }
const entries = (...ids: readonly string[]) =>
  ids.map((text) => {
    const [, mark = '', id = ''] = text.match(/^([!-]?)(.+)$/) ?? []
    return { id, adopted: mark === '!', retired: mark === '-' }
  })

describe('nextStep, of a rotation', () => {
  const cases = [
    [['1'], { kind: 'add', id: '2' }],
    [['1', '2'], { kind: 'activate', id: '2' }],
    [['2', '1'], { kind: 'move', from: ['1'] }],
    [['2', '-1'], { kind: 'remove', ids: ['1'] }],
    [['9'], { kind: 'add', id: '10' }],
    [['9', '10'], { kind: 'activate', id: '10' }],
    [['!rule'], { kind: 'add', id: '1' }],
    [['!rule', '1'], { kind: 'activate', id: '1' }],
    [['1', '!rule'], { kind: 'move', from: ['rule'] }],
    [['2026-9', '2026-11'], { kind: 'activate', id: '2026-11' }],
    [['2', '!1', '1-1'], { kind: 'move', from: ['1', '1-1'] }],
  ] as const
  for (const [ids, step] of cases) {
    it(`goes from ${ids.join(', ')} to ${step.kind}`, () => {
      assert.deepEqual(nextStep(entries(...ids), STAYS), step)
    })
  }

  it('retires every older password once the users are moved', () => {
    const step = nextStep(entries('3', '2', '1'), { moved: true })
    assert.deepEqual(step, { kind: 'retire', ids: ['2', '1'] })
  })

  it('refuses --moved where the newest password is not on top, as after a roll-back, and says what to do', () => {
    assert.throws(
      () => nextStep(entries('1', '2'), { moved: true }),
      (error) =>
        error instanceof Problem &&
        /1 is on top.* To use 2, leave out --moved.* To stay with 1.*`npm run passwords`.* --newest beside --moved/.test(
          error.message,
        ),
    )
    const stay = nextStep(entries('1', '2'), { moved: true, newest: '1' })
    assert.deepEqual(stay, { kind: 'retire', ids: ['2'] })
  })

  it('refuses --moved where no older password is in use', () => {
    for (const ids of [['2', '-1'], ['2']]) {
      assert.throws(() => nextStep(entries(...ids), { moved: true }), /2 alone is in use\. Leave it out/)
    }
  })

  it('asks where the ids say nothing', () => {
    assert.throws(() => nextStep(entries('a', 'b'), STAYS), /name it with --newest/)
    assert.deepEqual(nextStep(entries('a', 'b'), { moved: false, newest: 'b' }), {
      kind: 'activate',
      id: 'b',
    })
    assert.throws(() => nextStep(entries('a', 'b'), { moved: false, newest: 'c' }), /not in use/)
    assert.throws(() => nextStep(entries('2026-11'), STAYS), /--id <id>/)
    assert.throws(() => nextStep(entries('1'), { moved: false, id: '1' }), /already/)
    assert.throws(() => nextStep(entries('1'), { moved: false, id: 'No' }), /--id must be/)
    assert.throws(() => nextStep(entries('-1'), STAYS), Problem)
  })
})

describe('rotate, the file of a stack', () => {
  const FILE = `encryptionsalt: v1:abc=:def
config:
  # The shop's application.
  backendless-login:appId: 00000000-0000-0000-0000-000000000000 # yours
  backendless-login:apiKey:
    secure: AAABAOKdk1T6W0gq3J9Z8c7vB2nM5xY4wQeRtUiOpLkJhGfDsAzXcVbNmQwErTyUiOpLkJhGfDsAzXcVbNm==

  backendless-login:clients:
    - YourApplicationsClientId # the shop
  backendless-login:passwords:
    # From the rule; see the vault.
    - id: rule
      value:
        secure: AAABAJ9Z8c7vB2nM5xY4wQeRtUiOpLkJhGfDsAzXcVbNmQwErTyUiOpLkJhGfDsAzXcVbNmAAAAAAAAAAAAAAAAAAA==
  backendless-login:onFailure: skip
`
  const idsIn = (text: string) =>
    parse(text).config['backendless-login:passwords'].map((entry: { id: string; retired?: boolean }) =>
      entry.retired ? `${entry.id} retired` : entry.id,
    )
  const step = (text: string, moved = false) => rotate('dev', text, { moved })

  it('makes all five steps, and keeps every comment and encrypted value', () => {
    const seen: unknown[] = []
    let text = FILE
    for (const moved of [false, false, true, false]) {
      text = step(text, moved).file ?? assert.fail('this step changes the file')
      seen.push(idsIn(text))
    }
    assert.deepEqual(seen, [['rule', '1'], ['1', 'rule'], ['1', 'rule retired'], ['1']])
    for (const kept of [
      '# The shop',
      '# yours',
      '# the shop',
      'encryptionsalt: v1:abc=:def',
      'wErTyUiOpLkJ',
    ]) {
      assert.ok(text.includes(kept), kept)
    }
  })

  it('changes only the lines of the passwords', () => {
    const after = step(FILE).file ?? ''
    const lines = new Set(after.split('\n'))
    assert.deepEqual(
      FILE.split('\n').filter((line) => !lines.has(line)),
      [],
    )
    assert.deepEqual(
      after.split('\n').filter((line) => !FILE.split('\n').includes(line)),
      ['    - id: "1"'],
    )
  })

  it('writes the list where there is only the default', () => {
    const after = step('config:\n    backendless-login:appId: abc # yours\n').file ?? ''
    assert.deepEqual(idsIn(after), ['1', '2'])
    assert.match(after, /^ {4}backendless-login:appId: abc # yours$/m)
  })

  it('keeps a list in brackets as it is written', () => {
    const after = step('config:\n  backendless-login:passwords: [{ id: "1" }]\n').file ?? ''
    assert.match(after, /passwords: \[ ?\{ id: "1" \}, \{ id: "2" \} ?\]/)
  })

  it('changes nothing while users are to be moved, and says how', () => {
    const { file, body, title } = step('config:\n  backendless-login:passwords: [{ id: "2" }, { id: "1" }]\n')
    assert.equal(file, undefined)
    assert.match(title, /step 3 of 5/)
    assert.match(body, /npm run passwords -- --stack dev --apply/)
    assert.match(body, /Can be retired: 1/)
  })

  it('refuses a file that is not the configuration of a stack', () => {
    for (const text of ['', '- a', 'config: [', 'config:\n  backendless-login:passwords: none\n']) {
      assert.throws(() => step(text), Problem)
    }
  })
})
