import assert from 'node:assert/strict'
import { differencesIn } from '../../../operations/ci/differences.ts'

const URN = 'urn:pulumi:dev::backendless-login::backendless-login:index:BackendlessLogin'
const ACTION = `${URN}$auth0:index/action:Action::backendless-login`

const plan = (...steps: readonly object[]) => differencesIn(JSON.stringify({ steps }))

function update(
  key: string,
  tenant: unknown,
  configured: unknown,
  detailedDiff: object = { [key]: {} },
): object {
  return {
    op: 'update',
    urn: ACTION,
    oldState: { inputs: { [key]: configured }, outputs: { [key]: tenant } },
    newState: { inputs: { [key]: configured } },
    detailedDiff,
  }
}

describe('differencesIn, a plan', () => {
  it('names what differs, and shows it from the tenant to what would be deployed', () => {
    assert.deepEqual(plan(update('runtime', 'node18', 'node22')), {
      sentences: ['Action `backendless-login` differs in `runtime`.'],
      diff: ['@@ runtime, line 1 @@', '-node18', '+node22'],
    })
  })

  it('shows three lines around a change in the middle of the code', () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index + 1}`)
    const found = plan(update('code', lines.toSpliced(886, 1, 'an edit').join('\n'), lines.join('\n')))
    assert.deepEqual(found?.diff, [
      '@@ code, line 884 @@',
      ...[
        ' line 884',
        ' line 885',
        ' line 886',
        '-an edit',
        '+line 887',
        ' line 888',
        ' line 889',
        ' line 890',
      ],
    ])
  })

  it('shows a nested property as JSON, and names the property that holds it', () => {
    const found = plan(
      update('dependencies', [{ name: 'axios', version: '1.0.0' }], [{ name: 'axios', version: '1.21.1' }], {
        'dependencies[0].version': {},
      }),
    )
    assert.deepEqual(found?.sentences, ['Action `backendless-login` differs in `dependencies`.'])
    assert.ok(found?.diff.includes('-    "version": "1.0.0"'))
  })

  it('shows no secret, and shows code that contains the word [secret]', () => {
    assert.deepEqual(plan(update('secrets', '[secret]', '[secret]')), {
      sentences: ['Action `backendless-login` differs in `secrets` (secret: not shown).'],
      diff: [],
    })
    assert.deepEqual(plan(update('secrets', [{ value: 'leaked' }], [{ value: '[secret]' }]))?.diff, [])
    assert.ok(plan(update('code', "return '[secret]'", 'return 1'))?.diff.includes("-return '[secret]'"))
  })

  it('reads what the original providers add: an added password, and properties of their own', () => {
    const secrets = ['[secret]', '[secret]']
    const inputs = { __defaults: [], secrets }
    const step = {
      op: 'update',
      urn: ACTION,
      oldState: { inputs, outputs: { __meta: '{}', secrets } },
      newState: { inputs: { ...inputs, secrets: [...secrets, '[secret]'] } },
      detailedDiff: { 'secrets[2]': { kind: 'add' } },
      diffReasons: ['secrets'],
    }
    assert.deepEqual(plan(step), {
      sentences: ['Action `backendless-login` differs in `secrets` (secret: not shown).'],
      diff: [],
    })
  })

  it('says what is missing, what is left over and what would be replaced', () => {
    const steps = ['create', 'delete', 'replace', 'same', 'refresh'].map((op) => ({ op, urn: ACTION }))
    assert.deepEqual(plan(...steps)?.sentences, [
      'Action `backendless-login` is missing in the tenant.',
      'Action `backendless-login` is not configured here any more: a deployment would delete it.',
      'Action `backendless-login` would be replaced.',
    ])
  })

  it('is undefined for output that is not a plan', () => {
    assert.equal(differencesIn('error: no stack'), undefined)
  })
})
