// Compares tables of the documents with the code.
import assert from 'node:assert/strict'
import { ADMINISTERED, PERSONAL } from '../../actions/backendless-login/address.ts'
import { API_KEY_SECRET, APP_ID_SECRET, passwordSecret } from '../../actions/backendless-login/settings.ts'
import { read, tableBelow } from './documents.ts'

describe('docs/settings.md', () => {
  it('has the names of the secrets that the Action reads', () => {
    const names = tableBelow(read('docs/settings.md'), '## Secrets').map(([name = '']) =>
      name.replaceAll('`', ''),
    )
    assert.deepEqual(names, [APP_ID_SECRET, API_KEY_SECRET, 'PASSWORD_<ID>'])
    assert.equal(passwordSecret('2026-11'), 'PASSWORD_2026_11')
    assert.match(read('docs/settings.md'), /`PASSWORD_2026_11` for the id `2026-11`/)
  })
})

describe('docs/addresses.md', () => {
  it('has the strategies that the Action knows, and the reason for each that is not trusted by default', () => {
    const page = read('docs/addresses.md')
    const named = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name).toSorted()
    const kinds = tableBelow(page, '## Strategies').map(([, cell]) => named(cell))
    assert.deepEqual(kinds, [[...PERSONAL].toSorted(), [...ADMINISTERED].toSorted()])
    const [, reasons = ''] = page.split('Why the second group is not trusted by default:')
    const explained = [...reasons.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) => named(cell))
    assert.deepEqual(explained.toSorted(), [...ADMINISTERED].toSorted())
  })
})

describe('README.md, as a reader meets it', () => {
  it('has 1,500 words at most', () => {
    assert.ok(read('README.md').trim().split(/\s+/).length <= 1_500)
  })
})
